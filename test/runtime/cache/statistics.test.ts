import { describe, expect, it } from 'vitest';
import { AppStatistics } from '../../../src/runtime/cache/statistics.js';

const USAGE = { responses: 1, bytes: 2 };

describe('statistics of the cache', () => {
  it('count outcomes, reasons, bytes and paths', () => {
    const statistics = new AppStatistics();
    statistics.answered('hit', 'http://a/1', 10);
    statistics.answered('hit', 'http://a/2', 10);
    statistics.answered('stale', 'http://a/2', 10);
    statistics.answered('miss', 'http://a/1', 0);
    statistics.stored('http://a/1');
    statistics.refused('http://a/1', 'private');
    statistics.refused('http://a/3', 'set-cookie');
    expect(statistics.report(USAGE)).toEqual({
      ...USAGE,
      outcomes: { hit: 2, stale: 1, miss: 1, revalidated: 0, pass: 0 },
      notStored: { private: 1, 'set-cookie': 1 },
      bytesSaved: 30,
      hottest: [
        { path: 'http://a/2', count: 2 },
        { path: 'http://a/1', count: 1 },
      ],
      neverCached: [{ path: 'http://a/3', count: 1, because: 'set-cookie' }],
    });
  });

  it('keep the paths that matter when there are too many', () => {
    const statistics = new AppStatistics();
    for (let n = 0; n < 5000; n += 1) {
      statistics.answered('hit', 'http://a/hot', 1);
      statistics.refused(`http://a/${n}`, 'no-store');
    }
    const report = statistics.report(USAGE);
    expect(report.hottest).toEqual([{ path: 'http://a/hot', count: 5000 }]);
    expect(report.neverCached).toHaveLength(10);
  });
});
