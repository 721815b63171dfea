import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeCommand,
  parseReplies,
  type Reply,
} from '../../../../src/runtime/addons/redis/resp.js';

const parsed = (text: string) => parseReplies(Buffer.from(text));

describe('replies of Redis', () => {
  test.each<[string, Reply]>([
    ['+OK\r\n', 'OK'],
    ['-ERR no\r\n', { error: 'ERR no' }],
    [':42\r\n', 42],
    ['$5\r\nhello\r\n', 'hello'],
    ['$2\r\n\r\n\r\n', '\r\n'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['*2\r\n+a\r\n*1\r\n:1\r\n', ['a', [1]]],
  ])('%j is %j', (text, reply) => {
    expect(parsed(text)).toEqual([reply]);
  });

  test('come one after the other, and what is not whole waits', () => {
    expect(parsed('+OK\r\n$5\r\nhel')).toEqual(['OK']);
    expect(parsed('*2\r\n+a\r\n')).toEqual([]);
  });

  test('a command is read back as its words', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
        expect(parseReplies(encodeCommand(words))).toEqual([words]);
      }),
    );
  });

  test('any bytes are read to an end', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(Array.isArray(parseReplies(Buffer.from(bytes)))).toBe(true);
      }),
    );
  });
});
