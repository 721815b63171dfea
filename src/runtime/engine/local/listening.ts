/**
 * Who listens on which port, seen without a connection: a server that takes a single connection, or
 * logs each one, is not disturbed. Linux only (proc_net_tcp(5)).
 */
import { closeSync, openSync, readSync } from 'node:fs';

const LISTEN = '0A';

/** Bound address in the kernel's notation → host that reaches it: `::`, `::1`, and IPv4 in IPv6. */
const LOOPBACK_OF: Readonly<Record<string, string>> = {
  '00000000000000000000000000000000': '::1',
  '00000000000000000000000001000000': '::1',
  '0000000000000000FFFF000000000000': '127.0.0.1',
  '0000000000000000FFFF00000100007F': '127.0.0.1',
};

const buffer = Buffer.alloc(16 * 1024);

/**
 * @returns port → the loopback host that reaches its listener; undefined where there is no /proc
 */
export function listeningPorts(): ReadonlyMap<number, string> | undefined {
  const ports = new Map<number, string>();
  const six = readListeners('/proc/net/tcp6', (address, port) => {
    const host = LOOPBACK_OF[address];
    if (host) ports.set(port, host);
  });
  const four = readListeners('/proc/net/tcp', (address, port) => {
    // Little-endian: 127.x.y.z ends with 7F. Only 127.0.0.1 itself and the wildcard reach us.
    if (address === '0100007F' || address === '00000000') ports.set(port, '127.0.0.1');
  });
  return four || six ? ports : undefined;
}

/** Listeners come first in these files, so reading stops at the first connection: they may be thousands. */
function readListeners(file: string, found: (address: string, port: number) => void): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return false;
  }
  try {
    let rest = '';
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      const lines = (rest + buffer.toString('latin1', 0, read)).split('\n');
      rest = lines.pop() ?? '';
      if (!lines.every((line) => take(line, found))) break;
    }
    return true;
  } finally {
    closeSync(descriptor);
  }
}

/** @returns false at the first line of a connection */
function take(line: string, found: (address: string, port: number) => void): boolean {
  const [, local, , state] = line.trim().split(/\s+/);
  if (local === 'local_address' || local === undefined) return true;
  if (state !== LISTEN) return false;
  const [address, port] = local.split(':');
  found(address ?? '', Number.parseInt(port ?? '', 16));
  return true;
}
