/**
 * The life of one run of a dyno, as a table: what an event does in a phase, and which of Heroku's
 * lines it writes (https://devcenter.heroku.com/articles/dynos, /articles/error-codes).
 * An event without an entry does nothing.
 *
 *   starting ──ready──▶ up ──stop──▶ stopping ──gone──▶ down
 *      │  └─boot timeout─▶ killing ─exit─▶ crashed ◀─exit── up
 */
import {
  bootTimeout,
  changed,
  exited,
  givenUpLines,
  isForGood,
  KILLING,
  KILLING_THE_REST,
  mend,
  overdue,
  stopLines,
} from './lifecycle-lines.js';
import type { Alive, DynoKind, Phase, StopReason } from './phase.js';

export type LifecycleEvent =
  /** The port is bound; for other types than web: the process runs. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'stop'; readonly why: StopReason }
  /** A dyno that others follow has answered what it had begun. */
  | { readonly kind: 'drained' }
  | { readonly kind: 'boot-timeout'; readonly seconds: number }
  /** Far over what its size allows. @see usage/quota.ts */
  | {
      readonly kind: 'over-quota';
      readonly reason: 'R15' | 'exit';
      readonly lines: readonly string[];
    }
  | { readonly kind: 'grace-over'; readonly seconds: number; readonly holders: readonly string[] }
  /** No more patience: the second Ctrl-C. */
  | { readonly kind: 'hurry' }
  /** The leader of the group ended. */
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'spawn-failed'; readonly status: number; readonly sentence: string }
  /** Nothing of it runs any more. */
  | { readonly kind: 'gone' };

/** What the run has to do after a step. */
export type Act = 'drain' | 'terminate' | 'clear up' | 'kill';

export interface Step {
  readonly phase: Phase;
  readonly lines: readonly string[];
  readonly act?: Act;
}

/**
 * @param phase where the run stands
 * @param event what happened
 * @returns the new phase, the platform's lines, and what to do; undefined where the event means nothing
 */
export function step(phase: Phase, event: LifecycleEvent, kind: DynoKind): Step | undefined {
  switch (phase.name) {
    case 'starting':
    case 'up':
      return whileAlive(phase, event, kind);
    case 'killing':
      return whileKilled(phase, event);
    case 'draining':
      return whileDraining(phase, event);
    case 'stopping':
      return whileStopping(phase, event, kind);
    case 'crashed':
      return event.kind === 'stop' ? givenUp(phase, event.why) : leftOver(phase, event);
    case 'down':
      return leftOver(phase, event);
  }
}

function whileAlive(
  phase: Extract<Phase, { name: Alive }>,
  event: LifecycleEvent,
  kind: DynoKind,
): Step | undefined {
  const from = phase.name;
  switch (event.kind) {
    case 'ready':
      if (from === 'up') return undefined;
      return { phase: { name: 'up' }, lines: [changed('starting', 'up')] };
    case 'stop':
      return event.why === 'replaced' || event.why === 'dismissed'
        ? { phase: { name: 'draining', from, why: event.why }, lines: [], act: 'drain' }
        : terminating(from, event.why);
    case 'boot-timeout':
      if (from === 'up') return undefined;
      return {
        phase: { name: 'killing', from, reason: 'R10' },
        lines: [bootTimeout(event.seconds), KILLING],
        act: 'kill',
      };
    case 'over-quota':
      return {
        phase: { name: 'killing', from, reason: event.reason },
        lines: [...event.lines, KILLING],
        act: 'kill',
      };
    case 'exit':
      return kind === 'formation'
        ? crashed(from, event.status)
        : ending(from, 'stop', event.status);
    case 'spawn-failed':
      return {
        phase: { name: 'crashed', reason: 'spawn', exitStatus: event.status },
        lines: [event.sentence, changed(from, 'crashed')],
      };
    default:
      return undefined;
  }
}

function whileDraining(
  phase: Extract<Phase, { name: 'draining' }>,
  event: LifecycleEvent,
): Step | undefined {
  switch (event.kind) {
    case 'drained':
      return terminating(phase.from, phase.why);
    case 'stop':
      return terminating(phase.from, event.why);
    case 'hurry':
      return { ...terminating(phase.from, phase.why), act: 'kill' };
    case 'exit':
      return ending(phase.from, phase.why, event.status);
    default:
      return undefined;
  }
}

function whileKilled(
  phase: Extract<Phase, { name: 'killing' }>,
  event: LifecycleEvent,
): Step | undefined {
  if (event.kind !== 'exit') return undefined;
  return {
    phase: { name: 'crashed', reason: phase.reason, exitStatus: event.status },
    lines: [exited(event.status), changed(phase.from, 'crashed')],
  };
}

function whileStopping(
  phase: Extract<Phase, { name: 'stopping' }>,
  event: LifecycleEvent,
  kind: DynoKind,
): Step | undefined {
  switch (event.kind) {
    case 'exit':
      return {
        phase: { ...phase, exitStatus: event.status },
        lines: [exited(event.status)],
        act: 'terminate',
      };
    case 'grace-over':
      return {
        phase: { ...phase, reason: 'R12' },
        lines: overdue(event.seconds, event.holders),
        act: 'kill',
      };
    case 'hurry':
      return { phase, lines: [KILLING_THE_REST], act: 'kill' };
    case 'gone': {
      const last = kind === 'one-off' ? 'complete' : 'down';
      return {
        phase: { name: 'down', reason: phase.reason, exitStatus: phase.exitStatus },
        lines: isForGood(phase.why) ? [changed(phase.from, last)] : [],
      };
    }
    default:
      return undefined;
  }
}

/** A crashed dyno whose slot will not wait for its next try. */
function givenUp(phase: Extract<Phase, { name: 'crashed' }>, why: StopReason): Step {
  return {
    phase: { name: 'down', reason: 'exit', exitStatus: phase.exitStatus },
    lines: givenUpLines(why),
  };
}

/** The leader is gone, but others of its group may not be. */
function leftOver(
  phase: Extract<Phase, { name: 'crashed' | 'down' }>,
  event: LifecycleEvent,
): Step | undefined {
  if (event.kind === 'grace-over')
    return { phase, lines: overdue(event.seconds, event.holders), act: 'kill' };
  if (event.kind === 'hurry') return { phase, lines: [], act: 'kill' };
  return undefined;
}

function crashed(from: Alive, status: number): Step {
  return {
    phase: { name: 'crashed', reason: 'exit', exitStatus: status },
    lines: [exited(status), ...mend(status), changed(from, 'crashed')],
    act: 'clear up',
  };
}

function ending(from: Alive, why: StopReason, status: number): Step {
  return {
    phase: { name: 'stopping', from, why, reason: 'exit', exitStatus: status },
    lines: [exited(status), ...mend(status)],
    act: 'terminate',
  };
}

function terminating(from: Alive, why: StopReason): Step {
  return {
    phase: { name: 'stopping', from, why, reason: 'exit', exitStatus: 0 },
    lines: stopLines(why, from),
    act: 'terminate',
  };
}
