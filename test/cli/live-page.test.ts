import { expect, test } from 'vitest';
import { page } from '../../src/cli/live-page.js';

test('a page goes over the one before, line by line', () => {
  expect(page('one\ntwo', 5)).toBe('\x1b[Hone\x1b[K\r\ntwo\x1b[K\x1b[J');
});

test('what does not fit into the window is counted in its last line', () => {
  expect(page('1\n2\n3', 3)).toContain('1\x1b[K\r\n2\x1b[K\r\n3\x1b[K');
  expect(page('1\n2\n3\n4', 3)).toContain('2\x1b[K\r\n2 more lines; make the window higher\x1b[K');
});
