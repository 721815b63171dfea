/** The Postgres server of one add-on, as it is started. */
import { join } from 'node:path';
import type { Addon } from '../../model.js';
import type { Place } from '../provider.js';
import { withoutRoot } from '../server/ordinary-user.js';
import { probe } from '../server/probe.js';
import { Server } from '../server/server.js';
import type { DatabaseAddress } from './address.js';
import { dataFolderOf, saysReady } from './cluster.js';
import type { Installation } from './installation.js';
import { connectionsOf } from './plans.js';

/** Connections for tools and superusers, beyond those of the plan. */
const RESERVED = 10;

/** Version 3.0 of the protocol (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
const PROTOCOL = 196_608;

/** "The database system is starting up": it listens already, and answers nobody. */
const CANNOT_CONNECT_NOW = '57P03';

export function postgresServer(
  addon: Addon,
  place: Place,
  { bin }: Installation,
  address: DatabaseAddress,
): Server {
  return new Server(
    {
      title: 'Postgres',
      program: join(bin, 'postgres'),
      args: [
        ...['-D', dataFolderOf(place), '-p', String(address.port)],
        ...setting('listen_addresses', 'localhost'),
        ...setting('unix_socket_directories', ''),
        ...setting('max_connections', String(connectionsOf(addon.plan) + RESERVED)),
        ...setting('log_line_prefix', ''),
        ...setting('logging_collector', 'off'),
      ],
      environment: { LC_MESSAGES: 'C' },
      disguise: withoutRoot(place.folder, bin),
      // "Fast": connections are ended, all is written. SIGTERM would wait for every client.
      stopSignal: 'SIGINT',
      answers: async () => saysReady(place, address.port) && (await answers(address)),
    },
    place,
  );
}

function setting(name: string, value: string): string[] {
  return ['-c', `${name}=${value}`];
}

/** True when it asks for the password. */
function answers({ port, user, database }: DatabaseAddress): Promise<boolean> {
  const words = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(words.length + head.length, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return probe(port, 'localhost', Buffer.concat([head, words]), (answer) => {
    const kind = String.fromCharCode(answer[0] ?? 0);
    if (kind === 'R') return true;
    if (kind !== 'E') return false;
    const whole = answer.length > 5 && answer.length > answer.readInt32BE(1);
    return whole ? !answer.includes(CANNOT_CONNECT_NOW) : undefined;
  });
}
