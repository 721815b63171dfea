import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlatformError } from '../../../src/runtime/errors.js';
import { parseProcfile } from '../../../src/runtime/platform/procfile.js';

const parse = (text: string) => ({ ...parseProcfile(text, 'Procfile') });

describe('a Procfile is read as the field reads it', () => {
  test.each<[what: string, text: string, types: Record<string, string>]>([
    ['one entry', 'web: node server.js\n', { web: 'node server.js' }],
    ['no line end at the end', 'web: node server.js', { web: 'node server.js' }],
    ['no space behind the colon', 'web:node server.js\n', { web: 'node server.js' }],
    ['space before the colon', 'web : node server.js\n', { web: 'node server.js' }],
    ['CRLF', 'web: a\r\nworker: b\r\n', { web: 'a', worker: 'b' }],
    ['lone CR', 'web: a\rworker: b', { web: 'a', worker: 'b' }],
    ['a byte order mark', '\uFEFFweb: a\n', { web: 'a' }],
    ['comments and blank lines', '# hello\n\n  # more\nweb: a\n', { web: 'a' }],
    ['an indented entry', '  web: a\n\tworker: b\n', { web: 'a', worker: 'b' }],
    ['dashes, digits, underscores', 'my-web_2: a\n', { 'my-web_2': 'a' }],
    ['colons in the command', 'web: a -b c:d:e\n', { web: 'a -b c:d:e' }],
    [
      'a hash in the command',
      'web: echo "#1" # not a comment\n',
      { web: 'echo "#1" # not a comment' },
    ],
    ['trailing white space', 'web: a \t\n', { web: 'a' }],
    [
      'names that objects have',
      'constructor: a\n__proto__: b\n',
      JSON.parse('{"constructor":"a","__proto__":"b"}'),
    ],
    ['nothing', '', {}],
  ])('%s', (_, text, types) => {
    expect(Object.entries(parse(text))).toEqual(Object.entries(types));
  });

  test('the order of the file is kept', () => {
    expect(Object.keys(parse('zebra: a\napple: b\nmango: c\n'))).toEqual([
      'zebra',
      'apple',
      'mango',
    ]);
  });
});

describe('a bad line is an error with file, line and mend', () => {
  test.each<[what: string, text: string, sentence: string]>([
    [
      'no colon',
      'web: a\nworker node job.js\n',
      'Procfile:2: "worker node job.js" has no colon. Write "type: command", such as "worker: node job.js".',
    ],
    [
      'a word alone',
      'nonsense\n',
      'Procfile:1: "nonsense" has no colon. Write "type: command", such as "web: npm start".',
    ],
    [
      'a bad name',
      'we b: a\n',
      'Procfile:1: "we b" is no process type. Use letters, digits, "-" and "_", such as "web: npm start".',
    ],
    [
      'no command',
      '\n\nweb:   \n',
      'Procfile:3: "web" has no command. Write what it runs behind the colon.',
    ],
    [
      'a type twice',
      'web: a\n# x\nweb: b\n',
      'Procfile:3: "web" is already declared on line 1. Give one of the two another name.',
    ],
    ['a NUL byte', 'web: a\0b\n', 'Procfile:1: the command of "web" has a NUL byte. Remove it.'],
  ])('%s', (_, text, sentence) => {
    expect(() => parse(text)).toThrow(new PlatformError('failed', sentence));
  });
});

describe('any text', () => {
  const type = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
  const command = fc
    .string({ minLength: 1 })
    .filter((text) => /\S/.test(text) && !/[\r\n\0]/.test(text));

  test('is read whole or refused with a sentence that names the line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PlatformError);
          expect((error as Error).message).toMatch(/^Procfile:\d+: /);
        }
      }),
    );
  });

  test('entries that were written come back, with any line end', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(type, command), { selector: ([name]) => name }),
        fc.constantFrom('\n', '\r\n'),
        (entries, end) => {
          const text = entries.map(([name, run]) => `${name}: ${run}${end}`).join('');
          const expected = entries.map(([name, run]) => [name, run.trim()]);
          const read = Object.entries(parse(text));
          expect(new Map(read)).toEqual(new Map(expected as [string, string][]));
        },
      ),
    );
  });
});
