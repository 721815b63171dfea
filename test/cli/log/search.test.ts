import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContextWindow, GAP } from '../../../src/cli/log/context.js';
import { follow } from '../../../src/cli/log/follow.js';
import { ResumePoint } from '../../../src/cli/log/resume.js';
import { searchBackwards } from '../../../src/cli/log/search.js';
import { PlatformError } from '../../../src/runtime/errors.js';
import type { LogLine } from '../../../src/runtime/logplex/line.js';

const line = (text: string, time = 0) => ({ time, source: 'app', process: 'web.1', text });
const shown = (lines: readonly (LogLine | typeof GAP)[]) =>
  lines.map((one) => (one === GAP ? '--' : one.text)).join('');
const grep = (text: string) => ({ grep: { kind: 'text', text } }) as const;
async function* batches(text: string, size = 3) {
  const lines = [...text].map((one, at) => line(one, at)).reverse();
  for (let at = 0; at < lines.length; at += size) yield lines.slice(at, at + size);
}

describe('a search', () => {
  it.each([
    ['abxcdxef', 'x', 9, 0, 'xx'],
    ['abxcdxef', 'x', 1, 0, 'x'],
    ['abxcdxef', 'x', 9, 1, 'bxcdxe'],
    ['abxcdefxgh', 'x', 9, 1, 'bxc--fxg'],
    ['abxcdefxgh', 'x', 1, 2, 'efxgh'],
    ['xxab', 'x', 1, 1, 'xxa'],
    ['abc', 'x', 9, 2, ''],
    ['abc', '', 2, 0, 'bc'],
    ['abc', '', 0, 0, ''],
  ])(
    'in %s for "%s" gives the newest %i with %i around them',
    async (text, wanted, lines, context, found) => {
      expect(shown(await searchBackwards(batches(text), grep(wanted), lines, context))).toBe(found);
    },
  );

  it('shows forwards what it shows backwards', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('x', 'a') }), fc.nat(3), (text, context) => {
        const run = (letters: string[]) => {
          const window = new ContextWindow(context);
          return letters.flatMap((one) => window.push(line(one), one === 'x'));
        };
        expect(shown(run([...text].reverse()))).toBe([...shown(run([...text]))].reverse().join(''));
      }),
    );
  });

  it('reads no further than the time that is asked for', async () => {
    async function* endless() {
      for (let time = 1e9; ; time -= 1e6) yield [line('x', time)];
    }
    const found = await searchBackwards(endless(), { since: 9.9e8 }, 1_000, 0);
    expect(found).toHaveLength(11);
  });
});

describe('a tail', () => {
  it('goes on in another session without gap or repeat, also within one microsecond', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3)), fc.array(fc.nat(40)), (steps, breaks) => {
        const times = steps.map((_, at) =>
          steps.slice(0, at).reduce((one, other) => one + other, 0),
        );
        const log = times.map((time, at) => line(String(at), time));
        const point = new ResumePoint(0);
        const seen: LogLine[] = [];
        for (const end of [...breaks.sort((one, other) => one - other), log.length]) {
          point.begin();
          const from = log.findIndex((one) => one.time >= point.since);
          for (const one of from < 0 ? [] : log.slice(from, end))
            if (point.accept(one)) seen.push(one);
        }
        expect(seen).toEqual(log);
      }),
    );
  });

  it('says what it lost, whatever it was to show', async () => {
    const loss = {
      ...line('Error L11 (Tail buffer overflow) -> This tail session dropped 7 messages.', 2),
      source: 'heroku',
      process: 'logplex',
    };
    const session = [line('a', 1), loss, { ...line('b', 3), process: 'other.1' }, line('d', 4)];
    const open = async () =>
      (async function* () {
        yield* session;
      })();
    const filter = { processes: ['web'], grep: { kind: 'text', text: '' } } as const;
    const seen: unknown[] = [];
    for await (const one of follow({ filter, from: 0, context: 0, open, say: () => undefined })) {
      seen.push(one);
      if (one !== GAP && one.text === 'd') break;
    }
    expect(seen).toEqual([line('a', 1), loss, line('d', 4)]);
  });

  it('waits for an app that has ended, says so, and follows it again', async () => {
    const said: string[] = [];
    const sessions: (LogLine[] | 'none' | 'broken')[] = [
      [line('a', 1), line('b', 2)],
      'none',
      'broken',
      [line('b', 2), line('c', 2), line('d', 3)],
    ];
    const open = async (since: number): Promise<AsyncIterable<LogLine>> => {
      const session = sessions.shift();
      if (session === 'none') throw new PlatformError('not_found', 'No app is running.');
      return (async function* () {
        if (session === 'broken') throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        yield* (session ?? []).filter(({ time }) => time >= since);
      })();
    };
    const texts: (LogLine | typeof GAP)[] = [];
    const options = {
      filter: {},
      from: 0,
      context: 0,
      open,
      say: (text: string) => said.push(text),
    };
    for await (const one of follow(options)) {
      texts.push(one);
      if (one !== GAP && one.text === 'd') break;
    }
    expect(shown(texts)).toBe('abcd');
    expect(said.length).toBeGreaterThan(0);
  });
});
