/** A bare connection to a dyno, for those who bring their own way of speaking: upgrades. */
import { connect, type Socket } from 'node:net';
import type { Address } from '../model.js';

/**
 * Connects.
 * @param timeout ms
 * @throws system errors of the connect; ETIMEDOUT after the limit; an Error for an address that
 *   cannot be one
 */
export function dial(address: Address, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true });
    const timer = setTimeout(() => socket.destroy(timedOut()), timeout);
    socket.once('error', reject);
    socket.once('connect', () => {
      clearTimeout(timer);
      // Until somebody takes it over, a reset must not be an error that nobody hears.
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

/** What the system says when a connection is not accepted in time. */
export function timedOut(): Error {
  return Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT', syscall: 'connect' });
}
