/** What others know of a run: its dyno in the model, and its lines in the log. */
import type { Address, Dyno, DynoStatus, LogMessage } from '../../model.js';
import type { EngineListener } from '../engine.js';
import type { DynoPlan } from './plan.js';

/** Where messages go: to the listener, or to what holds back repeats of them. */
export type Outlet = (message: LogMessage) => void;

export interface DynoChange {
  readonly status?: DynoStatus;
  readonly pid?: number;
  readonly address?: Address;
  readonly release?: number;
}

export class DynoRecord {
  readonly #listener: EngineListener;
  readonly #outlet: Outlet;
  #dyno: Dyno;

  /** @param port the `PORT` that it gets */
  constructor(plan: DynoPlan, port: number, listener: EngineListener, outlet: Outlet) {
    this.#listener = listener;
    this.#outlet = outlet;
    this.#dyno = first(plan, port);
  }

  get dyno(): Dyno {
    return this.#dyno;
  }

  /** Notes what changed, and tells it. */
  change(change: DynoChange): void {
    const { pid, ...rest } = { ...this.#dyno, ...change };
    const { state } = rest.status;
    const runs = pid !== undefined && state !== 'crashed' && state !== 'down';
    const updatedAt = change.status ? Date.now() : rest.updatedAt;
    this.#dyno = { ...rest, ...(runs ? { pid } : {}), updatedAt };
    this.#listener.dynoChanged(this.#dyno);
  }

  /** Writes lines of the dyno itself. */
  print(text: string): void {
    this.#outlet(this.#message('app', text));
  }

  /** Writes lines of the platform about it. */
  say(text: string): void {
    this.#outlet(this.#message('heroku', text));
  }

  #message(source: 'app' | 'heroku', text: string): LogMessage {
    const { app, name } = this.#dyno;
    return { app, time: Date.now() * 1000, source, process: name, text };
  }
}

function first(plan: DynoPlan, port: number): Dyno {
  const now = Date.now();
  return {
    id: plan.id,
    app: plan.app,
    type: plan.type,
    slot: plan.slot,
    name: plan.name,
    command: plan.command,
    size: plan.size,
    release: plan.release,
    status: { state: 'starting' },
    port,
    restarts: plan.restarts,
    createdAt: now,
    updatedAt: now,
  };
}
