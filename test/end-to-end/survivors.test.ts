/**
 * Six ways to end `paas local start`, three kinds of dyno that outlive a careless runner: nothing
 * is left, every port is free within a second, and the next start just works.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Desk, Running } from '../support/paas.js';
import { until } from '../support/until.js';

const LISTEN = `require('net').createServer().listen(process.env.PORT, '127.0.0.1', () => console.log('bound', process.env.PORT));`;

/** Each binds its PORT in the process that is hard to end. */
const KINDS = {
  'a grandchild in the background': 'node hold.js & echo started; wait',
  'a process that ignores SIGTERM': 'exec node ignore.js',
  'a leader that exits before its child': 'node hold.js & sleep 0.3; exit 0',
} as const;

const FILES = {
  'hold.js': LISTEN,
  'ignore.js': `for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(s, () => {}); ${LISTEN}`,
};

type Way = (running: Running) => void;

const WAYS: Readonly<Record<string, Way>> = {
  'Ctrl-C': (running) => running.signal('SIGINT'),
  'a second Ctrl-C': (running) => {
    running.signal('SIGINT');
    setTimeout(() => running.signal('SIGINT'), 50);
  },
  SIGTERM: (running) => running.signal('SIGTERM'),
  SIGHUP: (running) => running.signal('SIGHUP'),
  SIGKILL: (running) => running.signal('SIGKILL'),
};

/** Processes whose environment names this app's folder as theirs. */
function survivors(desk: Desk): string[] {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['ax', '-o', 'pid=,command='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(desk.folder));
  }
  const read = (pid: string, file: string) => readFileSync(join('/proc', pid, file), 'utf8');
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const isOurs = read(pid, 'environ').includes(`MARK=${desk.folder}\0`);
        return isOurs ? [`${pid} ${read(pid, 'cmdline')}`] : [];
      } catch {
        return []; // ended meanwhile, or not ours
      }
    });
}

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

async function expectNothingLeft(desk: Desk, ports: readonly number[]): Promise<void> {
  await until(
    () => survivors(desk).length === 0,
    () => `no survivor, but: ${survivors(desk).join(', ')}`,
  );
  for (const port of ports)
    await until(
      () => canBind(port),
      () => `port ${port}`,
    );
  const again = await desk.start('-t', '1');
  await again.running.says(/bound \d+/);
  expect((await again.running.end()).exitStatus).toBe(0);
  await until(() => survivors(desk).length === 0);
}

function deskFor(command: string): Desk {
  const desk = Desk.with({ ...FILES, Procfile: `worker: ${command}\n` });
  desk.environment['MARK'] = desk.folder;
  return desk;
}

describe.each(Object.entries(KINDS))('%s', (_, command) => {
  test.each(Object.entries(WAYS))('does not survive %s', async (_way, end) => {
    const desk = deskFor(command);
    const platform = await desk.start('-t', '1');
    const [, port] = await platform.running.says(/bound (\d+)/);
    end(platform.running);
    await platform.running.ended;
    await expectNothingLeft(desk, [Number(port), platform.port]);
  });

  test.runIf(process.platform === 'linux')(
    'does not survive its terminal being closed',
    async () => {
      const desk = deskFor(command);
      const binary = join(import.meta.dirname, '../../bin/run.js');
      // util-linux' script holds the terminal; when it is killed, the terminal hangs up.
      const line = `'${process.execPath}' '${binary}' local start -p 0 -t 1`;
      const terminal = spawn('script', ['-qfc', line, '/dev/null'], {
        cwd: desk.folder,
        env: desk.environment,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      onTestFinished(() => void terminal.kill('SIGKILL'));
      const running = new Running(terminal);
      const [, port] = await running.says(/bound (\d+)/);
      terminal.kill('SIGKILL');
      await expectNothingLeft(desk, [Number(port)]);
    },
  );
});
