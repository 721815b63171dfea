import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LogFilter,
  matcher,
  select,
  splitLines,
} from '../../../src/runtime/logplex/filter.js';

const line = (process: string, text: string, source = 'app', time = 1_000) => ({
  time,
  source,
  process,
  text,
});

describe('a filter', () => {
  const cases: [string, LogFilter, ReturnType<typeof line>, string | undefined][] = [
    ['takes all when empty', {}, line('web.1', 'a\nb'), 'a\nb'],
    ['takes a process by its name', { processes: ['web.1'] }, line('web.1', 'a'), 'a'],
    [
      'takes no process with a longer number',
      { processes: ['web.1'] },
      line('web.11', 'a'),
      undefined,
    ],
    ['takes a process by its type', { processes: ['web'] }, line('web.7', 'a'), 'a'],
    ['takes no type that begins alike', { processes: ['web'] }, line('webhook.1', 'a'), undefined],
    ['takes any of several', { processes: ['clock', 'worker.2'] }, line('worker.2', 'a'), 'a'],
    ['takes the router by its name', { processes: ['router'] }, line('router', 'a', 'heroku'), 'a'],
    ['takes a source', { sources: ['heroku'] }, line('web.1', 'a', 'heroku'), 'a'],
    ['leaves another source', { sources: ['heroku'] }, line('web.1', 'a'), undefined],
    ['takes from a time on, itself included', { since: 1_000 }, line('web.1', 'a'), 'a'],
    ['leaves what was before', { since: 1_001 }, line('web.1', 'a'), undefined],
    ['takes until a time, itself included', { until: 1_000 }, line('web.1', 'a'), 'a'],
    ['leaves what came after', { until: 999 }, line('web.1', 'a'), undefined],
    [
      'takes the lines of a block that have a text',
      { grep: { kind: 'text', text: 'x' } },
      line('web.1', 'ax\nb\nxc'),
      'ax\nxc',
    ],
    [
      'takes lines by an expression',
      { grep: { kind: 'regexp', expression: /^b+$/g } },
      line('web.1', 'a\nbb\nb'),
      'bb\nb',
    ],
    [
      'reads the router’s pairs',
      { grep: { kind: 'field', name: 'status', value: '503' } },
      line('router', 'at=error status=503\nat=info status=200'),
      'at=error status=503',
    ],
    [
      'reads fields of JSON lines',
      { grep: { kind: 'field', name: 'level', value: 'error' } },
      line('web.1', '{"level":50}\n{"level":"error"}\n{"severity":"ERROR"}\n{"level":30}\n{level}'),
      '{"level":50}\n{"level":"error"}\n{"severity":"ERROR"}',
    ],
    [
      'reads fields within fields',
      { grep: { kind: 'field', name: 'http.status', value: '500' } },
      line('web.1', '{"http":{"status":500}}\n{"http":null}'),
      '{"http":{"status":500}}',
    ],
    [
      'joins what a request left',
      { requestId: 'f00-1' },
      line('web.1', 'a\n[f00-1] b'),
      '[f00-1] b',
    ],
    [
      'wants all that is given',
      { requestId: 'f00', grep: { kind: 'text', text: 'b' } },
      line('web.1', 'f00 a\nf00 b\nb'),
      'f00 b',
    ],
  ];
  it.each(cases)('%s', (_name, filter, message, text) => {
    expect(select(matcher(filter), message)?.text).toBe(text);
  });

  it('gives the message itself when it takes all of it', () => {
    const message = line('web.1', 'a\nb');
    expect(select(matcher({ processes: ['web'] }), message)).toBe(message);
  });

  it('finds in a block what it finds in its single lines', () => {
    const text = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'b', '{', '"', '\r', 'é') }))
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, fc.constantFrom('a', 'ab', '{'), (text, wanted) => {
        const ready = matcher({ grep: { kind: 'text', text: wanted } });
        const single = splitLines(line('web.1', text)).filter((one) => select(ready, one));
        expect(select(ready, line('web.1', text))?.text ?? '').toBe(
          single.map((one) => one.text).join('\n'),
        );
      }),
    );
  });
});
