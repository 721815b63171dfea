import { expect, test } from 'vitest';
import { optionWords } from '../../src/cli/options-file.js';

const KNOWN = new Set(['port', 'formation', 'tty', 'watch', 'env']);
const words = (text: string, ...given: string[]) => optionWords(text, KNOWN, new Set(given));

test.each([
  ['port: 7000', ['--port', '7000']],
  ['concurrency: web=2,worker=1', ['--formation', 'web=2,worker=1']],
  ['# a comment\n\n---\ntty: web # its debugger', ['--tty', 'web']],
  ['env: ".env #1"\nwatch: true', ['--env', '.env #1', '--watch']],
  ['watch: false', []],
])('%j are options', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test('what was typed counts more', () => {
  expect(words('port: 7000\ntty: web', 'port')).toEqual(['--tty', 'web']);
});

test.each([
  ['port 7000', '.foreman:1: "port 7000" is no option'],
  ['\nports: 7000', '.foreman:2: there is no option ports'],
])('%j is told with its line', (text, message) => {
  expect(() => words(text)).toThrow(message);
});
