/**
 * One-off dynos that the caller runs on its own terminal (`paas run bash`): the platform gives them
 * a name and an environment, lists them and writes Heroku's lines about them; the process itself is
 * a child of the command line, so that it has a real terminal.
 */
import { newId } from '../identity.js';
import type { Dyno, DynoStatus } from '../model.js';
import type { Platform } from './platform.js';

/** What a caller needs to run a one-off dyno itself. */
export interface LocalRun {
  readonly dyno: Dyno;
  readonly command: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

export class OneOffs {
  private readonly attached = new Map<string, Dyno>();

  /** @param environment what the platform was started with; config vars lie on top of it */
  constructor(
    private readonly platform: Platform,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  /**
   * Names a one-off dyno and says how to run it. It is listed until `ended` is called.
   * @param command a shell command; a process type's name as its first word runs that type's command
   */
  attach(
    app: string,
    command: string,
    size: string,
    env: Readonly<Record<string, string>>,
  ): LocalRun {
    const manifest = this.platform.manifest(app);
    const dyno = this.newDyno(manifest.app.id, manifest.release.version, command, size);
    this.attached.set(dyno.id, dyno);
    this.say(dyno, `Starting process with command \`${dyno.command}\``);
    this.say(dyno, 'State changed from starting to up');
    const directory = manifest.slug.kind === 'directory' ? manifest.slug.directory : '.';
    const inherited = Object.entries(this.environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return {
      dyno,
      command: this.expand(app, command),
      directory,
      environment: {
        ...Object.fromEntries(inherited),
        ...manifest.config,
        ...env,
        DYNO: dyno.name,
        PS: dyno.name,
      },
    };
  }

  /** The process of an attached one-off has ended, or its caller is gone. */
  ended(app: string, name: string, exitStatus: number): void {
    const dyno = this.list(app).find((candidate) => candidate.name === name);
    if (!dyno) return;
    this.attached.delete(dyno.id);
    this.say(dyno, `Process exited with status ${exitStatus}`);
    this.say(dyno, 'State changed from up to complete');
  }

  /** Those that run now. */
  list(app: string): Dyno[] {
    const { id } = this.platform.find(app).app;
    return [...this.attached.values()].filter((dyno) => dyno.app === id);
  }

  /** A process type's name runs its command, with the rest appended (reference section 1.2). */
  expand(app: string, command: string): string {
    const [first = '', ...rest] = command.split(' ');
    const types = this.platform.manifest(app).processes;
    const declared = types.find(({ type }) => type === first)?.command;
    return declared === undefined ? command : [declared, ...rest].join(' ');
  }

  private newDyno(app: string, release: number, command: string, size: string): Dyno {
    const taken = new Set(this.list(app).map(({ slot }) => slot));
    let slot = fourDigits();
    while (taken.has(slot)) slot = fourDigits();
    const now = Date.now();
    const status: DynoStatus = { state: 'up' };
    return {
      id: newId(),
      app,
      type: 'run',
      slot,
      name: `run.${slot}`,
      command,
      size,
      release,
      status,
      restarts: 0,
      createdAt: now,
      updatedAt: now,
    };
  }

  private say(dyno: Dyno, text: string): void {
    this.platform.say(dyno.app, text, dyno.name, 'heroku');
  }
}

/** The number of a one-off dyno, as Heroku gives them. */
function fourDigits(): number {
  return 1000 + Math.floor(Math.random() * 9000);
}
