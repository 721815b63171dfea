import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../../src/cli/log/fair-queue.js';

const into = Buffer.alloc(2_000_000);
const flood = (count: number, line = 'x'.repeat(99)) => `${line}\n`.repeat(count);
/** Lines of about so many bytes. */
const taken = (queue: FairQueue, bytes: number) =>
  into
    .subarray(0, queue.take(into, 0, bytes))
    .toString()
    .split('\n')
    .slice(0, -1);

describe('lines that wait for the terminal', () => {
  it('come in the order of their arrival while there is room for all', () => {
    const queue = new FairQueue();
    queue.push('web.1', 'a\n');
    queue.push('worker.1', 'b ☃\n');
    queue.push('web.1', 'c\n');
    expect(taken(queue, 1_000)).toEqual(['a', 'b ☃', 'c']);
    expect(queue.bytes).toBe(0);
  });

  it('of a quiet process overtake those of a flood', () => {
    const queue = new FairQueue();
    for (let count = 0; count < 10; count += 1) queue.push('web.1', flood(1_000));
    queue.push('clock.1', 'tick\n');
    expect(taken(queue, 1_000)).toContain('tick');
  });

  it('are given though one is longer than the share, but never more than there is room for', () => {
    const queue = new FairQueue();
    queue.push('web.1', flood(1, 'y'.repeat(300_000)));
    queue.push('web.2', flood(1, 'z'.repeat(300_000)));
    const small = Buffer.alloc(400_000);
    expect(queue.take(small, 10, 1_000)).toBe(300_011);
    expect(queue.take(small, 0, 1_000)).toBe(300_001);
    expect(queue.take(small, 0, 1_000)).toBe(0);
  });

  it('are dropped from the process that has most of them', () => {
    const queue = new FairQueue();
    queue.push('clock.1', 'tick\n');
    queue.push('web.1', flood(100, `1${'x'.repeat(98)}`));
    queue.push('web.2', flood(50, `2${'x'.repeat(98)}`));
    expect(queue.dropTo(10_000)).toBe(51);
    const kept = taken(queue, 1e6).map((line) => line.slice(0, 1));
    expect(kept.join('')).toBe(`t${'1'.repeat(49)}${'2'.repeat(50)}`);
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
        const take = (bytes: number) => {
          for (const line of taken(queue, bytes)) {
            const [process = '', number] = line.split(' ');
            given[processes.indexOf(process)]?.push(Number(number));
          }
        };
        for (const next of steps) {
          if ('take' in next) take(next.take);
          else if ('dropTo' in next) dropped += queue.dropTo(next.dropTo);
          else {
            const process = processes[next.push]!;
            const lines = Array.from(
              { length: next.lines },
              () => `${process} ${pushed[next.push]!++}\n`,
            );
            queue.push(process, lines.join(''));
          }
        }
        take(1e9);
        expect(queue.bytes).toBe(0);
        for (const numbers of given) {
          expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
        }
        expect(given.flat().length + dropped).toBe(pushed.reduce((one, other) => one + other));
      }),
    );
  });
});
