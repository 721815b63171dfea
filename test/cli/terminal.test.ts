import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  colorFlag,
  painter,
  stripColor,
  wantsColor,
  widthOf,
  wrap,
} from '../../src/cli/terminal.js';

describe('whether to colour', () => {
  const cases: [string, boolean | undefined, Record<string, string>, boolean, boolean][] = [
    ['a terminal is coloured', undefined, {}, true, true],
    ['a pipe is not', undefined, {}, false, false],
    ['a dumb terminal is not', undefined, { TERM: 'dumb' }, true, false],
    ['NO_COLOR switches off', undefined, { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR means nothing', undefined, { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR colours a pipe', undefined, { FORCE_COLOR: '1' }, false, true],
    ['an empty FORCE_COLOR does too', undefined, { FORCE_COLOR: '' }, false, true],
    ['FORCE_COLOR=0 switches off', undefined, { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR wins over FORCE_COLOR', undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [
      'FORCE_COLOR=0 wins over CLICOLOR_FORCE',
      undefined,
      { FORCE_COLOR: '0', CLICOLOR_FORCE: '1' },
      true,
      false,
    ],
    ['CLICOLOR_FORCE colours a pipe', undefined, { CLICOLOR_FORCE: '1' }, false, true],
    ['CLICOLOR_FORCE=0 says nothing', undefined, { CLICOLOR_FORCE: '0' }, true, true],
    ['the flag wins over NO_COLOR', true, { NO_COLOR: '1' }, false, true],
    ['the flag wins over FORCE_COLOR', false, { FORCE_COLOR: '1' }, true, false],
  ];
  test.each(cases)('%s', (_name, flag, environment, isTerminal, expected) => {
    expect(wantsColor(flag, environment, isTerminal)).toBe(expected);
  });

  test('the last flag counts, and none behind --', () => {
    expect(colorFlag(['ps'])).toBeUndefined();
    expect(colorFlag(['ps', '--no-color'])).toBe(false);
    expect(colorFlag(['--no-color', '--color'])).toBe(true);
    expect(colorFlag(['run', '--', '--no-color'])).toBeUndefined();
  });

  test('without colour the text is left alone', () => {
    expect(painter(false).red('no')).toBe('no');
    expect(painter(true).red('')).toBe('');
    expect(stripColor(painter(true).bold(painter(true).red('yes')))).toBe('yes');
  });
});

describe('wrapping', () => {
  test('breaks at spaces and keeps long words whole', () => {
    expect(wrap('see https://example.com/a/very/long/path now', 12)).toBe(
      'see\nhttps://example.com/a/very/long/path\nnow',
    );
  });

  test('colours take no room', () => {
    const red = painter(true).red('red');
    expect(wrap(`${red} ${red} ${red}`, 7)).toBe(`${red} ${red}\n${red}`);
    expect(widthOf(red)).toBe(3);
  });

  test('never loses a word, and only words longer than the line are wider than it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, unit: 'grapheme-ascii' })),
        fc.integer({ min: 1, max: 60 }),
        (words, width) => {
          const text = words.map((word) => word.replace(/\s/g, '_')).join(' ');
          const lines = wrap(text, width).split('\n');
          expect(lines.join(' ')).toBe(text);
          for (const line of lines) expect(line.includes(' ') && widthOf(line) > width).toBe(false);
        },
      ),
    );
  });
});
