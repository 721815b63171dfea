import { describe, expect, it } from 'vitest';
import {
  countCrash,
  cycleAge,
  restartDelay,
} from '../../../../src/runtime/engine/local/restart-policy.js';

describe('restart policy', () => {
  it('starts at once after the first crash and doubles the wait up to a minute', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000].map((n) => restartDelay('local', n, 0.5));
    expect(delays).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('has the table of Heroku', () => {
    const minutes = [1, 2, 3, 4, 5, 6, 7, 99].map(
      (n) => (restartDelay('heroku', n, 1) ?? Number.NaN) / 60_000,
    );
    expect(minutes).toEqual([0, 20, 40, 60, 180, 320, 320, 320]);
    expect(restartDelay('heroku', 2, 0.5)).toBe(10 * 60_000);
  });

  it('can leave a crashed dyno crashed', () => {
    expect(restartDelay('never', 1, 0.5)).toBeUndefined();
  });

  it('counts a crash after a minute up as the first one', () => {
    expect(countCrash(4, 59_999)).toBe(5);
    expect(countCrash(4, 60_000)).toBe(1);
    expect(countCrash(0, 0)).toBe(1);
  });

  it('cycles after 24 hours and 0 to 216 minutes', () => {
    expect(cycleAge(0)).toBe(24 * 3_600_000);
    expect(cycleAge(1)).toBe(24 * 3_600_000 + 216 * 60_000);
  });
});
