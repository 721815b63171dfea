/** How a failed command ends: one sentence and an exit status. Pure. */
import { PlatformError } from '../runtime/errors.js';
import { isParseError, misuse } from './misuse.js';

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
  if (isParseError(error)) return usage(misuse(error));
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
