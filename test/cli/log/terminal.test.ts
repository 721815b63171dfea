import { execFile as execFileWithCallback, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { type Outlet, StreamOutlet } from '../../../src/cli/log/outlet.js';
import { Terminal } from '../../../src/cli/log/terminal.js';
import { folderWith } from '../../support/folders.js';

const execFile = promisify(execFileWithCallback);
const SOURCE = join(import.meta.dirname, '../../../src/cli/log');

const message = (text: string, process = 'web.1') => ({
  app: 'a1',
  time: 0,
  source: 'app',
  process,
  text,
});
const format = ({ process, text }: { process: string; text: string }) =>
  `${process} ${text.replaceAll('\n', `\n${process} `)}\n`;
const block = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, at) => `${String(from + at).padStart(8, '0')} ${'x'.repeat(90)}`,
  ).join('\n');

/** An outlet that keeps what it gets, and writes on only when it is told to. */
class Reader implements Outlet {
  text = '';
  #waiting: (() => void) | undefined;
  constructor(private pace: 'reading' | 'stopped') {}
  write(bytes: Buffer, done: () => void): void {
    const go = (): void => {
      this.text += bytes.toString();
      done();
    };
    if (this.pace === 'reading') setImmediate(go);
    else this.#waiting = go;
  }
  read(): void {
    this.pace = 'reading';
    this.#waiting?.();
  }
  close(): void {}
  get lines(): string[] {
    return this.text.split('\n').slice(0, -1);
  }
}

describe('the terminal', () => {
  it('gets all lines in their order', async () => {
    const outlet = new Reader('reading');
    const terminal = new Terminal({ outlet, format });
    terminal.write(message('a\nb'));
    terminal.write(message('c', 'worker.1'));
    terminal.write(message('d'));
    await terminal.close(1_000);
    expect(outlet.lines).toEqual(['web.1 a', 'web.1 b', 'worker.1 c', 'web.1 d']);
  });

  it('that stopped costs the oldest lines; how many is said when it goes on', async () => {
    const outlet = new Reader('stopped');
    const terminal = new Terminal({ outlet, format });
    for (let from = 0; from < 200_000; from += 600) terminal.write(message(block(from, 600)));
    terminal.write(message('tick', 'clock.1'));
    outlet.read();
    await terminal.close(1_000);
    const kept = outlet.lines.filter((line) => line.endsWith('x')).length;
    const noted = outlet.lines.map(lossIn).reduce((one, other) => one + other);
    expect(noted).toBeGreaterThan(100_000);
    expect(kept + noted).toBe(200_400);
    expect(outlet.lines).toContain('clock.1 tick');
  });

  it('holds back who floods, and nobody else, until it has caught up', async () => {
    const outlet = new Reader('stopped');
    const held: string[] = [];
    const brake = {
      hold: (process: string) => held.push(process),
      release: () => held.push('released'),
    };
    const terminal = new Terminal({ outlet, format, brake });
    for (let from = 0; from < 30_000; from += 600) {
      terminal.write(message(block(from, 600)));
      terminal.write(message('tick', 'clock.1'));
    }
    expect(new Set(held)).toEqual(new Set(['web.1']));
    outlet.read();
    await vi.waitFor(() => expect(held.at(-1)).toBe('released'));
    await terminal.close(1_000);
    expect(outlet.lines.filter((line) => line.endsWith('x'))).toHaveLength(30_000);
  });

  it('lets everybody go on when it stays stopped', async () => {
    const held: string[] = [];
    const brake = {
      hold: (process: string) => held.push(process),
      release: () => held.push('released'),
    };
    const terminal = new Terminal({ outlet: new Reader('stopped'), format, brake });
    for (let from = 0; from < 30_000; from += 600) terminal.write(message(block(from, 600)));
    await vi.waitFor(() => expect(held.at(-1)).toBe('released'), { timeout: 10_000 });
    // Lines are dropped now, and who writes them is slowed down: nobody else.
    for (let from = 0; from < 30_000; from += 600) {
      terminal.write(message('tick', 'clock.1'));
      terminal.write(message(block(from, 600)));
      terminal.write(message('tick', 'clock.1'));
    }
    expect(held.filter((process) => process !== 'released')).toContain('web.1');
    expect(held).not.toContain('clock.1');
    await terminal.close(0);
  });

  it('is given up when its reader has gone', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const gone = vi.fn();
    const terminal = new Terminal({ outlet: new StreamOutlet(broken), format, onGone: gone });
    terminal.write(message('a'));
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce());
    terminal.write(message('b'));
    await terminal.close(1_000);
  });
});

/** A program that floods its terminal, and says by a file that its loop still turns. */
const FLOOD = `
import { writeFileSync } from 'node:fs';
import { standardOutput } from '${join(SOURCE, 'outlet.js')}';
import { Terminal } from '${join(SOURCE, 'terminal.js')}';
const terminal = new Terminal({
  outlet: standardOutput(() => process.stdout),
  format: ({ text }) => text + '\\n',
});
const write = (text) => terminal.write({ app: 'a1', time: 0, source: 'app', process: 'web.1', text });
const block = Array(600).fill('x'.repeat(99)).join('\\n');
let turns = 0;
const timer = setInterval(() => {
  for (let at = 0; at < 20; at += 1) write(block);
  turns += 1;
  if (turns < 30) return;
  clearInterval(timer);
  write('the last line');
  writeFileSync(process.argv[2], '');
  void terminal.close(10_000);
}, 5);
`;

/** Runs a program on a terminal that nobody reads until the program has made a file. */
const STOPPED_TERMINAL = `
import os, pty, subprocess, sys, time
marker = sys.argv[1]
mine, its = pty.openpty()
child = subprocess.Popen(sys.argv[2:] + [marker], stdout=its)
os.close(its)
while not os.path.exists(marker): time.sleep(0.01)
while True:
    try: data = os.read(mine, 65536)
    except OSError: break
    sys.stdout.buffer.write(data)
sys.exit(child.wait())
`;

it.skipIf(!hasPython())(
  'a real terminal that is stopped (Ctrl-S) does not stop the platform',
  async () => {
    const folder = folderWith({ 'flood.ts': FLOOD });
    const program = join(folder, 'flood.mjs');
    const entryPoints = [join(folder, 'flood.ts')];
    await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm' });
    const { stdout } = await execFile(
      'python3',
      ['-c', STOPPED_TERMINAL, join(folder, 'marker'), process.execPath, program],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const lines = stdout.split('\r\n');
    const noted = lines.map(lossIn).reduce((one, other) => one + other);
    expect(lines.filter((line) => /^x{99}$/.test(line)).length + noted).toBe(30 * 20 * 600);
    expect(noted).toBeGreaterThan(0);
    expect(lines).toContain('the last line');
  },
);

/** How many lines a note says were lost. */
function lossIn(line: string): number {
  return Number(/Error L11 .* dropped (\d+) messages since /.exec(line)?.[1] ?? 0);
}

function hasPython(): boolean {
  return spawnSync('python3', ['-c', 'import pty']).status === 0;
}
