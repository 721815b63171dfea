import { expect, it } from 'vitest';
import { ForwardClock } from '../../../src/runtime/cache/clock.js';

it('follows its source, but never goes back', () => {
  const source = [100, 150, 40, 60, 200, 190];
  const clock = new ForwardClock(() => source.shift()!);
  expect([1, 2, 3, 4, 5, 6].map(() => clock.now())).toEqual([100, 150, 150, 170, 310, 310]);
});
