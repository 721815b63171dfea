import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/failure.js';
import {
  parseEnvironment,
  shellCommand,
  splitCommand,
} from '../../../src/cli/one-off/command-line.js';

const VALUED = new Set(['-a', '--app', '-e']);

describe('where the command begins', () => {
  test.each([
    ['ls -l', '', 'ls -l'],
    ['-a shop ls -a x', '-a shop', 'ls -a x'],
    ['--app=shop --json node -e 1', '--app=shop --json', 'node -e 1'],
    ['-e A=1 -- -strange', '-e A=1', '-strange'],
    ['-- -- x', '', '-- x'],
    ['-a', '-a', ''],
    ['--json', '--json', ''],
  ])('%s', (line, own, command) => {
    const split = splitCommand(line.split(' '), VALUED);
    expect([split.own.join(' '), split.command.join(' ')]).toEqual([own, command]);
  });
});

describe('the command for a shell', () => {
  test('one word is a line of its own', () =>
    expect(shellCommand(['ls | wc -l'])).toBe('ls | wc -l'));

  test.skipIf(process.platform === 'win32')('of several, each arrives as it was typed', () => {
    const word = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((text) => !text.includes('\0'));
    for (const words of fc.sample(fc.array(word, { minLength: 1, maxLength: 6 }), 30)) {
      const command = shellCommand(['printf', '%s\\0', ...words]);
      const read = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
      expect(read.split('\0').slice(0, -1)).toEqual(words);
    }
  });
});

describe('--env', () => {
  test('is a list, several times too', () => {
    expect(parseEnvironment(['A=1;B=2', 'C=x=y', ''])).toEqual({ A: '1', B: '2', C: 'x=y' });
  });

  test('a part without a name is refused', () => {
    expect(() => parseEnvironment(['A'])).toThrow(UsageError);
  });
});
