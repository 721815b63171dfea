import { describe, expect, test } from 'vitest';
import { bytes } from '../../../src/cli/addons/backups.js';
import { renderReply, wordsIn } from '../../../src/cli/addons/redis-cli.js';

describe('the shell of our own', () => {
  test.each([
    ['GET a', ['GET', 'a']],
    ['SET a "two words"', ['SET', 'a', 'two words']],
    [`SET a 'it "is"' `, ['SET', 'a', 'it "is"']],
    ['SET a "a \\"b\\""', ['SET', 'a', 'a "b"']],
    ['SET a ""', ['SET', 'a', '']],
    ['', []],
  ])('reads %j as %j', (line, words) => {
    expect(wordsIn(line)).toEqual(words);
  });

  test('prints replies as redis-cli does', () => {
    expect(renderReply('a')).toBe('"a"');
    expect(renderReply(null)).toBe('(nil)');
    expect(renderReply(3)).toBe('(integer) 3');
    expect(renderReply({ error: 'ERR no' })).toBe('(error) ERR no');
    expect(renderReply([])).toBe('(empty array)');
    expect(renderReply(['a', ['b', 'c']])).toBe('1) "a"\n2) 1) "b"\n   2) "c"');
  });
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1306, '1.31 kB'],
  [25_000_000, '25.0 MB'],
])('%d bytes are shown as %s', (size, shown) => {
  expect(bytes(size)).toBe(shown);
});
