import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../../src/runtime/errors.js';
import { editEnvFile, parseEnvFile, valuesOf } from '../../../src/runtime/platform/env-file.js';

const values = (text: string) => ({ ...valuesOf(parseEnvFile(text, '.env')) });
const edit = (text: string, changes: Record<string, string | null>) =>
  editEnvFile(text, '.env', changes);

describe('an env file is read as dotenv reads it', () => {
  test.each<[what: string, text: string, expected: Record<string, string>]>([
    ['a plain value', 'A=b\n', { A: 'b' }],
    ['an empty value', 'A=\nB=c', { A: '', B: 'c' }],
    ['white space around', '  A = b  \n', { A: 'b' }],
    ['export', 'export A=b\n', { A: 'b' }],
    ['a colon', 'A: b\n', { A: 'b' }],
    ['CRLF and a byte order mark', '\uFEFFA=b\r\nC=d\r\n', { A: 'b', C: 'd' }],
    ['comments and blank lines', '# x\n\nA=b\n  # y\n', { A: 'b' }],
    ['a comment behind a value', 'A=b # note\n', { A: 'b' }],
    ['a comment behind a quoted value', 'A="b" # note\n', { A: 'b' }],
    ['a value that is a comment', 'A=# note\n', { A: '' }],
    ['a hash inside a value', 'A=http://x/#top\nB=abc#def\n', { A: 'http://x/#top', B: 'abc#def' }],
    ['a hash inside quotes', 'A="b # c"\n', { A: 'b # c' }],
    ['single quotes are literal', "A='b\\nc'\n", { A: 'b\\nc' }],
    ['double quotes expand line ends', 'A="b\\nc"\n', { A: 'b\nc' }],
    ['backticks', 'A=`b "c" \'d\'`\n', { A: 'b "c" \'d\'' }],
    ['a multi-line value', 'A="b\nc\nd"\nE=f\n', { A: 'b\nc\nd', E: 'f' }],
    ['a value with =', 'A=b=c==\n', { A: 'b=c==' }],
    ['a value with spaces', 'A=b c d\n', { A: 'b c d' }],
    ['an apostrophe inside a value', "A=it's\n", { A: "it's" }],
    ['no expansion', 'A=b\nC=$A\n', { A: 'b', C: '$A' }],
    ['the last of two counts', 'A=1\nA=2\n', { A: '2' }],
    ['keys with dots and dashes', 'a.b-c=1\n', { 'a.b-c': '1' }],
    ['JSON', 'A={"b":"c"}\n', { A: '{"b":"c"}' }],
    ['nothing', '', {}],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test('each entry knows its line, behind multi-line values too', () => {
    const entries = parseEnvFile('# x\nA="1\n2"\n\r\nB=3\n', '.env');
    expect(entries.map(({ key, line }) => [key, line])).toEqual([
      ['A', 2],
      ['B', 5],
    ]);
  });
});

describe('a bad line is an error with file, line and mend', () => {
  test.each<[what: string, text: string, sentence: string]>([
    [
      'no assignment',
      'A=1\nhello world\n',
      '.env:2: "hello world" is no assignment. Write hello=value, or put # before it.',
    ],
    ['no name', '=1\n', '.env:1: "=1" is no assignment. Write NAME=value, or put # before it.'],
    [
      'an open quote',
      'A=1\n\nB="abc\nC=2\n',
      '.env:3: the value of B opens with " and is never closed. Close the quote.',
    ],
    [
      'an open quote before a quoted value',
      'B="abc\nC="2"\n',
      '.env:1: the value of B opens with " and is never closed. Close the quote.',
    ],
    [
      'an open single quote',
      "A='abc\n",
      ".env:1: the value of A opens with ' and is never closed. Close the quote.",
    ],
  ])('%s', (_, text, sentence) => {
    expect(() => values(text)).toThrow(new PlatformError('failed', sentence));
  });
});

describe('an edit', () => {
  test('keeps comments, order, export and what stands behind the value', () => {
    const text = '# top\nexport A=1 # one\nB="2"   # two\n\nC=3\n';
    expect(edit(text, { A: '9', B: 'x y', C: null, D: 'new' })).toBe(
      '# top\nexport A=9 # one\nB="x y"   # two\n\nD=new\n',
    );
  });

  test('keeps CRLF, and ends the last line before it adds one', () => {
    expect(edit('A=1\r\nB=2', { C: '3' })).toBe('A=1\r\nB=2\r\nC=3\r\n');
  });

  test('replaces the assignment that counts', () => {
    expect(edit('A=1\nA=2\n', { A: '3' })).toBe('A=1\nA=3\n');
  });

  test('removes every assignment of a key, multi-line ones whole', () => {
    expect(edit('A="1\n2"\nB=3\nA=4\n', { A: null })).toBe('B=3\n');
  });

  test('of a value with every kind of quote is refused, and nothing else', () => {
    expect(() => edit('', { A: `a'b"c\`d # e\n` })).toThrow(/every kind of quote/);
  });

  test('of any value can be read back, with the rest as it was', () => {
    const value = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(
        value,
        fc.constantFrom('', 'A=old\n', 'B="1\n2" # c\nA=\'x\'\nZ=9', '# c\r\nA=1\r\nZ=9\r\n'),
        (wanted, text) => {
          const before = values(text);
          let edited: string;
          try {
            edited = edit(text, { A: wanted });
          } catch (error) {
            expect(error).toBeInstanceOf(PlatformError);
            return;
          }
          expect(values(edited)).toEqual({ ...before, A: wanted });
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('any text is read or refused with a sentence that names the line', () => {
  const piece = fc.constantFrom(
    'A',
    '=',
    '"',
    "'",
    '`',
    '\n',
    '\r\n',
    '#',
    ' ',
    'export ',
    '\\',
    'é',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        values(pieces.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(PlatformError);
        expect((error as Error).message).toMatch(/^\.env:\d+: /);
      }
    }),
    { numRuns: 1000 },
  );
});
