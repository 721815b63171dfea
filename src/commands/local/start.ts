/** `paas local start`: the platform itself, in the foreground. */
import { resolve } from 'node:path';
import { Command, Flags } from '../../cli/command.js';
import { foreground } from '../../cli/foreground.js';
import { FORMATS } from '../../cli/log/format.js';

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
    host: Flags.string({ description: 'address to listen on', default: 'localhost' }),
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
    timeout: Flags.integer({
      char: 't',
      description: 'seconds between SIGTERM and SIGKILL',
      default: 5,
      min: 0,
      max: 3600,
    }),
    watch: Flags.boolean({ description: 'restart when source files change' }),
    detach: Flags.boolean({ char: 'D', description: 'run in the background' }),
    'exit-on-crash': Flags.boolean({
      description: 'end everything when one dyno exits, with its exit status',
    }),
    format: Flags.option({ options: FORMATS, description: 'form of the log lines' })({
      default: 'foreman',
    }),
    timestamps: Flags.boolean({
      description: 'show the time of each line',
      default: true,
      allowNo: true,
    }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(LocalStart);
    const directory = resolve(flags.dir);
    if (flags.detach) {
      const { startInBackground } = await import('../../cli/background.js');
      await startInBackground(directory, this.argv, (data, words) => this.show(data, () => words));
      return;
    }
    const { Runtime } = await import('../../runtime/runtime.js');
    await foreground(
      (listener) =>
        Runtime.start({
          location: {
            directory,
            ...(flags.procfile === undefined ? {} : { procfile: flags.procfile }),
            ...(flags.env === undefined ? {} : { envFiles: list(flags.env) }),
          },
          selection: {
            only: argv as string[],
            except: list(flags.except ?? []),
            ...(flags.formation === undefined ? {} : { formation: flags.formation }),
          },
          ...(flags.port === undefined ? {} : { port: flags.port }),
          host: flags.host,
          grace: flags.timeout * 1000,
          watch: flags.watch,
          color: this.paint.enabled,
          environment: process.env,
          ...listener,
        }),
      {
        format: flags.format,
        timestamps: flags.timestamps ? 'shown' : 'hidden',
        colour: this.paint.enabled ? 'coloured' : 'plain',
        onExit: flags['exit-on-crash'] ? 'end' : 'restart',
      },
    );
  }
}

/** `a,b` and repeated flags are one list. */
function list(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((value) => value !== '');
}
