/** What all dynos of an engine share. */
import type { EngineListener } from '../engine.js';
import type { Census } from './census.js';
import type { Guard } from './guard.js';
import type { LazyIsolation } from './isolation/lazy-isolation.js';
import type { ControlGroups } from './limits/control-groups.js';
import type { EngineSettings } from './options.js';
import type { PipeStock } from './pipe-stock.js';
import type { Ports } from './ports.js';
import type { Readiness } from './readiness.js';
import type { Sampler } from './usage/sampler.js';
import type { Valve } from './valve.js';

export interface EngineParts {
  readonly settings: EngineSettings;
  readonly listener: EngineListener;
  readonly guard: Guard;
  readonly census: Census;
  readonly pipes: PipeStock;
  readonly ports: Ports;
  readonly readiness: Readiness;
  readonly valve: Valve;
  readonly sampler: Sampler;
  /** Missing where the kernel does not hold dynos to their limits. */
  readonly limits: ControlGroups | undefined;
  /** Missing where all dynos run in the app's folder itself. */
  readonly isolation: LazyIsolation | undefined;
}
