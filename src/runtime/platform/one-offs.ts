/**
 * One-off dynos that the caller runs on its own terminal (`paas run bash`): the platform gives them
 * a name, lists them and writes Heroku's lines about them; the process itself is a child of the
 * command line, so that it has a real terminal.
 */

import type { GuestHost, GuestStart } from '../engine/engine.js';
import { newId } from '../identity.js';
import type { Dyno, DynoStatus } from '../model.js';
import type { Platform } from './platform.js';

/** ms that a caller has to open its lease (R13). */
const ATTACH_LIMIT = 15_000;
/** 128 + SIGHUP, 128 + SIGKILL: of whom nobody can ask any more. */
const HUNG_UP = 129;
const KILLED = 137;

/** What a caller says of the one-off that it wants to run itself. */
export interface OneOffWish {
  readonly command: string;
  readonly size: string;
  readonly env: Readonly<Record<string, string>>;
  /** The size of its terminal, when it has one. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
}

/** What a caller needs to run it. */
export interface LocalRun {
  readonly dyno: Dyno;
  readonly start: GuestStart;
}

export class OneOffs {
  private readonly attached = new Map<string, Dyno>();
  private readonly unclaimed = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly platform: Platform,
    private readonly host: GuestHost,
  ) {}

  /**
   * Names a one-off dyno and says how to run it. It is listed until it has ended.
   * @throws PlatformError unavailable when it cannot be prepared
   */
  async attach(app: string, { command, size, env, terminal }: OneOffWish): Promise<LocalRun> {
    const manifest = this.platform.manifest(app);
    const dyno = this.newDyno(manifest.app.id, manifest.release.version, command, size);
    const start = await this.host.welcome(
      {
        id: dyno.id,
        name: dyno.name,
        manifest,
        type: 'run',
        command: this.expand(app, command),
        size,
        env,
        ...(terminal ? { terminal } : {}),
      },
      (line) => this.say(dyno, line),
    );
    this.attached.set(dyno.id, dyno);
    this.say(dyno, `Starting process with command \`${dyno.command}\``);
    this.say(dyno, 'State changed from starting to up');
    const late = setTimeout(() => void this.neverCame(dyno), ATTACH_LIMIT);
    this.unclaimed.set(dyno.id, late.unref());
    return { dyno, start };
  }

  /** Its caller is there, and holds on to it until `ended`. */
  claim(app: string, name: string): void {
    const dyno = this.named(app, name);
    if (dyno) clearTimeout(this.unclaimed.get(dyno.id));
    if (dyno) this.unclaimed.delete(dyno.id);
  }

  /**
   * The process of an attached one-off has ended, or its caller is gone: then it is hung up.
   * Resolves when nothing of it runs any more.
   * @param exitStatus undefined when nobody is left to say it
   */
  async ended(app: string, name: string, exitStatus: number | undefined): Promise<void> {
    const dyno = this.named(app, name);
    if (!dyno) return;
    if (exitStatus !== undefined) {
      await this.host.farewell(dyno.id, ['SIGHUP', 'SIGTERM'], () => undefined);
      return this.complete(dyno, exitStatus);
    }
    this.say(dyno, 'Client connection closed. Sending SIGHUP to all processes');
    const outcome = await this.host.farewell(dyno.id, ['SIGHUP'], () => {
      this.say(dyno, R16);
      this.say(dyno, 'Stopping remaining processes with SIGKILL');
    });
    this.complete(dyno, outcome === 'killed' ? KILLED : HUNG_UP);
  }

  /** Stops one of them. @returns false when there is none of that name */
  async stop(app: string, name: string): Promise<boolean> {
    const dyno = this.named(app, name);
    if (!dyno) return false;
    this.say(dyno, 'Stopping all processes with SIGTERM');
    await this.host.farewell(dyno.id, ['SIGHUP', 'SIGTERM'], () => undefined);
    return true;
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

  private named(app: string, name: string): Dyno | undefined {
    return this.list(app).find((dyno) => dyno.name === name);
  }

  private async neverCame(dyno: Dyno): Promise<void> {
    this.say(dyno, 'Error R13 (Attach error) -> Failed to attach to process');
    await this.host.farewell(dyno.id, ['SIGHUP', 'SIGTERM'], () => undefined);
    this.complete(dyno, HUNG_UP);
  }

  private complete(dyno: Dyno, exitStatus: number): void {
    if (!this.attached.delete(dyno.id)) return;
    this.say(dyno, `Process exited with status ${exitStatus}`);
    this.say(dyno, 'State changed from up to complete');
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

const R16 =
  'Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.';

/** The number of a one-off dyno, as Heroku gives them. */
function fourDigits(): number {
  return 1000 + Math.floor(Math.random() * 9000);
}
