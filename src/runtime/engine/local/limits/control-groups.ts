/**
 * Limits that the kernel holds: each dyno in a control group of its own (cgroup v2), which ends at
 * twice its quota of memory (R15) and refuses more processes than its size allows. Nothing of it
 * can leave, whatever it does, and all of it can be killed at once.
 */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Quota } from '../usage/sizes.js';
import { type Delegation, findDelegation } from './delegation.js';

/** The control group of one dyno. */
export class ControlGroup {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The same program, which enters the group before it begins. */
  around(program: readonly [string, ...string[]]): readonly [string, ...string[]] {
    return ['/bin/sh', '-c', ENTER, 'paas-enter', `${this.#folder}/cgroup.procs`, ...program];
  }

  /** Everything that runs in it. */
  get members(): number[] {
    return read(join(this.#folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
  }

  /** Ends all of them at once: none can fork away. */
  kill(): void {
    write(join(this.#folder, 'cgroup.kill'), '1');
  }

  /** True when the kernel ended it for its memory. */
  get outOfMemory(): boolean {
    return event(read(join(this.#folder, 'memory.events')), 'oom_kill') > 0;
  }

  /** How often it was refused another process. */
  get refusals(): number {
    return event(read(join(this.#folder, 'pids.events')), 'max');
  }

  /** For when nothing of it runs. */
  remove(): void {
    removeGroup(this.#folder);
  }
}

/** All control groups of one engine. */
export class ControlGroups {
  readonly #delegation: Delegation;
  /** Before the id of a dyno. */
  readonly #prefix: string;
  /** Where this process waits meanwhile: a group that is divided may hold no process itself. */
  readonly #waiting: string;

  private constructor(delegation: Delegation, runId: string) {
    this.#delegation = delegation;
    this.#prefix = join(delegation.folder, `paas-${runId.slice(0, 8)}-`);
    this.#waiting = `${this.#prefix}platform`;
  }

  /** @returns undefined where the system does not let us divide a control group */
  static open(runId: string): ControlGroups | undefined {
    const delegation = findDelegation();
    if (typeof delegation === 'string') return undefined;
    const groups = new ControlGroups(delegation, runId);
    if (delegation.dormant.length === 0 || groups.#wake()) return groups;
    groups.close();
    return undefined;
  }

  /** What the folders of all of them begin with. */
  get prefix(): string {
    return this.#prefix;
  }

  /** @returns undefined where it cannot be made */
  make(id: string, quota: Quota): ControlGroup | undefined {
    const folder = `${this.#prefix}${id.slice(0, 8)}`;
    try {
      mkdirSync(folder);
    } catch {
      return undefined;
    }
    write(join(folder, 'memory.max'), String(2 * quota.memory));
    // Swap would only delay it; and the whole dyno ends, as on Heroku, not one process of it.
    write(join(folder, 'memory.swap.max'), '0');
    write(join(folder, 'memory.oom.group'), '1');
    write(join(folder, 'pids.max'), String(quota.processes));
    return new ControlGroup(folder);
  }

  /** Leaves everything as it was. */
  close(): void {
    const { folder, dormant } = this.#delegation;
    for (const name of namesIn(dirname(this.#prefix))) {
      const group = join(folder, name);
      if (name.startsWith(basename(this.#prefix)) && group !== this.#waiting) removeGroup(group);
    }
    if (dormant.length === 0) return;
    write(join(folder, 'cgroup.subtree_control'), dormant.map((name) => `-${name}`).join(' '));
    this.#moveAll(this.#waiting, folder);
    removeGroup(this.#waiting);
  }

  // Private

  /** Switches the controllers on, with everybody out of the way. */
  #wake(): boolean {
    const { folder, dormant } = this.#delegation;
    try {
      mkdirSync(this.#waiting);
    } catch {
      return false;
    }
    this.#moveAll(folder, this.#waiting);
    return write(join(folder, 'cgroup.subtree_control'), dormant.map((c) => `+${c}`).join(' '));
  }

  #moveAll(from: string, to: string): void {
    for (const pid of read(join(from, 'cgroup.procs')).split('\n').filter(Boolean)) {
      write(join(to, 'cgroup.procs'), pid);
    }
  }
}

/** POSIX sh. $1 is a list of members: 0 is who writes. Then the rest runs in its place. */
const ENTER = 'echo 0 2>/dev/null >"$1"; shift; exec "$@"';

function event(events: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(events)?.[1] ?? 0);
}

/** Empty where there is no such file: an older kernel, or the dyno is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @returns false where the kernel does not have it, or does not let us */
function write(file: string, text: string): boolean {
  try {
    writeFileSync(file, text);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeGroup(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody is just dying in it: it goes at the end of the platform, or with its guard.
  }
}
