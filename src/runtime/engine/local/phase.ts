/** Where one run of a dyno stands. */
import type { DynoStatus } from '../../model.js';

/**
 * Why a dyno is asked to end. `replaced`: its successor is up already (preboot).
 * `dismissed`: it was scaled away, or stopped by hand; the app goes on.
 */
export type StopReason = 'stop' | 'restart' | 'cycle' | 'replaced' | 'dismissed';

export type Alive = 'starting' | 'up';
type CrashReason = 'exit' | 'R10' | 'R15' | 'spawn';

export type Phase =
  | { readonly name: 'starting' }
  | { readonly name: 'up' }
  /** Others take what is new; what it has begun may end. */
  | { readonly name: 'draining'; readonly from: Alive; readonly why: StopReason }
  | { readonly name: 'killing'; readonly from: Alive; readonly reason: 'R10' | 'R15' | 'exit' }
  | {
      readonly name: 'stopping';
      readonly from: Alive;
      readonly why: StopReason;
      readonly reason: 'exit' | 'R12';
      readonly exitStatus: number;
    }
  | { readonly name: 'crashed'; readonly reason: CrashReason; readonly exitStatus: number }
  | { readonly name: 'down'; readonly reason: 'exit' | 'R12'; readonly exitStatus: number };

/** A formation dyno crashes when it ends by itself; a one-off is complete. */
export type DynoKind = 'formation' | 'one-off';

/** A phase in the words of the model. `killing` still shows what it was: the end has not come yet. */
export function statusOf(phase: Phase): DynoStatus {
  switch (phase.name) {
    case 'starting':
    case 'up':
      return { state: phase.name };
    case 'killing':
      return { state: phase.from };
    case 'draining':
    case 'stopping':
      return { state: 'stopping' };
    case 'crashed':
      return { state: 'crashed', reason: phase.reason, exitStatus: phase.exitStatus };
    case 'down':
      return { state: 'down', reason: phase.reason, exitStatus: phase.exitStatus };
  }
}
