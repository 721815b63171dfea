/** Postgres as one would start it oneself, with its own defaults. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Installation,
  installations,
} from '../../src/runtime/addons/postgres/installation.js';
import { withoutRoot } from '../../src/runtime/addons/server/ordinary-user.js';
import { freePort, isFree } from '../../src/runtime/addons/server/ports.js';

export type InstalledPostgres = Installation;

/** The one that paas would take. @throws Error when there is none */
export async function postgresHere(): Promise<InstalledPostgres> {
  const [first] = await installations(process.env);
  if (!first) throw new Error('There is no Postgres on this machine to compare with.');
  return first;
}

/** @param work is given the URL of an empty database */
export async function withServerByHand<T>(
  { bin }: InstalledPostgres,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'paas-bench-postgres-'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const { prefix, ...identity } = withoutRoot(folder);
  const command = (...words: string[]) => [...prefix, ...words] as [string, ...string[]];
  const [tool, ...toolWords] = command(join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'me');
  execFileSync(tool, toolWords, { stdio: 'ignore', cwd: folder, ...identity });
  const port = await freePort();
  const [program, ...words] = command(
    join(bin, 'postgres'),
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    '',
  );
  const server = spawn(program, words, { stdio: 'ignore', cwd: folder, ...identity });
  const ended = once(server, 'exit');
  try {
    while (await isFree(port)) await delay(20);
    return await work(`postgres://me@localhost:${port}/postgres`);
  } finally {
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}
