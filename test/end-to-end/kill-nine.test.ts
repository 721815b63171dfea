/**
 * SIGKILL at a hundred random moments: half of them before the first dyno, half after it, each start
 * with a config that makes a release and writes the state. Nothing survives, the state is never
 * torn, and the next start has what was wished before.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Desk, type Running } from '../support/paas.js';
import { until } from '../support/until.js';

const ROUNDS = 100;
/** ms: a start up to its first dyno, and from there until all is in its place. */
const BEFORE = 200;
const AFTER = 100;
const FILES = {
  Procfile: `web: exec sleep 1000\nworker: trap '' TERM; (setsid sleep 1000 &) ; sleep 1000; true\n`,
};

/** Processes that have this mark in their environment, and are no zombies. */
function survivors(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join('/proc', pid, 'environ'), 'latin1').includes(`MARK=${mark}`);
    } catch {
      return false; // ended meanwhile, or not ours
    }
  });
}

async function killAt(running: Running, moment: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, moment));
  running.signal('SIGKILL');
  await running.ended;
}

test.runIf(process.platform === 'linux')(
  'a hundred kills leave no process, and the state as it was wished',
  async () => {
    const desk = Desk.with(FILES);
    desk.environment['MARK'] = desk.folder;
    const wished = await desk.start();
    await desk.paas('scale', 'web=2', 'worker=3');
    await desk.paas('config:set', 'GREETING=hello');
    await desk.paas('domains:add', 'shop.example.com');
    wished.running.signal('SIGKILL');
    await wished.running.ended;

    for (let round = 0; round < ROUNDS; round += 1) {
      writeFileSync(join(desk.folder, '.env'), `GREETING=${round}\n`);
      const running = desk.spawn(['local', 'start', '-p', '0']);
      if (round % 2 === 0) await running.says(/Starting process/);
      await killAt(running, Math.random() * (round % 2 === 0 ? AFTER : BEFORE));
      const state = readFileSync(join(desk.folder, '.paas', 'state.json'), 'utf8');
      expect(() => JSON.parse(state)).not.toThrow();
    }
    await until(
      () => survivors(desk.folder).length === 0,
      () => `no survivor, but: ${survivors(desk.folder).join(' ')}`,
    );

    await desk.start();
    const scaled = await desk.paas('scale');
    expect(scaled.stdout.trim()).toBe('web=2:Standard-1X worker=3:Standard-1X');
    expect(await desk.json('config')).toEqual({ GREETING: String(ROUNDS - 1) });
    const releases = await desk.json<{ description: string }[]>('releases');
    expect(releases.map(({ description }) => description)).toContain('Set GREETING config vars');
    expect((await desk.paas('domains')).stdout).toContain('shop.example.com');
  },
  120_000,
);
