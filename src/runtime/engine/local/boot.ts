/** The boot of a web dyno: until its port is bound, or its time is over (R10). */
import type { Address } from '../../model.js';
import type { EngineParts } from './parts.js';
import type { TypePlan } from './plan.js';

/** Is told how it went. */
export interface BootWatcher {
  bound(address: Address): void;
  late(seconds: number): void;
}

/** @param boot is aborted when the port is bound; abort it to stop looking */
export function awaitPort(
  { readiness, settings }: Pick<EngineParts, 'readiness' | 'settings'>,
  { readinessPath }: Pick<TypePlan, 'readinessPath'>,
  port: number,
  boot: AbortController,
  watcher: BootWatcher,
): void {
  const { bootTimeout } = settings;
  const timer = setTimeout(() => watcher.late(bootTimeout / 1000), bootTimeout);
  boot.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  void readiness.ready(port, readinessPath, boot.signal).then((address) => {
    boot.abort();
    watcher.bound(address);
  });
}
