/** Who a request came from when a neighbour's router hands it over. Pure. */
import type { Client } from './exchange.js';

/**
 * The client that stands behind a hand-over. Only a neighbour on this machine is believed.
 * @param handover value of `Paas-Handover`: `https 5006 192.168.1.7`
 */
export function clientBehind(handover: string, client: Client): Client {
  const told = /^(https?) (\d{1,5}) ([0-9A-Fa-f:.]+)$/.exec(handover);
  if (!told || !isLoopback(client.address)) return client;
  const [, proto, port, address] = told as unknown as [string, 'http' | 'https', string, string];
  return { ...client, proto, port, address, misplaced: false };
}

/** True for addresses that only this machine has. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
