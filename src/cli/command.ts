/**
 * The base of every command. It has the shape that oclif's help and manifest read (static `flags`,
 * `args`, `description`, `examples` …) and uses oclif's parser, but not oclif's loader: what a
 * command does not need is not loaded, which is most of the time between Enter and the answer.
 */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type {
  ArgInput,
  FlagInput,
  Input,
  OutputArgs,
  OutputFlags,
  ParserOutput,
} from '@oclif/core/parser';
import { parse } from '@oclif/core/parser';
import { type Paint, painter, wantsColor, wrap } from './terminal.js';

export { Args, Flags };

/** What a command's class tells about itself, for the manifest and the help. */
export interface CommandClass {
  readonly description: string;
  readonly examples: readonly string[];
  readonly aliases?: readonly string[];
  readonly args?: object;
  readonly strict: boolean;
  readonly passThrough: boolean;
  run(argv: readonly string[]): Promise<void>;
}

// biome-ignore-start lint/suspicious/noExplicitAny: oclif's own bounds of its inferred types
type AnyFlags = OutputFlags<any>;
type AnyArgs = OutputArgs<any>;
// biome-ignore-end lint/suspicious/noExplicitAny: as above

export abstract class Command {
  /** One line for the list of commands; further lines are shown in its own help. */
  static description: string;
  /** Command lines that work as they stand. */
  static examples: readonly string[] = [];
  /** Other names: `ps:scale`. */
  static aliases: string[] = [];
  static hidden = false;
  /** False: any number of words is accepted and left to the command. */
  static strict = true;
  /** Everything from the first word on belongs to another program, its flags too: `run ls -l`. */
  static passThrough = false;

  /** How it is called, where flags and arguments do not tell. */
  static usage: string | undefined;
  static flags: FlagInput = {};
  static args: ArgInput = {};

  static baseFlags = {
    json: Flags.boolean({ description: 'Print JSON', helpGroup: 'GLOBAL' }),
    color: Flags.boolean({
      description: 'Colour the output, or never do',
      allowNo: true,
      helpGroup: 'GLOBAL',
    }),
  };

  /** Runs the command. @param argv the words behind its name */
  static async run<T extends Command>(
    this: new (
      argv: readonly string[],
    ) => T,
    argv: readonly string[],
  ): Promise<void> {
    await new this(argv).run();
  }

  /** Colours for stdout; known once the flags are parsed. */
  protected paint: Paint = painter(false);
  private asJson = false;

  constructor(protected readonly argv: readonly string[]) {}

  /** Does the work. @throws PlatformError, UsageError */
  abstract run(): Promise<void>;

  /**
   * Reads flags and arguments as the class declares them.
   * @throws oclif's parse errors, which end with exit status 2
   */
  protected async parse<F extends AnyFlags, B extends AnyFlags, A extends AnyArgs>(
    declared: Input<F, B, A>,
    argv: readonly string[] = this.argv,
  ): Promise<ParserOutput<F, B, A>> {
    const { baseFlags, flags, ...rest } = declared;
    const parsed = await parse<F, B, A>([...argv], {
      args: fromWordsOnly(rest.args),
      strict: rest.strict,
      flags: { ...baseFlags, ...flags },
    } as Input<F, B, A>);
    this.asJson = parsed.flags['json'] === true;
    this.paint = painter(
      wantsColor(parsed.flags['color'], process.env, process.stdout.isTTY === true),
    );
    return parsed;
  }

  /**
   * Data, to stdout: as JSON where that was asked for, else as the text that `render` gives.
   * @param render undefined when there is nothing to print; an empty text is an empty line
   */
  protected show(data: unknown, render: () => string | undefined): void {
    const text = this.asJson ? JSON.stringify(data, null, 2) : render();
    if (text !== undefined) process.stdout.write(`${text}\n`);
  }

  /** Words about what happens, to stderr; nothing with `--json`. */
  protected say(text: string): void {
    if (this.asJson) return;
    const { isTTY, columns } = process.stderr;
    process.stderr.write(`${isTTY ? wrap(text, columns) : text}\n`);
  }

  /** What an action did: the sentence to stderr, or its data as JSON. */
  protected report(sentence: string, data: unknown): void {
    this.say(sentence);
    this.show(data, () => undefined);
  }

  /** Width of stdout in columns; Infinity where it is not a terminal. */
  protected get width(): number {
    return process.stdout.columns ?? Number.POSITIVE_INFINITY;
  }
}

/** oclif takes an argument that is missing from stdin, which is SQL, or a pipe that never ends. */
function fromWordsOnly(args: ArgInput = {}): ArgInput {
  return Object.fromEntries(
    Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]),
  );
}
