/** How a failed command ends: one sentence and an exit status. Pure. */
import { PlatformError } from '../runtime/errors.js';

/** What the user is told of an error. */
export interface Failure {
  /** Id of the API's error, or `usage` for a command line that could not be understood. */
  readonly id: string;
  readonly message: string;
  /** 1: it failed; 2: it was asked wrongly. */
  readonly exitStatus: number;
}

/** A command line that cannot be understood: the exit status is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The program was ended on purpose with this status, and everything was said already. */
export class ExitStatus extends Error {
  override readonly name = 'ExitStatus';
  constructor(readonly exitStatus: number) {
    super(`exit ${exitStatus}`);
  }
}

/** Turns whatever a command threw into what the user is told. */
export function describeFailure(error: unknown): Failure {
  // By name: help is bundled apart, with classes of its own.
  if (error instanceof Error && error.name === 'UsageError') return usage(error.message);
  if (error instanceof PlatformError) {
    const wrong = error.id === 'bad_request' || error.id === 'invalid_params';
    const exitStatus = error.details.exitStatus ?? (wrong ? 2 : 1);
    return { id: error.id, message: error.message, exitStatus };
  }
  if (isParseError(error))
    return usage(`${parserSentence(error)} \`--help\` shows how it is used.`);
  const message = error instanceof Error ? error.message : String(error);
  return {
    id: 'internal_error',
    message: `${message || 'unknown error'} (a defect of paas: DEBUG=paas shows where).`,
    exitStatus: 1,
  };
}

function usage(message: string): Failure {
  return { id: 'usage', message, exitStatus: 2 };
}

/** oclif's parser marks its errors with what it parsed. */
interface ParseError extends Error {
  readonly parse: unknown;
  readonly flags?: readonly string[];
  readonly args?: readonly unknown[];
}

function isParseError(error: unknown): error is ParseError {
  return error instanceof Error && ('parse' in error || 'oclif' in error);
}

/** The parser's own words, as sentences on one line. */
function parserSentence(error: ParseError): string {
  const message = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^Nonexistent flags?: (.*)$/s, (_, flags) => `There is no flag ${flags} here.`)
    .replace(/^Unexpected arguments?: (.*)$/s, (_, args) => `Didn't expect "${args}".`)
    .replace(/^Missing \d+ required args?:?\s*/, 'Missing: ')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/\s*\n\s*/g, '; ')
    .replace(/\s{2,}/g, ' (')
    .trim();
  const closed = message.includes(' (') && !message.includes(')') ? `${message})` : message;
  return /[.!?]$/.test(closed) ? closed : `${closed}.`;
}
