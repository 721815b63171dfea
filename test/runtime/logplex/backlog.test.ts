import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backlog, type BacklogLimits } from '../../../src/runtime/logplex/backlog.js';

const block = (text: string) => ({ time: 0, source: 'app', process: 'web.1', text });
const inLines: BacklogLimits = { count: 5, unit: 'lines', characters: 1_000 };

function rest(backlog: Backlog): string[] {
  const texts: string[] = [];
  for (let next = backlog.shift(); next; next = backlog.shift()) texts.push(next.text);
  return texts;
}

describe('a backlog', () => {
  it('gives blocks back whole and in order', () => {
    const backlog = new Backlog(inLines);
    backlog.push(block('a\nb'), 2, 0);
    backlog.push(block('c'), 1, 0);
    expect(rest(backlog)).toEqual(['a\nb', 'c']);
    expect(backlog.takeLoss()).toBeUndefined();
  });

  it('cuts the oldest block where the limit is in lines', () => {
    const backlog = new Backlog(inLines);
    backlog.push(block('a\nb\nc'), 3, 1);
    backlog.push(block('d\ne\nf\ng'), 4, 2);
    expect(backlog.takeLoss()).toEqual({ lines: 2, since: 2 });
    expect(rest(backlog)).toEqual(['c', 'd\ne\nf\ng']);
  });

  it('drops whole messages where the limit is in messages', () => {
    const backlog = new Backlog({ count: 2, unit: 'messages', characters: 1_000 });
    for (const text of ['a\nb', 'c', 'd']) backlog.push(block(text), text.split('\n').length, 7);
    expect(backlog.takeLoss()).toEqual({ lines: 2, since: 7 });
    expect(rest(backlog)).toEqual(['c', 'd']);
  });

  it('is bounded in characters too, but keeps the newest message', () => {
    const backlog = new Backlog({ ...inLines, characters: 4 });
    backlog.push(block('abc'), 1, 0);
    backlog.push(block('defghi'), 1, 0);
    expect(backlog.takeLoss()?.lines).toBe(1);
    expect(rest(backlog)).toEqual(['defghi']);
  });

  it('counts every line once: given back or lost', () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant('take' as const)));
    fc.assert(
      fc.property(steps, fc.constantFrom('lines' as const, 'messages' as const), (steps, unit) => {
        const backlog = new Backlog({ count: 5, unit, characters: 20 });
        let next = 0;
        let lost = 0;
        const given: string[] = [];
        for (const step of [...steps, ...Array<'take'>(200).fill('take')]) {
          if (step === 'take') {
            const message = backlog.shift();
            if (message) given.push(...message.text.split('\n'));
          } else {
            backlog.push(
              block(Array.from({ length: step }, () => String(next++)).join('\n')),
              step,
              0,
            );
            lost += backlog.takeLoss()?.lines ?? 0;
          }
        }
        expect(given.length + lost).toBe(next);
        expect(given).toEqual([...given].sort((one, other) => Number(one) - Number(other)));
        expect(backlog.lines).toBe(0);
      }),
    );
  });
});
