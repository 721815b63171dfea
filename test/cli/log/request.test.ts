import { describe, expect, it } from 'vitest';
import { filterFrom, grepFrom, timeFrom } from '../../../src/cli/log/request.js';

const now = Date.UTC(2026, 7, 4, 12);

describe('the words of paas logs', () => {
  it('become a filter', () => {
    expect(
      filterFrom(
        {
          'process-type': ['web,worker'],
          'dyno-name': ['clock.1'],
          source: ['app'],
          'request-id': 'r1',
          since: '5m',
          until: '1s',
          grep: 'a.c',
          'ignore-case': true,
        },
        now,
      ),
    ).toEqual({
      processes: ['web', 'worker', 'clock.1'],
      sources: ['app'],
      requestId: 'r1',
      since: (now - 300_000) * 1000,
      until: (now - 1_000) * 1000,
      grep: { kind: 'regexp', expression: /a.c/iu },
    });
    expect(filterFrom({}, now)).toEqual({});
  });

  it.each([
    ['90s', (now - 90_000) * 1000],
    ['1.5h', (now - 5_400_000) * 1000],
    ['2d', (now - 172_800_000) * 1000],
    ['2026-08-04', Date.UTC(2026, 7, 4) * 1000],
    ['2026-08-04T10:00:00Z', Date.UTC(2026, 7, 4, 10) * 1000],
    ['2026-08-04T10:00:00.123456+00:00', Date.UTC(2026, 7, 4, 10, 0, 0, 123) * 1000 + 456],
  ])('read the time %s', (text, time) => {
    expect(timeFrom(text, now, 'since')).toBe(time);
  });

  it.each(['', 'yesterday', '5 minutes', '5x', '2026-13-45', '12'])(
    'refuse the time "%s"',
    (text) => {
      expect(() => timeFrom(text, now, 'since')).toThrow(
        /Can't read the time .* of --since\. Give an age/,
      );
    },
  );

  it('look for fields, and for regular expressions', () => {
    expect(grepFrom('level=error', '')).toEqual({ kind: 'field', name: 'level', value: 'error' });
    expect(grepFrom('status=5..', '')).toMatchObject({ kind: 'regexp' });
    expect(grepFrom('status=5\\d\\d', '')).toEqual({ kind: 'regexp', expression: /status=5\d\d/u });
    const refusedByU = grepFrom('a\\-b', '');
    expect(refusedByU.kind === 'regexp' && 'xa-b'.match(refusedByU.expression)).toBeTruthy();
    expect(() => grepFrom('(', '')).toThrow(/is not a regular expression \(.*\)\. Put a \\/);
  });
});
