/**
 * Whether the kernel can hold dynos to their limits here: a control group (cgroup v2) that is
 * ours to divide (https://docs.kernel.org/admin-guide/cgroup-v2.html#delegation).
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const CONTROLLERS = ['memory', 'pids'] as const;
export type Controller = (typeof CONTROLLERS)[number];

/** The control group that this process is in, and may make others in. */
export interface Delegation {
  readonly folder: string;
  /** What the kernel can limit there. */
  readonly controllers: readonly Controller[];
  /** Those of them that have to be switched on first, which asks that no process is left in it. */
  readonly dormant: readonly Controller[];
}

/** How to get one, where systemd runs. */
export const DELEGATE = 'systemd-run --user --scope -p Delegate=yes paas local start';

/** @returns the delegation, or why there is none. Changes nothing. */
export function findDelegation(): Delegation | string {
  if (process.platform !== 'linux') return 'control groups are for Linux';
  try {
    const folder = ownGroup(text('/proc/self/cgroup'), text('/proc/self/mountinfo'));
    if (folder === undefined) return 'cgroup v2 is not mounted';
    const offered = words(join(folder, 'cgroup.controllers'));
    const controllers = CONTROLLERS.filter((name) => offered.includes(name));
    if (controllers.length === 0) return 'the control group of this terminal limits nothing';
    for (const file of ['', 'cgroup.procs', 'cgroup.subtree_control']) {
      accessSync(join(folder, file), constants.W_OK);
    }
    const awake = words(join(folder, 'cgroup.subtree_control'));
    const dormant = controllers.filter((name) => !awake.includes(name));
    const inTheWay = dormant.length > 0 ? strangers(folder) : [];
    if (inTheWay.length > 0) return 'other programs share the control group of this terminal';
    return { folder, controllers, dormant };
  } catch {
    return 'the control group of this terminal is not ours to divide';
  }
}

/**
 * Folder of the control group of a process.
 * @param cgroup /proc/PID/cgroup; @param mountinfo /proc/PID/mountinfo (proc(5))
 */
export function ownGroup(cgroup: string, mountinfo: string): string | undefined {
  const path = /^0::(\/.*)$/m.exec(cgroup)?.[1];
  const mount = mountinfo.split('\n').find((line) => / - cgroup2 /.test(line));
  const [, , , root, point] = mount?.split(' ') ?? [];
  if (path === undefined || root === undefined || point === undefined) return undefined;
  const below = relative(root, path);
  return below.startsWith('..') ? undefined : join(point, below);
}

/** Pids in a group that are neither this process nor what it was started by and for. */
function strangers(folder: string): number[] {
  const inside = words(join(folder, 'cgroup.procs')).map(Number);
  const family = new Set([process.pid, ...ancestors(inside)]);
  const shell = [...family].find((pid) => pid !== process.pid && pid !== 1 && isSessionLeader(pid));
  // Somebody's own shell is not moved about.
  if (shell !== undefined) return [shell];
  return inside.filter((pid) => !family.has(pid) && !family.has(parentOf(pid)));
}

/** Those of our ancestors that are in the group too: npm and its shell. */
function ancestors(inside: readonly number[]): number[] {
  const found: number[] = [];
  for (let pid = process.ppid; inside.includes(pid); pid = parentOf(pid)) found.push(pid);
  return found;
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1] ?? 0);
}

function isSessionLeader(pid: number): boolean {
  return Number(statOf(pid)[3]) === pid;
}

/** Fields of /proc/PID/stat behind the name, which may hold anything. */
function statOf(pid: number): string[] {
  try {
    const stat = text(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return []; // ended meanwhile
  }
}

function words(file: string): string[] {
  return text(file)
    .split(/\s+/)
    .filter((word) => word !== '');
}

function text(file: string): string {
  return readFileSync(file, 'utf8');
}
