/** Dynos that misbehave: what is known of them stays true, and the others go on. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { LocalEngine } from '../../../../src/runtime/engine/local/local-engine.js';
import { freePort, manifest, type Recorder, startEngine, states } from './recorder.js';

/** A dyno that has to go on whatever the other one does. */
const STEADY = 'while :; do echo beat; sleep 0.05; done';

describe('a dyno that', () => {
  it('forks twice and leaves its group is seen until the last of it has ended', async () => {
    const { engine, recorder } = await startEngine();
    const leaves = `(setsid sh -c 'sleep 1000 & echo left $!; wait' &) ; exec sleep 1000`;
    await engine.apply(manifest({ bad: leaves, steady: STEADY }));
    await recorder.untilLine('app[bad.1]: left');
    const pid = Number(/left (\d+)/.exec(recorder.lines.join('\n'))?.[1]);
    expect(isAlive(pid)).toBe(true);
    await engine.stop('app', { type: 'bad' });
    expect(isAlive(pid)).toBe(false);
    await goesOn(recorder);
    expect(states(engine.dynos())).toEqual(['steady.1 up']);
  });

  it('closes its output stays up, and its end is seen', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    const folder = temporaryFolder();
    const closes = `exec >&- 2>&-; while [ ! -e '${folder}/end' ]; do sleep 0.05; done; exit 9`;
    await engine.apply(manifest({ bad: closes, steady: STEADY }));
    await goesOn(recorder);
    expect(states(engine.dynos())).toEqual(['bad.1 up', 'steady.1 up']);
    writeFileSync(join(folder, 'end'), '');
    await recorder.untilLine('heroku[bad.1]: Process exited with status 9');
    await goesOn(recorder);
  });

  it('loses its binary crashes at its restart, with a mend', async () => {
    const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
    const program = join(temporaryFolder(), 'program');
    writeFileSync(program, '#!/bin/sh\necho runs\nexec sleep 1000\n', { mode: 0o755 });
    const wish = manifest({ bad: program, steady: STEADY });
    await engine.apply(wish);
    await recorder.untilLine('app[bad.1]: runs');
    rmSync(program);
    await engine.restart(wish, { type: 'bad' });
    await recorder.untilLine('heroku[bad.1]: State changed from up to crashed');
    expect(recorder.about('bad.1')).toContain('Process exited with status 127');
    await recorder.until(() => states(engine.dynos()).join() === 'bad.1 crashed,steady.1 up');
    await goesOn(recorder);
  });

  it('has more processes than its size allows is warned, and killed at twice as many', async () => {
    const { engine, recorder } = await startEngine({
      restartPolicy: 'never',
      sampleInterval: 50,
    });
    const forks = (count: number) =>
      `i=0; while [ $i -lt ${count} ]; do sleep 1000 & i=$((i+1)); done; echo forked; wait`;
    await engine.apply(manifest({ bad: forks(300), steady: STEADY }));
    await recorder.untilLine('heroku[bad.1]: Process limit exceeded: 30');
    expect(states(engine.dynos())).toEqual(['bad.1 up', 'steady.1 up']);
    await engine.apply(manifest({ bad: forks(600), steady: STEADY }));
    await recorder.untilLine('heroku[bad.1]: State changed from up to crashed');
    expect(recorder.about('bad.1')).toContain('Process exited with status 137');
    await goesOn(recorder);
  });

  it.runIf(process.platform === 'linux')(
    'forks and forks is killed long before the next look is due',
    async () => {
      const { engine, recorder } = await startEngine({
        restartPolicy: 'never',
        sampleInterval: 600_000,
      });
      const forks = 'i=0; while [ $i -lt 2000 ]; do sleep 1000 & i=$((i+1)); done; wait';
      await engine.apply(manifest({ bad: forks, steady: STEADY }));
      await recorder.untilLine('heroku[bad.1]: Process limit exceeded: ');
      await recorder.untilLine('heroku[bad.1]: State changed from up to crashed');
      await goesOn(recorder);
    },
  );

  it('writes a gigabyte costs no memory, and every byte of it arrives', async () => {
    const line = 'x'.repeat(99);
    const size = 1_000_000_000;
    const before = process.memoryUsage.rss();
    let bytes = 0;
    let most = 0;
    let tellEnd: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      tellEnd = resolve;
    });
    const engine = new LocalEngine(
      {
        dynoChanged: ({ status }) => status.state === 'crashed' && tellEnd(),
        log: ({ source, text }) => {
          if (source === 'app') bytes += text.length + 1;
          most = Math.max(most, process.memoryUsage.rss());
        },
      },
      { environment: process.env, basePort: await freePort(), restartPolicy: 'never' },
    );
    onTestFinished(() => engine.close());
    await engine.apply(manifest({ bad: `yes ${line} | head -c ${size}` }));
    await end;
    await engine.close();
    expect(bytes).toBe(size);
    expect(most - before).toBeLessThan(200 * 1024 * 1024);
  }, 120_000);

  const tiny = tinyDisk();
  it.runIf(tiny)(
    'fills the disk fails by itself (needs the right to mount a small one)',
    async () => {
      const folder = tiny as string;
      const { engine, recorder } = await startEngine({ restartPolicy: 'never' });
      const slug = { kind: 'directory', directory: folder } as const;
      await engine.apply(manifest({ bad: 'cat /dev/zero > full', steady: STEADY }, { slug }));
      await recorder.untilLine('heroku[bad.1]: State changed from up to crashed');
      expect(recorder.lines.some((line) => /app\[bad\.1\]: .*No space left/.test(line))).toBe(true);
      await goesOn(recorder);
      await engine.close();
    },
  );
});

describe('a clock', () => {
  it.each([-1, 1])('that is set by %i year changes nothing', async (years) => {
    const { engine, recorder } = await startEngine({ sampleInterval: 30 });
    await engine.apply(manifest({ bad: 'sleep 0.3; exit 1', steady: STEADY }));
    await goesOn(recorder);
    const now = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + years * 365 * 86_400_000);
    onTestFinished(() => void vi.restoreAllMocks());
    // The third life begins a second after the second crash, by whatever clock.
    const lives = () => new Set(recorder.changes.filter((d) => d.type === 'bad').map((d) => d.id));
    await recorder.until(() => lives().size === 3);
    await goesOn(recorder);
    const id = engine.dynos().find((dyno) => dyno.name === 'steady.1')?.id ?? '';
    await recorder.until(() => engine.usage(id) !== undefined);
    expect(engine.usage(id)?.cpu).toBeGreaterThanOrEqual(0);
  });
});

/** Resolves when the steady dyno has written more. */
async function goesOn(recorder: Recorder): Promise<void> {
  const beats = () => recorder.lines.filter((line) => line === 'app[steady.1]: beat').length;
  const before = beats();
  await recorder.until(() => beats() > before + 1);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paas-erosion-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A disk of 1 MB, where this user may mount one. */
function tinyDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'paas-tiny-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  afterAll(() => {
    if (status === 0) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return status === 0 ? folder : undefined;
}

/** A zombie is not. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
