import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForemanFormat } from '../../../src/cli/log/foreman.js';
import { createFormat } from '../../../src/cli/log/format.js';

const time = new Date(2026, 7, 4, 10, 9, 39).getTime() * 1000;
const line = (text: string, process = 'web.1', source = 'app') => ({ time, source, process, text });
const plain = { colour: 'plain', timestamps: 'shown', types: [], names: [] } as const;
const coloured = { ...plain, colour: 'coloured', types: ['web', 'worker'] } as const;
const show = (text: string) => text.replaceAll('\x1b', '␛');

describe('foreman’s layout', () => {
  it('has the time of day, the name padded to six, a bar, and the text', () => {
    expect(new ForemanFormat(plain).render(line('Listening'))).toBe(
      '10:09:39 web.1  | Listening\n',
    );
  });

  it('is aligned to the longest name that is known, and to longer ones as they come', () => {
    const format = new ForemanFormat({ ...plain, names: ['web.1', 'worker.1'] });
    expect(format.render(line('a\n\nb'))).toBe(
      '10:09:39 web.1    | a\n10:09:39 web.1    | \n10:09:39 web.1    | b\n',
    );
    format.render(line('x', 'scheduler.1'));
    expect(format.render(line('a'))).toBe('10:09:39 web.1       | a\n');
  });

  it('can do without the time', () => {
    expect(new ForemanFormat({ ...plain, timestamps: 'hidden' }).render(line('a'))).toBe(
      'web.1  | a\n',
    );
  });

  it('colours the head by process type, in the order of the Procfile', () => {
    const format = new ForemanFormat(coloured);
    expect(show(format.render(line('a', 'web.2')))).toBe('␛[36m10:09:39 web.2  |␛[0m a\n');
    expect(show(format.render(line('a', 'worker.1')))).toMatch(/^␛\[33m/);
    expect(show(format.render(line('a', 'late.1')))).toMatch(/^␛\[32m/);
  });

  it.each([
    ['a platform line, dimmed', line('State changed', 'web.1', 'heroku'), '␛[2mState changed␛[0m'],
    [
      'an error of the platform',
      line('Error R10 (Boot timeout)', 'web.1', 'heroku'),
      '␛[31mError R10 (Boot timeout)␛[0m',
    ],
    [
      'an error of the router',
      line('at=error code=H10', 'router', 'heroku'),
      '␛[31mat=error code=H10␛[0m',
    ],
    ['a JSON line by its level', line('{"level":"error"}'), '␛[31m{"level":"error"}␛[0m'],
    ['an ordinary JSON line, as it is', line('{"level":"info"}'), '{"level":"info"}'],
    ['a colour that the process left on', line('\x1b[32mok'), '␛[32mok␛[0m'],
    [
      'a progress bar, which may not overwrite the head',
      line('10%\r20%\r'),
      '10%\r␛[36m10:09:39 web.1  |␛[0m 20%',
    ],
    ['a link', line('\x1b]8;;http://a\x1b\\a\x1b]8;;\x1b\\'), '␛]8;;http://a␛\\a␛]8;;␛\\␛[0m'],
    ['a line that would clear the screen', line('\x1b[2J\x1b[H\x1bcok'), 'ok'],
    ['a title of the window', line('\x1b]0;title\x07a\x9d0;title\x07b\x1b[1;1Hc'), 'abc'],
    ['controls of one sign, which some terminals obey', line('a\x85\x8d\x90b\x05\x9ac\x7f'), 'abc'],
    ['sequences that never end', line('\x1b]0;a'), '0;a'],
    ['a beginning of one', line('a\x1b[3'), 'a3'],
    ['bells, backspaces and other alphabets', line('a\x07b\bc\x0ed\te'), 'abcd\te'],
  ])('shows %s', (_name, message, text) => {
    const shown = show(new ForemanFormat(coloured).render(message));
    expect(shown.slice(shown.indexOf('|') + 6)).toBe(`${text}\n`);
  });

  it('renders a block as it would render its lines', () => {
    const any = fc.string({ unit: fc.constantFrom('a', '\n', '\x1b', '\r', '{', '}', '☃', '\0') });
    fc.assert(
      fc.property(
        any,
        fc.constantFrom(plain, coloured),
        fc.constantFrom('app', 'heroku'),
        (text, options, source) => {
          const one = new ForemanFormat(options);
          const single = text.split('\n').map((part) => one.render(line(part, 'web.1', source)));
          expect(new ForemanFormat(options).render(line(text, 'web.1', source))).toBe(
            single.join(''),
          );
        },
      ),
    );
  });
});

describe('other forms', () => {
  it('json has an object for each line, with the fields of JSON lines', () => {
    const text = createFormat('json', plain)(line('{"level":50,"msg":"x"}\n"quoted"'));
    const [structured, other] = text
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one));
    expect(structured).toEqual({
      time: expect.stringMatching(/^2026-08-04T\d\d:09:39\.000000\+00:00$/),
      source: 'app',
      process: 'web.1',
      text: '{"level":50,"msg":"x"}',
      level: 'error',
      fields: { level: 50, msg: 'x' },
    });
    expect(other.text).toBe('"quoted"');
  });

  it('json gives back any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const lines = createFormat('json', plain)(line(text)).split('\n').slice(0, -1);
        expect(lines.map((one) => JSON.parse(one).text).join('\n')).toBe(text);
      }),
    );
  });

  it('logfmt quotes what needs it', () => {
    const format = createFormat('logfmt', { ...plain, timestamps: 'hidden' });
    expect(format(line('GET / "x"'))).toBe('source=app process=web.1 text="GET / \\"x\\""\n');
  });

  it('heroku has the colour of the process type in its head', () => {
    const format = createFormat('heroku', { ...coloured, timestamps: 'hidden' });
    expect(show(format(line('a\nb', 'worker.1')))).toBe(
      '␛[33mapp[worker.1]:␛[0m a\n␛[33mapp[worker.1]:␛[0m b\n',
    );
  });

  it('heroku is raw for programs, and harmless on a screen', () => {
    const text = '\x1b[2Ja\x1b[31mb\r';
    expect(createFormat('heroku', plain)(line(text)).slice(33)).toBe(`app[web.1]: ${text}\n`);
    expect(show(createFormat('heroku', { ...plain, screen: true })(line(text)).slice(33))).toBe(
      'app[web.1]: a␛[31mb␛[0m\n',
    );
    expect(show(createFormat('heroku', coloured)(line('{"level":"error"}')))).toContain(
      ' ␛[31m{"level":"error"}␛[0m\n',
    );
  });

  it('heroku can do without the time', () => {
    const format = createFormat('heroku', { ...plain, timestamps: 'hidden' });
    expect(format(line('a\nb'))).toBe('app[web.1]: a\napp[web.1]: b\n');
  });
});
