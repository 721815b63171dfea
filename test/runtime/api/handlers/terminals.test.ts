import { expect, test } from 'vitest';
import { lastLines } from '../../../../src/runtime/api/handlers/terminals.js';

test.each([
  ['a\nb\nc\n', 2, 'b\nc\n'],
  ['a\nb\n> ', 2, 'b\n> '],
  ['a\nb\n', 5, 'a\nb\n'],
  ['a\n\n\nb', 3, '\n\nb'],
  ['a', 0, ''],
  ['', 3, ''],
  ['\n', 1, '\n'],
])('of %j the last %d lines are %j', (shown, count, last) => {
  expect(lastLines(Buffer.from(shown), count).toString()).toBe(last);
});
