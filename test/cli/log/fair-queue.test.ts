import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../../src/cli/log/fair-queue.js';

const block = (process: string, ...lines: string[]) => ({
  time: 0,
  source: 'app',
  process,
  text: lines.join('\n'),
});
const flood = (process: string, count: number) =>
  block(process, ...Array<string>(count).fill('x'.repeat(99)));

describe('lines that wait for the terminal', () => {
  it('come in the order of their arrival while there is room for all', () => {
    const queue = new FairQueue();
    for (const [process, text] of [
      ['web.1', 'a'],
      ['worker.1', 'b'],
      ['web.1', 'c'],
    ] as const) {
      queue.push(block(process, text));
    }
    expect(queue.take(1_000).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    expect(queue.characters).toBe(0);
  });

  it('of a quiet process overtake those of a flood', () => {
    const queue = new FairQueue();
    queue.push(flood('web.1', 10_000));
    queue.push(block('clock.1', 'tick'));
    expect(queue.take(1_000).map(({ process }) => process)).toContain('clock.1');
  });

  it('are dropped from the process that has most of them', () => {
    const queue = new FairQueue();
    queue.push(block('clock.1', 'tick'));
    queue.push(flood('web.1', 100));
    queue.push(flood('web.2', 50));
    expect(queue.dropTo(10_000)).toBe(51);
    expect(queue.take(1e6).map(({ process, text }) => [process, text.split('\n').length])).toEqual([
      ['clock.1', 1],
      ['web.1', 49],
      ['web.2', 50],
    ]);
  });

  it('are each given or dropped once, in the order of their process', () => {
    const processes = ['web.1', 'web.2', 'clock.1'];
    const step = fc.oneof(
      fc.record({ push: fc.nat(2), lines: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ take: fc.nat(400) }),
      fc.record({ dropTo: fc.nat(400) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const queue = new FairQueue();
        const pushed = [0, 0, 0];
        const given: number[][] = [[], [], []];
        let dropped = 0;
        const take = (characters: number) => {
          for (const { process, text } of queue.take(characters)) {
            given[processes.indexOf(process)]?.push(...text.split('\n').map(Number));
          }
        };
        for (const next of steps) {
          if ('take' in next) take(next.take);
          else if ('dropTo' in next) dropped += queue.dropTo(next.dropTo);
          else {
            const lines = Array.from({ length: next.lines }, () => String(pushed[next.push]!++));
            queue.push(block(processes[next.push]!, ...lines));
          }
        }
        take(1e9);
        expect(queue.characters).toBe(0);
        for (const numbers of given) {
          expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
        }
        expect(given.flat().length + dropped).toBe(pushed.reduce((one, other) => one + other));
      }),
    );
  });
});
