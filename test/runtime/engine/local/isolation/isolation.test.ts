import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { whyNoSandbox } from '../../../../../src/runtime/engine/local/isolation/bubblewrap.js';
import type { LocalEngineOptions } from '../../../../../src/runtime/engine/local/options.js';
import { manifest, startEngine } from '../recorder.js';

/** An app with history, state, packages and a file; and an engine that isolates its dynos. */
async function isolated(mode: 'copy' | 'sandbox', more: Partial<LocalEngineOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'paas-isolation-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of ['.git', '.paas', 'node_modules/left', 'source']) {
    mkdirSync(join(directory, name), { recursive: true });
  }
  writeFileSync(join(directory, 'source', 'file'), 'original');
  writeFileSync(join(directory, 'node_modules', 'left', 'pad'), 'package');
  const isolationFolder = join(directory, '.paas', 'dynos');
  const made = await startEngine({ isolation: mode, isolationFolder, ...more });
  const run = (command: string) =>
    made.engine.apply(manifest({ worker: command }, { slug: { kind: 'directory', directory } }));
  const cells = () => (existsSync(isolationFolder) ? readdirSync(isolationFolder) : []);
  return { ...made, directory, run, cells };
}

const canSandbox = (await whyNoSandbox()) === undefined;
const MODES = canSandbox ? (['copy', 'sandbox'] as const) : (['copy'] as const);

describe.each(MODES)('a dyno in a %s', (mode) => {
  it('has files of its own, which are gone with it; packages are shared', async () => {
    const { engine, recorder, directory, run, cells } = await isolated(mode);
    await run(`cat source/file node_modules/left/pad; ls -A | sort | tr '\\n' ' '
      echo changed > source/file; echo kept > "$TMPDIR/file"; echo home > "$HOME/file"
      cat source/file "$HOME/file"; exec sleep 1000`);
    await recorder.untilLine('app[worker.1]: home');
    expect(recorder.lines.filter((line) => line.startsWith('app['))).toEqual([
      'app[worker.1]: originalpackagenode_modules source changed',
      'app[worker.1]: home',
    ]);
    expect(cells()).toHaveLength(1);
    expect(existsSync(join(process.env['TMPDIR'] ?? '/tmp', 'file'))).toBe(false);
    await engine.close();
    expect(spawnSync('cat', ['source/file'], { cwd: directory }).stdout.toString()).toBe(
      'original',
    );
    expect(cells()).toEqual([]);
  });

  it('gets SIGTERM with its grace, its children too, and its exit status is told', async () => {
    const { engine, recorder, run } = await isolated(mode, { grace: 60_000 });
    // What says that it is ready has left the shell: one that was just forked can miss a signal.
    await run(`trap 'echo ending; exit 7' TERM
      (trap 'sleep 0.2; echo child ended; exit 0' TERM
       sh -c 'echo ready; exec sleep 1000' & wait) & wait`);
    await recorder.untilLine('app[worker.1]: ready');
    await engine.stop('app', { type: 'worker' });
    expect(recorder.lines).toContain('app[worker.1]: ending');
    expect(recorder.lines).toContain('app[worker.1]: child ended');
    expect(recorder.about('worker.1')).toContain('Process exited with status 7');
  });

  it('is killed when it ignores SIGTERM', async () => {
    const { engine, recorder, run, cells } = await isolated(mode, { grace: 300 });
    await run(`trap '' TERM; echo ready; while :; do sleep 1; done`);
    await recorder.untilLine('app[worker.1]: ready');
    await engine.stop('app', { type: 'worker' });
    expect(recorder.about('worker.1').join()).toContain('Error R12 (Exit timeout)');
    await engine.close();
    expect(cells()).toEqual([]);
  });

  it('crashes with the status of its command', async () => {
    const { recorder, run } = await isolated(mode, { restartPolicy: 'never' });
    await run('exit 3');
    await recorder.untilLine('State changed from up to crashed');
    expect(recorder.about('worker.1')).toContain('Process exited with status 3');
  });

  it('can be stopped while it is being made', async () => {
    const { engine, run, cells } = await isolated(mode);
    await run('exec sleep 1000');
    await engine.close();
    expect(engine.dynos()).toEqual([]);
    expect(cells()).toEqual([]);
  });
});

describe('isolation', () => {
  it('tells once what it isolates and what not', async () => {
    const { recorder, run } = await isolated('copy');
    await run('echo ready; exec sleep 1000');
    await recorder.untilLine('app[worker.1]: ready');
    const told = recorder.about('worker.1').filter((line) => line.startsWith('Isolated: '));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('node_modules is shared');
    expect(told[0]).toContain('Not isolated: processes, network');
  });

  it.runIf(canSandbox)(
    'in a sandbox shows no other process, no state of the platform, and nothing to write elsewhere',
    async () => {
      const { recorder, run, directory } = await isolated('sandbox');
      await run(`ls /proc | grep -c '^[0-9]'; ls -A "${directory}" | grep -c paas
        touch /usr/mark "${directory}/node_modules/mark" 2>/dev/null || echo refused
        pwd; echo ready; exec sleep 1000`);
      await recorder.untilLine('app[worker.1]: ready');
      const [processes, states, refused, where] = recorder.lines
        .filter((line) => line.startsWith('app['))
        .map((line) => line.slice('app[worker.1]: '.length));
      expect(Number(processes)).toBeLessThan(6);
      expect([states, refused, where]).toEqual(['0', 'refused', directory]);
    },
  );

  it('removes what a killed run has left', async () => {
    const { recorder, run, cells, directory } = await isolated('copy');
    const old = join(directory, '.paas', 'dynos', '999999999-old', 'abc', 'app');
    mkdirSync(old, { recursive: true });
    await run('echo ready; exec sleep 1000');
    await recorder.untilLine('app[worker.1]: ready');
    await until(() => cells().length === 1);
    expect(cells()[0]).toMatch(new RegExp(`^${process.pid}-`));
  });

  it('tells a folder that cannot be copied', async () => {
    const { recorder, run, directory, cells } = await isolated('copy', { restartPolicy: 'never' });
    writeFileSync(join(directory, '.paas', 'dynos'), 'in the way');
    await run('echo never');
    await recorder.untilLine('State changed from starting to crashed');
    expect(recorder.about('worker.1').join()).toContain("can't be copied");
    expect(cells).toThrow();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
