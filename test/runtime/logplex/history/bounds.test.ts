import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  expiredSegments,
  HISTORY_LIMITS,
  segmentAt,
} from '../../../../src/runtime/logplex/history/segments.js';
import { formatHeroku } from '../../../../src/runtime/logplex/line.js';
import { folderWith } from '../../../support/folders.js';
import { filesOf, line, texts, writer } from './writing.js';

describe('a history', () => {
  it('stays within its bounds of size', async () => {
    const folder = join(folderWith(), 'logs');
    const { history } = writer(folder, { ...HISTORY_LIMITS, segment: 10_000, total: 40_000 });
    for (let at = 0; at < 1_000; at += 1) {
      history.append(line(`${at} ${'x'.repeat(100)}`), 1);
      if (at % 10 === 0) await history.mark();
    }
    await history.close();
    const sizes = filesOf(folder).map((name) => statSync(join(folder, name)).size);
    expect(sizes.reduce((one, other) => one + other)).toBeLessThanOrEqual(40_000);
    expect((await texts(folder)).at(-1)).toMatch(/^999 /);
    expect((await texts(folder)).length).toBeGreaterThan(100);
  });

  it('drops files by size and age, never the newest', () => {
    const file = (number: number, size: number, writtenAt: number) => ({
      ...segmentAt('/l', number),
      size,
      writtenAt,
    });
    const numbers = (files: readonly { number: number }[]) => files.map(({ number }) => number);
    const limits = { segment: 10, total: 30, age: 100, span: 50 };
    expect(
      numbers(expiredSegments([file(1, 10, 0), file(2, 10, 0), file(3, 10, 0)], limits, 0)),
    ).toEqual([]);
    expect(
      numbers(
        expiredSegments([file(1, 10, 0), file(2, 10, 0), file(3, 9, 0), file(4, 0, 0)], limits, 0),
      ),
    ).toEqual([1]);
    expect(
      numbers(expiredSegments([file(1, 1, 0), file(2, 1, 50), file(3, 1, 0)], limits, 101)),
    ).toEqual([1]);
    expect(numbers(expiredSegments([file(1, 99, 0)], limits, 1_000))).toEqual([]);
  });

  it('begins a new file each day, and drops old ones when it begins', async () => {
    const folder = join(folderWith(), 'logs');
    mkdirSync(folder, { recursive: true });
    const daysAgo = (days: number) => Date.now() - days * 24 * 60 * 60 * 1000;
    const file = (number: number, days: number) => {
      const { path } = segmentAt(folder, number);
      const text = `${days} days ago`;
      writeFileSync(path, formatHeroku({ ...line(text), time: daysAgo(days) * 1000 }));
      utimesSync(path, daysAgo(days) / 1000, daysAgo(days) / 1000);
    };
    for (const [number, days] of [9, 5, 2].entries()) file(number + 1, days);
    const { history } = writer(folder);
    history.append(line('today'), 1);
    await history.mark();
    expect(filesOf(folder)).toEqual(['00000002.log', '00000003.log', '00000004.log']);
    expect(await texts(folder)).toEqual(['5 days ago', '2 days ago', 'today']);
  });

  it('goes on when somebody empties or removes its files', async () => {
    const folder = join(folderWith(), 'logs');
    const { history, told } = writer(folder);
    const write = async (text: string) => {
      history.append(line(text), 1);
      return history.mark();
    };
    await write('a');
    writeFileSync(segmentAt(folder, 1).path, '');
    const mark = await write('b');
    expect(mark?.offset).toBe(statSync(segmentAt(folder, 1).path).size);
    rmSync(folder, { recursive: true });
    await write('c');
    await write('d');
    expect(await texts(folder)).toEqual(['c', 'd']);
    expect(told).toEqual([]);
  });
});
