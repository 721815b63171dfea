import { describe, expect, it } from 'vitest';
import {
  metricsLines,
  NO_LOAD,
  nextLoad,
} from '../../../../../src/runtime/engine/local/usage/runtime-metrics.js';

const MB = 1024 * 1024;
const subject = { app: 'app-id', id: 'dyno-id', name: 'web.1' };
const start = 'source=web.1 dyno=heroku.app-id.dyno-id';

describe('log-runtime-metrics', () => {
  it("has Heroku's line of the memory", () => {
    expect(metricsLines(subject, NO_LOAD, 21.22 * MB, 512 * MB)).toEqual([
      `${start} sample#memory_total=21.22MB sample#memory_rss=21.22MB sample#memory_cache=0.00MB sample#memory_swap=0.00MB sample#memory_pgpgin=0pages sample#memory_pgpgout=0pages sample#memory_quota=512.00MB`,
    ]);
  });

  it('has a load average once its window is full', () => {
    const minute = nextLoad(NO_LOAD, 1, 60);
    expect(metricsLines(subject, minute, 0, 0)[0]).toBe(`${start} sample#load_avg_1m=0.63`);
    const quarter = nextLoad(minute, 1, 840);
    expect(metricsLines(subject, quarter, 0, 0)[0]).toMatch(
      /sample#load_avg_1m=1\.00 sample#load_avg_5m=0\.95 sample#load_avg_15m=0\.\d\d$/,
    );
  });
});
