/** The place of an app on this machine: its folder, its control socket, its record, its port. */
import { ControlPlane } from '../api/control-plane.js';
import { readSource, type Source } from '../platform/source.js';
import { listRecordsUnchecked, Registration } from '../registry.js';
import { freeRouterPort, wantedPort } from '../router-port.js';
import { ensurePrivateFolder, folderKey, runtimeFolder, socketPath } from '../settings.js';
import { existingFolder, newRecord, type RuntimeOptions } from './options.js';

export interface Place {
  readonly source: Source;
  readonly control: ControlPlane;
  readonly registration: Registration;
  /** Port for the router. */
  readonly port: number;
  /** The default port, where it was taken and another one is used. */
  readonly passedOver: number | undefined;
}

/**
 * Takes the place of the app that a start asks for. When it throws, nothing is taken.
 * @throws PlatformError when the folder cannot be read, the app runs already, or the port is taken
 */
export async function takePlace(options: RuntimeOptions): Promise<Place> {
  const directory = existingFolder(options.location.directory);
  const source = readSource({ ...options.location, directory });
  await checkLimits(options.router.limits);
  const folder = runtimeFolder(options.environment);
  ensurePrivateFolder(folder);
  const control = await ControlPlane.listen(socketPath(folder, folderKey(directory), process.pid));
  let registration: Registration | undefined;
  try {
    const wanted = wantedPort(options.port, source.config, options.environment);
    registration = await Registration.claim(folder, newRecord(source, control.path));
    const port = await freeRouterPort(wanted, options.router.host, (taken) => {
      const records = listRecordsUnchecked(folder);
      return records.find(({ routerPort }) => routerPort === taken)?.name;
    });
    const passedOver = port !== wanted.port && wanted.port !== 0 ? wanted.port : undefined;
    return { source, control, registration, port, passedOver };
  } catch (error) {
    leavePlace({ control, ...(registration ? { registration } : {}) });
    throw error;
  }
}

/** Before anything runs; without any, as nearly always, nothing is loaded for it. */
async function checkLimits(limits: RuntimeOptions['router']['limits']): Promise<void> {
  if (Object.keys(limits).length === 0) return;
  const { limitsFrom } = await import('../router/limits.js');
  limitsFrom(limits);
}

/** Gives it up. */
export function leavePlace({ control, registration }: Partial<Place>): void {
  control?.close();
  registration?.release();
}
