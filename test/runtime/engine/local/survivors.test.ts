/**
 * The survivor matrix: each way in which a platform can end, against each kind of program that
 * stays behind elsewhere. Every cell has to be empty, and every port free.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFree } from '../../../../src/runtime/engine/local/ports.js';
import { freePort, PROGRAMS, SERVER } from './recorder.js';

const KINDS = {
  web: SERVER,
  grandchild: 'sh grandchild.sh',
  stubborn: 'sh ignores-term.sh',
  leaving: 'sh leader-exits.sh',
  setsid: 'sh setsid-child.sh',
};

let folder: string;
let engineFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'paas-survivors-'));
  engineFile = join(folder, 'engine.mjs');
  buildSync({
    entryPoints: [
      new URL('../../../../src/runtime/engine/local/local-engine.ts', import.meta.url).pathname,
    ],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: engineFile,
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Platform {
  readonly child: ChildProcess;
  readonly run: string;
  readonly port: number;
  /** Resolves when each dyno has written its first line. */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

async function startPlatform(grace: number, wrap: (argv: string[]) => string[] = (a) => a) {
  const run = randomUUID();
  const port = await freePort();
  const argv = [
    process.execPath,
    'supervisor.mjs',
    engineFile,
    port,
    grace,
    run,
    JSON.stringify(KINDS),
  ];
  const [file = '', ...rest] = wrap(argv.map(String));
  const child = spawn(file, rest, { cwd: PROGRAMS, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      const lines = output.split(/\r?\n/).filter((line) => /^\S+ ready$/.test(line));
      if (lines.length >= 4 && output.includes('web.1 State changed from starting to up'))
        resolve();
    });
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { child, run, port, ready, ended } satisfies Platform;
}

/** Command lines of everything that this run started and that lives, its guard included. */
function survivors(run: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        read(pid, 'environ').includes(run) || read(pid, 'cmdline').includes(`paas-guard\0${run}`),
    )
    .map((pid) => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 80)}`);
}

/** Pid of the guard of this run. */
function guardOf(run: string): number | undefined {
  const found = readdirSync('/proc').find((pid) =>
    read(pid, 'cmdline').includes(`paas-guard\0${run}`),
  );
  return found === undefined ? undefined : Number(found);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux');

const WAYS: [string, (platform: Platform) => void, number][] = [
  ['SIGINT', ({ child }) => child.kill('SIGINT'), 300],
  ['SIGTERM', ({ child }) => child.kill('SIGTERM'), 300],
  ['SIGHUP', ({ child }) => child.kill('SIGHUP'), 300],
  ['SIGKILL', ({ child }) => child.kill('SIGKILL'), 300],
  [
    'two SIGINT, however long the grace',
    ({ child }) => {
      child.kill('SIGINT');
      // Two that come before the first was seen are one.
      child.stdout?.on('data', (chunk) => {
        if (String(chunk).includes('Stopping all processes')) child.kill('SIGINT');
      });
    },
    1_000_000,
  ],
];

describe.runIf(process.platform === 'linux')('nothing survives', () => {
  it.each(WAYS)('%s', async (_name, end, grace) => {
    const platform = await startPlatform(grace);
    await platform.ready;
    expect(survivors(platform.run).length).toBeGreaterThan(8);
    end(platform);
    await platform.ended;
    await until(() => survivors(platform.run).length === 0);
    await until(() => isFree(platform.port));
  });

  it.runIf(hasScript)('a closed terminal', async () => {
    const quoted = (argv: string[]) => argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const platform = await startPlatform(300, (argv) => {
      return ['script', '-qefc', quoted(argv).join(' '), '/dev/null'];
    });
    await platform.ready;
    platform.child.kill('SIGKILL');
    await platform.ended;
    await until(() => survivors(platform.run).length === 0);
    await until(() => isFree(platform.port));
  });

  it('SIGKILL of the guard, and then of the platform', async () => {
    const platform = await startPlatform(300);
    await platform.ready;
    const first = guardOf(platform.run) as number;
    process.kill(first, 'SIGKILL');
    await until(() => ![undefined, first].includes(guardOf(platform.run)));
    platform.child.kill('SIGKILL');
    await until(() => survivors(platform.run).length === 0);
  });

  it('SIGKILL at any moment of the start', async () => {
    for (let round = 0; round < 8; round += 1) {
      const platform = await startPlatform(300);
      setTimeout(() => platform.child.kill('SIGKILL'), 20 + Math.random() * 200);
      await platform.ended;
      await until(() => survivors(platform.run).length === 0);
    }
  });
});
