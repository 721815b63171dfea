/** `paas local start`: the platform itself, in the foreground. */
import { resolve } from 'node:path';
import { isatty } from 'node:tty';
import { askToCreate } from '../../cli/addons/first-start.js';
import { Command, Flags } from '../../cli/command.js';
import { UsageError } from '../../cli/failure.js';
import { foreground } from '../../cli/foreground.js';
import { FORMATS } from '../../cli/log/format.js';
import { optionWords, readOptionsFile } from '../../cli/options-file.js';
import { PlatformError } from '../../runtime/errors.js';
import { Runtime } from '../../runtime/runtime.js';
import { addonsToAskFor } from '../../runtime/wiring/first-addons.js';

/** Seconds between SIGTERM and SIGKILL: foreman's, and Heroku's. */
const GRACE = 5;
const HEROKU_GRACE = 30;

export default class LocalStart extends Command {
  static override description = `Run the app of this folder as it would run in production
Every process type of the Procfile runs as dynos, behind a router, with one log stream.
Other commands work beside it from any terminal: paas ps, scale, logs, restart, run, config.
Ctrl-C stops everything, a second Ctrl-C at once.`;

  static override examples = [
    'paas local start',
    'paas local start web worker --watch',
    'paas local start -m web=2,worker=1 -p 7000',
    'paas local start -f Procfile.dev -e .env,.env.local',
  ];

  /** Types to run. Declared as arguments, oclif would look for one on stdin first, and wait. */
  static override strict = false;

  static override usage = 'local start [TYPE...] [FLAGS]';

  static override flags = {
    procfile: Flags.string({ char: 'f', description: 'path of the Procfile', helpValue: 'FILE' }),
    env: Flags.string({
      char: 'e',
      description: 'env files, a list or several times; later ones win (default .env)',
      helpValue: 'FILES',
      multiple: true,
      multipleNonGreedy: true,
    }),
    port: Flags.integer({
      char: 'p',
      description: 'port of the router (default PORT of .env, else 5006)',
      min: 0,
      max: 65_535,
    }),
    host: Flags.string({
      description: 'address to listen on; 0.0.0.0 lets the whole network in',
      default: 'localhost',
    }),
    https: Flags.boolean({
      description: 'serve HTTPS and HTTP/2, by a local authority (paas certs:trust)',
    }),
    cache: Flags.option({
      options: ['off', 'explicit', 'heuristic'] as const,
      description: 'HTTP cache: of answers that state their freshness, or guessed too',
      default: 'explicit',
    })(),
    'no-cache': Flags.boolean({ description: 'short for --cache off' }),
    balancing: Flags.option({
      options: ['round-robin', 'least-connections', 'random'] as const,
      description: 'which web dyno takes the next request',
      default: 'round-robin',
    })(),
    limit: Flags.string({
      description:
        "a limit of the router, in ms or bytes, such as firstByte=5000; Heroku's by default",
      helpValue: 'NAME=NUMBER',
      multiple: true,
      multipleNonGreedy: true,
    }),
    faithful: Flags.boolean({
      description: "Heroku's own times: restarts after crashes, 30 s to stop, daily cycling",
    }),
    formation: Flags.string({
      char: 'm',
      aliases: ['concurrency'],
      charAliases: ['c'],
      description: 'how many of each, such as web=2,worker=1,all=1',
    }),
    dir: Flags.string({ char: 'd', description: "the app's folder", default: '.' }),
    except: Flags.string({
      char: 'x',
      description: 'process types not to run',
      helpValue: 'TYPES',
      multiple: true,
      multipleNonGreedy: true,
    }),
    tty: Flags.string({
      description: 'process types that get a terminal of their own, for paas attach',
      helpValue: 'TYPES',
      multiple: true,
      multipleNonGreedy: true,
    }),
    timeout: Flags.integer({
      char: 't',
      description: 'seconds between SIGTERM and SIGKILL (default 5; 30 with --faithful)',
      min: 0,
      max: 3600,
    }),
    isolate: Flags.boolean({
      description: 'give each dyno its own copy of the app; on Linux in a sandbox (bubblewrap)',
    }),
    yes: Flags.boolean({
      char: 'y',
      description: 'create the add-ons that app.json asks for, without a question',
    }),
    'fork-databases': Flags.boolean({
      description: 'in a git work tree: begin with copies of the databases of the main one',
    }),
    watch: Flags.boolean({ description: 'restart when source files change' }),
    detach: Flags.boolean({ char: 'D', description: 'run in the background' }),
    'exit-on-crash': Flags.boolean({
      description: 'end everything when one dyno exits, with its exit status',
    }),
    format: Flags.option({ options: FORMATS, description: 'form of the log lines' })({
      default: 'foreman',
    }),
    mask: Flags.option({
      options: ['none', 'platform', 'all'] as const,
      description: 'whose log lines have passwords and secret config vars hidden',
      default: 'platform',
    })(),
    timestamps: Flags.boolean({
      description: 'show the time of each line',
      default: true,
      allowNo: true,
    }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parseWithFile();
    const directory = resolve(flags.dir);
    const location = {
      directory,
      ...(flags.procfile === undefined ? {} : { procfile: flags.procfile }),
      ...(flags.env === undefined ? {} : { envFiles: list(flags.env) }),
    };
    const create = flags.yes || (await this.asksToCreate(location));
    if (flags.detach) {
      const { isInBackground, startInBackground } = await import('../../cli/background.js');
      if (!isInBackground()) {
        const argv = create && !flags.yes ? [...this.argv, '--yes'] : this.argv;
        await startInBackground(directory, argv, (data, words) => this.show(data, () => words));
        return;
      }
    }
    if (!isLoopback(flags.host)) {
      this.say(`Warning: with --host ${flags.host} everybody on your network can reach this app.`);
    }
    await foreground(
      (listener) =>
        Runtime.start({
          location,
          selection: {
            only: argv as string[],
            except: list(flags.except ?? []),
            tty: list(flags.tty ?? []),
            ...(flags.formation === undefined ? {} : { formation: flags.formation }),
          },
          ...(flags.port === undefined ? {} : { port: flags.port }),
          router: {
            host: flags.host,
            scheme: flags.https ? 'https' : 'http',
            balancing: flags.balancing,
            cache: flags['no-cache'] ? 'off' : flags.cache,
            limits: Object.fromEntries((flags.limit ?? []).map(parseLimit)),
          },
          grace: 1000 * (flags.timeout ?? (flags.faithful ? HEROKU_GRACE : GRACE)),
          timing: flags.faithful ? 'heroku' : 'local',
          isolation: flags.isolate ? 'sandbox' : 'none',
          addons: { create, fork: flags['fork-databases'] },
          watch: flags.watch,
          mask: flags.mask,
          color: this.paint.enabled,
          environment: process.env,
          ...listener,
        }),
      {
        format: flags.json ? 'json' : flags.format,
        timestamps: flags.timestamps ? 'shown' : 'hidden',
        colour: this.paint.enabled ? 'coloured' : 'plain',
        onExit: flags['exit-on-crash'] ? 'end' : 'restart',
      },
    );
  }

  /** Before the first start only, on a terminal only. What is wrong with the folder, the start says. */
  private async asksToCreate(location: Parameters<typeof addonsToAskFor>[0]): Promise<boolean> {
    // To make `process.stdin` for the question takes as long as a dyno.
    if (!isatty(0)) return false;
    try {
      return await askToCreate(addonsToAskFor(location));
    } catch (error) {
      if (error instanceof PlatformError) return false;
      throw error;
    }
  }

  /** The options of the folder's file, and those that were typed on top of them. */
  private async parseWithFile() {
    const typed = await this.parse(LocalStart);
    const text = readOptionsFile(resolve(typed.flags.dir));
    if (text === undefined) return typed;
    const given = typed.raw.flatMap((token) => (token.type === 'flag' ? [token.flag] : []));
    const words = optionWords(text, new Set(Object.keys(LocalStart.flags)), new Set(given));
    return this.parse(LocalStart, [...words, ...this.argv]);
  }
}

/** `a,b` and repeated flags are one list. */
function list(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((value) => value !== '');
}

/** `firstByte=5000`; which names there are, the router knows. */
function parseLimit(text: string): [string, number] {
  const [, name, number] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError(
      `Can't read the limit ${JSON.stringify(text)}. Write it like --limit firstByte=5000.`,
    );
  }
  return [name, Number(number)];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
