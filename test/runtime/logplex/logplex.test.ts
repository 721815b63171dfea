import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src/runtime/logplex/line.js';
import { Logplex } from '../../../src/runtime/logplex/logplex.js';
import type { Tail } from '../../../src/runtime/logplex/tail.js';

const app = { id: 'a1', name: 'shop' };
let clock = Date.UTC(2026, 7, 4) * 1000;
const message = (text: string, process = 'web.1', source = 'app') => ({
  app: app.id,
  time: clock++,
  source,
  process,
  text,
});
const texts = (lines: readonly LogLine[]) => lines.map((line) => line.text);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);

const folders: string[] = [];
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'logplex-'));
  folders.push(made);
  return join(made, 'logs');
}
afterEach(async () => {
  for (const made of folders.splice(0)) await rm(made, { recursive: true });
});

async function read(tail: Tail): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of tail) lines.push(line);
  return lines;
}

describe('recent lines', () => {
  it('are the newest that a filter wants, oldest first, blocks as single lines', async () => {
    const logplex = new Logplex();
    logplex.open(app, undefined);
    logplex.publish(message('a\nb\nc'));
    logplex.publish(message('x', 'worker.1'));
    logplex.publish(message('d\ne'));
    expect(texts(await logplex.recent(app.id, { processes: ['web'] }, 4))).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
    expect(await logplex.recent(app.id, {}, 0)).toEqual([]);
  });

  it('are at least 1,500 in memory, and not without bound', async () => {
    const logplex = new Logplex();
    logplex.open(app, undefined);
    for (const text of numbered(5_000)) logplex.publish(message(text));
    expect(texts(await logplex.recent(app.id, {}, 9_999))).toEqual(numbered(5_000).slice(-1_500));
  });

  it('come from the disk where memory has too few', async () => {
    const logplex = new Logplex();
    logplex.open(app, await folder());
    for (const text of numbered(5_000)) logplex.publish(message(text));
    expect(texts(await logplex.recent(app.id, {}, 9_999))).toEqual(numbered(5_000));
    expect(
      texts(await logplex.recent(app.id, { grep: { kind: 'text', text: 'line 7' } }, 1)),
    ).toEqual(['line 799']);
    await logplex.close();
  });

  it('outlive the platform', async () => {
    const logs = await folder();
    const first = new Logplex();
    first.open(app, logs);
    first.publish(message('before'));
    await first.close();
    const second = new Logplex();
    second.open(app, logs);
    second.publish(message('after'));
    expect(texts(await second.recent(app.id, {}, 10))).toEqual(['before', 'after']);
    await second.close();
  });
});

it('keeps what was published before an app was opened, and opens it once', async () => {
  const logs = await folder();
  const logplex = new Logplex();
  logplex.publish(message('early'));
  logplex.open(app, logs);
  const tail = logplex.tail(app.id, {}, { lines: 0 });
  logplex.open(app, logs);
  logplex.publish(message('late'));
  await logplex.close();
  expect(texts(await read(tail))).toEqual(['late']);
  const next = new Logplex();
  next.open(app, logs);
  expect(texts(await next.recent(app.id, {}, 10))).toEqual(['early', 'late']);
  await next.close();
});

describe('a tail', () => {
  it('gives history, then what is published, without gap or repeat', async () => {
    const logplex = new Logplex();
    logplex.open(app, await folder());
    for (const text of numbered(3_000)) logplex.publish(message(text));
    const tail = logplex.tail(app.id, {}, { lines: 2_500 });
    for (const text of ['x', 'y\nz']) logplex.publish(message(text));
    const reading = read(tail);
    await logplex.close();
    expect(texts(await reading)).toEqual([...numbered(3_000).slice(-2_500), 'x', 'y\nz']);
  });

  it('keeps a block whole, less the lines that its filter leaves out', async () => {
    const logplex = new Logplex();
    const tail = logplex.tail(app.id, { grep: { kind: 'text', text: 'x' } }, { lines: 0 });
    logplex.publish(message('x1\nb\nx2'));
    logplex.publish(message('b'));
    await logplex.close();
    expect(texts(await read(tail))).toEqual(['x1\nx2']);
  });

  it('that nobody reads loses the oldest and says how many, first of all', async () => {
    const logplex = new Logplex();
    const tail = logplex.tail(app.id, {}, { lines: 0 });
    for (const text of numbered(3_000)) logplex.publish(message(text));
    await logplex.close();
    const [note, ...rest] = await read(tail);
    expect(note).toMatchObject({ source: 'heroku', process: 'logplex' });
    expect(note?.text).toMatch(
      /^Error L11 \(Tail buffer overflow\) -> This tail session dropped 1976 messages since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\.$/,
    );
    expect(texts(rest)).toEqual(numbered(3_000).slice(-1_024));
  });

  it('holds no more than 4 MiB for a reader that stopped, and counts the lines of blocks', async () => {
    const logplex = new Logplex();
    const tail = logplex.tail(app.id, {}, { lines: 0 });
    const line = 'x'.repeat(99);
    const block = Array.from({ length: 600 }, () => line).join('\n');
    for (let count = 0; count < 1_000; count += 1) logplex.publish(message(block));
    await logplex.close();
    const [note, ...rest] = await read(tail);
    const kept = rest.flatMap((one) => one.text.split('\n')).length;
    expect(kept * 100).toBeLessThanOrEqual(4 * 1024 * 1024 + 1_000);
    expect(Number(/dropped (\d+)/.exec(note?.text ?? '')?.[1]) + kept).toBe(600_000);
  });

  it('ends when its reader leaves', async () => {
    const logplex = new Logplex();
    const tail = logplex.tail(app.id, {}, { lines: 0 });
    logplex.publish(message('a'));
    for await (const line of tail) {
      expect(line.text).toBe('a');
      break;
    }
    logplex.publish(message('b'));
    expect(await read(tail)).toEqual([]);
  });
});

it('tells listeners of every message at once', () => {
  const logplex = new Logplex();
  const heard: string[] = [];
  const end = logplex.listen((one) => heard.push(one.text));
  logplex.publish(message('a\nb'));
  end();
  logplex.publish(message('c'));
  expect(heard).toEqual(['a\nb']);
});
