import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { readHistory } from '../../../../src/runtime/logplex/history/read.js';
import { HISTORY_LIMITS } from '../../../../src/runtime/logplex/history/segments.js';
import { HistoryWriter } from '../../../../src/runtime/logplex/history/writer.js';
import { formatHeroku } from '../../../../src/runtime/logplex/line.js';
import { folderWith } from '../../../support/folders.js';
import { filesOf, line, texts, writer } from './writing.js';

describe('a history', () => {
  it('is written without being asked, as lines that grep finds', async () => {
    const folder = join(folderWith(), 'logs');
    const { history } = writer(folder);
    const first = line('a\nb ☃');
    history.append(first, 2);
    await vi.waitFor(() =>
      expect(readFileSync(join(folder, '00000001.log'), 'utf8')).toBe(formatHeroku(first)),
    );
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, '00000001.log')).mode & 0o777).toBe(0o600);
  });

  it('is read from its end, over chunks and files, whatever the length of its lines', async () => {
    const folder = join(folderWith(), 'logs');
    const { history } = writer(folder, { ...HISTORY_LIMITS, segment: 700_000 });
    const wanted = Array.from(
      { length: 300 },
      (_, at) => `${at} ${'é☃x'.repeat((at * 37) % 3_000)}`,
    );
    for (const text of wanted) {
      history.append(line(text), 1);
      if (text.length > 8_000) await history.mark();
    }
    await history.close();
    expect(filesOf(folder).length).toBeGreaterThan(1);
    expect(await texts(folder)).toEqual(wanted);
    expect(await texts(folder, 7)).toEqual(wanted.slice(-7));
  });

  it('that is missing is an empty one', async () => {
    expect(await readHistory(join(folderWith(), 'none'), {}, 10)).toEqual({ lines: [], torn: 0 });
  });

  it('stops at a mark, though more was written since', async () => {
    const folder = join(folderWith(), 'logs');
    const { history } = writer(folder);
    history.append(line('a'), 1);
    const first = history.mark();
    history.append(line('b'), 1);
    const second = history.mark();
    history.append(line('c'), 1);
    await history.close();
    const until = async (mark: typeof first) =>
      (await readHistory(folder, {}, 10, await mark)).lines.map(({ text }) => text);
    expect(await until(first)).toEqual(['a']);
    expect(await until(second)).toEqual(['a', 'b']);
  });

  it('leaves a torn end out, tells it, and goes on in another file', async () => {
    const folder = join(folderWith(), 'logs');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, '00000001.log'),
      `${formatHeroku(line('whole'))}2026-08-04T00:00:00.000000+00:00 app[web.1]: ha`,
    );
    const { history, told } = writer(folder);
    history.append(line('next'), 1);
    await history.close();
    expect(told).toEqual([
      expect.stringMatching(/^The last line of the history was cut off .* 47 bytes/),
    ]);
    expect(await texts(folder)).toEqual(['whole', 'next']);
    expect((await readHistory(folder, {}, 10)).torn).toBe(1);
  });

  it('leaves out what is not its own', async () => {
    const folder = join(folderWith(), 'logs');
    const { history } = writer(folder);
    history.append(line('a'), 1);
    await history.close();
    appendFileSync(
      join(folder, '00000001.log'),
      `\0\0\0\nsomebody was here\n${formatHeroku(line('b'))}`,
    );
    writeFileSync(join(folder, 'notes.txt'), 'x');
    expect(await texts(folder)).toEqual(['a', 'b']);
  });

  it('holds floods back while the disk is behind, and loses none of them', async () => {
    const folder = join(folderWith(), 'logs');
    const held: string[] = [];
    const brake = {
      hold: (process: string) => held.push(process),
      release: () => held.push('released'),
    };
    const history = new HistoryWriter(folder, HISTORY_LIMITS, () => undefined, brake);
    // Short ones: most of what they take is their heads.
    const block = Array<string>(2_400).fill('x').join('\n');
    for (let count = 0; count < 16; count += 1) {
      history.append(line(block), 2_400);
      history.append({ ...line('tick'), process: 'clock.1' }, 1);
    }
    expect(new Set(held)).toEqual(new Set(['web.1']));
    await vi.waitFor(() => expect(held.at(-1)).toBe('released'));
    await history.close();
    expect(await texts(folder)).toHaveLength(16 * 2_401);
  });

  it('that missed lines says how many, all of them counted', async () => {
    const folder = join(folderWith(), 'logs');
    const { history, told } = writer(folder);
    const block = Array<string>(600).fill('x'.repeat(99)).join('\n');
    for (let count = 0; count < 100; count += 1) history.append(line(block), 600);
    await history.close();
    const missing = Number(/^(\d+) messages since \S+ are missing/.exec(told.join(''))?.[1]);
    expect((await texts(folder)).length + missing).toBe(60_000);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'on a full disk is told once, and nobody else is held up',
    async () => {
      const folder = join(folderWith(), 'logs');
      mkdirSync(folder, { recursive: true });
      const { symlinkSync } = await import('node:fs');
      symlinkSync('/dev/full', join(folder, '00000001.log'));
      const { history, told } = writer(folder);
      history.append(line('a\nb'), 2);
      expect(await history.mark()).toBeUndefined();
      history.append(line('c'), 1);
      expect(history.failed).toBe(true);
      expect(told).toEqual([expect.stringMatching(/^The history in .* can't be written \(ENOSPC/)]);
    },
  );

  it('loses nothing that is older than a moment when the platform is killed in the middle of writing', async () => {
    const root = folderWith({ 'writer.ts': WRITER });
    const program = join(root, 'writer.mjs');
    await build({
      entryPoints: [join(root, 'writer.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const folder = join(root, 'logs');
    const child = spawn(process.execPath, [program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let marked = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      marked = Number(chunk.toString().trim().split('\n').at(-1));
      if (marked > 20_000) child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.once('close', resolve));
    const numbers = (await texts(folder)).map(Number);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, at) => at));
    expect(numbers.length).toBeGreaterThan(marked);
  });
});

/** Writes numbers as fast as it can, and says which ones are on disk for certain. */
const WRITER = `
import { HistoryWriter } from '${join(import.meta.dirname, '../../../../src/runtime/logplex/history/writer.js').replaceAll('\\', '/')}';
const history = new HistoryWriter(process.argv[2], { segment: 200_000, total: 1e9, age: 1e9 }, () => {});
let next = 0;
for (;;) {
  for (let count = 0; count < 500; count += 1) {
    history.append({ time: next, source: 'app', process: 'web.1', text: String(next) }, 1);
    next += 1;
  }
  await history.mark();
  process.stdout.write(\`\${next - 1}\\n\`);
}
`;
