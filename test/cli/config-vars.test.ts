import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changedKeys,
  explanation,
  parseAssignments,
  shellQuote,
} from '../../src/cli/config-vars.js';
import { UsageError } from '../../src/cli/failure.js';

describe('KEY=value', () => {
  test('everything behind the first equals sign is the value', () => {
    expect({ ...parseAssignments(['A=1', 'URL=x=y&z=', 'EMPTY=']) }).toEqual({
      A: '1',
      URL: 'x=y&z=',
      EMPTY: '',
    });
  });

  test.each(['A', '=1', ''])('"%s" is refused', (word) =>
    expect(() => parseAssignments([word])).toThrow(UsageError),
  );

  test('a key that every object has is a key like any other', () => {
    expect(Object.keys(parseAssignments(['__proto__=1']))).toEqual(['__proto__']);
  });
});

describe('quoting for a shell', () => {
  test.skipIf(process.platform === 'win32')('is undone by a shell, whatever is in it', () => {
    const values = fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }), 200);
    const usable = values.filter((value) => !value.includes('\0'));
    const script = usable.map((value) => `printf '%s\\0' ${shellQuote(value)}`).join('\n');
    const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(read.split('\0').slice(0, -1)).toEqual(usable);
  });

  test('what needs none has none', () => expect(shellQuote('redis://h:1/0')).toBe('redis://h:1/0'));
});

test('a change names new, changed and removed keys', () => {
  expect(changedKeys({ A: '1', B: '2', C: '3' }, { A: '1', B: '3', D: '' })).toEqual([
    'B',
    'C',
    'D',
  ]);
});

test('an explanation says what counts and what it hides', () => {
  const origin = {
    value: 'two words',
    source: '.env',
    line: 3,
    overrides: [
      { value: 'shell', source: 'the environment' },
      { value: '1', source: 'app.json' },
    ],
  };
  expect(explanation('A', origin)).toBe(
    [
      "A='two words'",
      '  from .env, line 3',
      '  hides "1" from app.json',
      '  hides "shell" from the environment',
    ].join('\n'),
  );
});
