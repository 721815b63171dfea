import { describe, expect, test } from 'vitest';
import { columns } from '../../src/cli/table.js';
import { painter } from '../../src/cli/terminal.js';

describe('columns', () => {
  test('are as wide as their widest cell, without spaces at the end', () => {
    expect(columns([['a', 'one', 'x'], ['long', 'b', ''], ['c']], 80)).toBe(
      ['a     one  x', 'long  b', 'c'].join('\n'),
    );
  });

  test('align coloured cells by what is seen', () => {
    const { green } = painter(true);
    const text = columns(
      [
        [green('a'), 'x'],
        ['long', 'y'],
      ],
      80,
    );
    expect(text).toBe(`${green('a')}     x\nlong  y`);
  });

  test('wrap the last cell under itself', () => {
    expect(columns([['name', 'one two three four five']], 22)).toBe(
      'name  one two three\n      four five',
    );
  });

  test('give the last cell a line of its own where nothing is left for it', () => {
    expect(columns([['a-very-long-name', 'some words behind it']], 24)).toBe(
      'a-very-long-name\n    some words behind it',
    );
  });

  test('are empty without rows', () => {
    expect(columns([], 80)).toBe('');
  });
});
