import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countLines,
  formatHeroku,
  formatSeconds,
  formatTime,
  microsecondsNow,
  parseHeroku,
} from '../../../src/runtime/logplex/line.js';

const time = Date.UTC(2026, 7, 4, 18, 25, 43, 511) * 1000 + 234;

describe('a log line in Heroku’s form', () => {
  it('has the time with microseconds, source, process and text', () => {
    expect(
      formatHeroku({ time, source: 'app', process: 'web.1', text: 'Listening on 22020' }),
    ).toBe('2026-08-04T18:25:43.511234+00:00 app[web.1]: Listening on 22020\n');
  });

  it('gives every line of a block its own head', () => {
    const lines = formatHeroku({ time, source: 'app', process: 'web.1', text: 'a\n\nb' });
    expect(lines.split('\n').map((line) => line.slice(33))).toEqual([
      'app[web.1]: a',
      'app[web.1]: ',
      'app[web.1]: b',
      '',
    ]);
  });

  it('is read back as it was, whatever its text', () => {
    const text = fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'grapheme' }),
        fc.stringMatching(/^.*$/s),
      )
      .map((any) => any.replaceAll('\n', ' '));
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}(\.[1-9]\d{0,3})?$/);
    const micros = fc.integer({ min: 0, max: 4e15 });
    fc.assert(
      fc.property(
        text,
        name,
        fc.constantFrom('app', 'heroku', 'redis'),
        micros,
        (text, process, source, time) => {
          const line = { time, source, process, text };
          expect(parseHeroku(formatHeroku(line).slice(0, -1))).toEqual(line);
        },
      ),
    );
  });

  it('is not seen in a text of another kind', () => {
    for (const text of [
      '',
      'hello',
      '2026-08-04T18:25:43.511234+00:00 app[web',
      '2026-08-04T18:25:43 app[web.1]: x',
    ]) {
      expect(parseHeroku(text)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        const line = parseHeroku(any);
        if (line) expect(formatHeroku(line)).toBe(`${any}\n`);
      }),
    );
  });

  it('shows whole seconds in L codes', () => {
    expect(formatSeconds(time)).toBe('2026-08-04T18:25:43+00:00');
    expect(formatTime(time + 0.6)).toBe('2026-08-04T18:25:43.511234+00:00');
  });
});

it('counts lines as a split would', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '', 'é', '\n')), (parts) => {
      const text = parts.join('');
      expect(countLines(text)).toBe(text.split('\n').length);
    }),
  );
});

it('never gives the same time twice', () => {
  const times = Array.from({ length: 1_000 }, microsecondsNow);
  expect(new Set(times).size).toBe(1_000);
  expect(times).toEqual([...times].sort((one, other) => one - other));
});
