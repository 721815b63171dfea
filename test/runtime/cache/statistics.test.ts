import { describe, expect, it } from 'vitest';
import { AppStatistics } from '../../../src/runtime/cache/statistics.js';

const USAGE = { responses: 1, bytes: 2 };

describe('statistics of the cache', () => {
  it('count outcomes, reasons, bytes and paths', () => {
    const statistics = new AppStatistics();
    statistics.answered('hit', 'app\nhttp://a/1?q', 10);
    statistics.answered('hit', 'app\nhttp://a/2', 10);
    statistics.answered('stale', 'app\nhttp://a/2', 10);
    statistics.answered('miss', 'app\nhttp://a/1?q', 0);
    statistics.stored('app\nhttp://a/1?q');
    statistics.refused('app\nhttp://a/1?q', 'private');
    // A path may hold what a terminal acts on.
    statistics.refused('app\nhttp://a/3\x9b2J', 'set-cookie');
    expect(statistics.report(USAGE)).toEqual({
      hits: 3,
      misses: 1,
      collapsed: 0,
      outcomes: { hit: 2, stale: 1, miss: 1, revalidated: 0, pass: 0 },
      entries: 1,
      bytes: 2,
      bytesSaved: 30,
      reasons: { private: 1, 'set-cookie': 1 },
      hottest: [
        { path: '/2', hits: 2 },
        { path: '/1?q', hits: 1 },
      ],
      uncacheable: [{ path: '/3%9B2J', count: 1, reason: 'set-cookie' }],
    });
  });

  it('keep the paths that matter when there are too many', () => {
    const statistics = new AppStatistics();
    for (let n = 0; n < 5000; n += 1) {
      statistics.answered('hit', 'app\nhttp://a/hot', 1);
      statistics.refused(`app\nhttp://a/${n}`, 'no-store');
    }
    const report = statistics.report(USAGE);
    expect(report.hottest).toEqual([{ path: '/hot', hits: 5000 }]);
    expect(report.uncacheable).toHaveLength(10);
  });
});
