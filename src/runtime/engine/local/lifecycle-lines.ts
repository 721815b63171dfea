/**
 * What the platform writes about a dyno, word for word as Heroku does
 * (https://devcenter.heroku.com/articles/error-codes). Sentences that Heroku does not have are ours.
 */
import type { StopReason } from './phase.js';

export const KILLING = 'Stopping process with SIGKILL';
export const TERMINATING = 'Stopping all processes with SIGTERM';
export const KILLING_THE_REST = 'Stopping remaining processes with SIGKILL';

/** When a dyno that lives is asked to end. */
export function stopLines(why: StopReason, from: 'starting' | 'up'): string[] {
  if (why !== 'restart' && why !== 'cycle') return [TERMINATING];
  const word = why === 'cycle' ? 'Cycling' : 'Restarting';
  return [word, ...(from === 'up' ? [changed('up', 'starting')] : []), TERMINATING];
}

/**
 * @param seconds the grace that was exceeded
 * @param holders what still runs: `4711 sleep 1000`
 */
export function overdue(seconds: number, holders: readonly string[]): string[] {
  return [
    `Error R12 (Exit timeout) -> At least one process failed to exit within ${seconds} seconds of SIGTERM`,
    ...(holders.length > 0 ? [`Still running: ${holders.join(', ')}`] : []),
    KILLING_THE_REST,
  ];
}

/** The line of Heroku's for a change of state; words as in the API, and `complete` for one-offs. */
export function changed(from: string, to: string): string {
  return `State changed from ${from} to ${to}`;
}

/** When the leader of the group has ended. */
export function exited(status: number): string {
  return `Process exited with status ${status}`;
}

/** What to do about the shell's own exit statuses (POSIX, 2.8.2 Exit Status for Commands). */
export function mend(status: number): string[] {
  if (status === 127) {
    return [
      'The command was not found. Check its spelling in the Procfile, and that its program is installed and on the PATH of this terminal.',
    ];
  }
  if (status === 126) {
    return [
      'The command was found but cannot be executed. Give its file the right to be executed: chmod +x FILE.',
    ];
  }
  return [];
}

/** R10. @param seconds the time that the dyno had */
export function bootTimeout(seconds: number): string {
  return `Error R10 (Boot timeout) -> Web process failed to bind to $PORT within ${seconds} seconds of launch`;
}

/** No other dyno takes its place, so that its end is told. */
export function isForGood(why: StopReason): boolean {
  return why === 'stop' || why === 'dismissed';
}

/** When a crashed dyno does not wait for its next try any more. */
export function givenUpLines(why: StopReason): string[] {
  if (why === 'restart') return ['Restarting', changed('crashed', 'starting')];
  return isForGood(why) ? [changed('crashed', 'down')] : [];
}

/** When the leader ended by itself and others did not: a server in daemon mode, mostly. */
export function leftBehind(names: readonly string[]): string {
  return `The command has ended, but these processes of it went on and are stopped now: ${names.join(', ')}. A server has to run in the foreground, not as a daemon.`;
}

/** @param taken ports that others listen on; @param port the one that it gets in their place */
export function movedPort(taken: readonly number[], port: number): string {
  const ports = taken.length === 1 ? `Port ${taken[0]} is` : `Ports ${taken.join(', ')} are`;
  return `${ports} taken by another program; PORT is ${port}`;
}
