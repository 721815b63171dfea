/** The sandbox of a dyno: bubblewrap (https://github.com/containers/bubblewrap), Linux only. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell } from './cells.js';

/**
 * First process of a sandbox. It ends with the status of the command; everything else in the
 * sandbox ends with it, but after a signal it waits for the others, which may use their grace.
 * Its own words ("Terminated") are not for the log.
 */
const INIT = `
trap 'ending=1' TERM HUP INT
exec 3>&2 2>/dev/null
/bin/sh -c "$1" <&0 2>&3 3>&- &
child=$!
wait "$child"; status=$?
while [ "$status" -gt 128 ] && kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
while [ -n "$ending" ] && kill -0 -1 2>/dev/null; do sleep 0.05; done
exit "$status"
`;

/** The only shell that does jobs on a terminal whose foreground it cannot see from in there. */
const JOB_SHELL = '/bin/dash';

/**
 * The same on a terminal: the command has it as a job of its own, so that Ctrl-C ends that and not
 * the sandbox around it. A job that is suspended goes on: here is nobody to type `fg`.
 */
const TERMINAL_INIT = `
trap 'ending=1' TERM HUP
exec 5>&1 6>&2
status=$(${JOB_SHELL} -c "$2" paas-job "$1" 4>&1 2>/dev/null)
while [ -n "$ending" ] && kill -0 -1 2>/dev/null; do sleep 0.05; done
exit "\${status:-1}"
`;

/** 148 is 128 + SIGTSTP. */
const JOB = `
set -m
/bin/sh -c "$1" >&5 2>&6 4>&- 5>&- 6>&-
status=$?
while [ "$status" = 148 ]; do fg; status=$?; done
echo "$status" >&4
`;

/** Whether a dyno on a terminal can be in a sandbox. */
export function canHoldTerminals(): boolean {
  return existsSync(JOB_SHELL);
}

export interface SandboxPlan {
  readonly cell: Cell;
  /** The app's folder: the copy appears in its place, so that absolute paths go on to work. */
  readonly directory: string;
  /** Folders in it that are shared, read-only. */
  readonly shared: readonly string[];
  /** Folders outside it that no dyno may see. */
  readonly hidden: readonly string[];
  readonly command: string;
  /** It runs on a terminal. */
  readonly terminal: boolean;
}

/** @returns the program and its arguments. Pure. */
export function sandboxed(plan: SandboxPlan): string[] {
  const { cell, directory, shared, hidden, command, terminal } = plan;
  const init = terminal ? [TERMINAL_INIT, 'paas-init', command, JOB] : [INIT, 'paas-init', command];
  return [
    'bwrap',
    ...SYSTEM,
    ...['--bind', cell.temporary, '/tmp', '--tmpfs', '/var/tmp'],
    ...hidden.flatMap((folder) => ['--tmpfs', folder]),
    ...['--bind', cell.home, HOME],
    ...['--bind', cell.app, directory],
    ...shared.flatMap((name) => {
      const folder = join(directory, name);
      return ['--ro-bind', folder, folder];
    }),
    ...['--chdir', directory],
    ...['/bin/sh', '-c', ...init],
  ];
}

/** Where a sandboxed dyno has its home. */
export const HOME = '/tmp/home';

/** The network is shared: the router has to reach the dyno's port. */
const SYSTEM = [
  ...['--die-with-parent', '--unshare-pid', '--unshare-ipc', '--as-pid-1'],
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
];

/**
 * Whether dynos can be sandboxed here: the program may be missing, or the system may forbid what it
 * needs (unprivileged user namespaces).
 * @returns undefined when they can, else why not
 */
export function whyNoSandbox(): Promise<string | undefined> {
  if (process.platform !== 'linux') return Promise.resolve('bubblewrap is for Linux');
  return new Promise((resolve) => {
    execFile('bwrap', [...SYSTEM, '/bin/sh', '-c', 'exit 0'], (error, _stdout, stderr) => {
      if (!error) resolve(undefined);
      else if (error.code === 'ENOENT') resolve('bubblewrap (bwrap) is not installed');
      else resolve(`bubblewrap may not be used here: ${stderr.trim().split('\n')[0]}`);
    });
  });
}
