/** Tests of add-ons need real servers. Where one is missing they are skipped, by a name that says so. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { installations } from '../../src/runtime/addons/postgres/installation.js';
import { findProgram } from '../../src/runtime/addons/server/programs.js';
import { Desk } from './paas.js';

/** A Python with psycopg: what PATH names first may be another one than the system's. */
export const PYTHON = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import psycopg2']).status === 0,
);

const MISSING = {
  Postgres:
    (await installations(process.env)).length === 0 &&
    'apt-get install postgresql, or brew install postgresql',
  Redis:
    !findProgram(['valkey-server', 'redis-server'], process.env) &&
    'apt-get install redis-server, or brew install redis',
  memcached:
    !findProgram(['memcached'], process.env) &&
    'apt-get install memcached, or brew install memcached',
  psycopg:
    PYTHON === undefined && 'apt-get install python3-psycopg2, or pip install psycopg2-binary',
} as const;

/** ms: making databases takes its time where everything else runs, too. It only catches a hang. */
const LIMIT = 90_000;

/** `test`, where all these servers are installed. */
export function testWith(
  servers: readonly (keyof typeof MISSING)[],
): (name: string, body: () => Promise<void>) => void {
  const missing = servers.filter((server) => MISSING[server] !== false);
  if (missing.length === 0) return (name, body) => test(name, body, LIMIT);
  const reason = missing.map((server) => `no ${server} here: ${MISSING[server]}`).join('; ');
  return (name) => test.skip(`${name} [NOT TESTED, ${reason}]`, () => undefined);
}

/** A desk whose add-ons are kept in a folder that goes with the test. */
export function deskWithAddons(files: Readonly<Record<string, string>>): Desk {
  const data = mkdtempSync(join(tmpdir(), 'paas-data-'));
  // First here, last done: what runs ends before its data goes.
  onTestFinished(() => rmSync(data, { recursive: true, force: true, maxRetries: 5 }));
  const desk = Desk.with(files);
  desk.environment['PAAS_DATA_DIR'] = data;
  desk.environment['PAAS_CACHE_DIR'] = join(data, 'cache');
  return desk;
}

/** Where a desk's add-ons keep what they have. */
export function dataFolder(desk: Desk): string {
  return desk.environment['PAAS_DATA_DIR'] ?? '';
}
