import { describe, expect, test } from 'vitest';
import { asksForHelp, type CommandTable, findCommand, isMistyped } from '../../src/cli/lookup.js';

const entry = (id: string, more = {}) => ({
  id,
  file: `commands/${id.replace(':', '/')}.js`,
  passThrough: false,
  takesArguments: true,
  ...more,
});
const table: CommandTable = {
  ps: entry('ps'),
  'ps:scale': entry('scale'),
  scale: entry('scale'),
  config: entry('config', { takesArguments: false }),
  'config:set': entry('config:set'),
  run: entry('run', { passThrough: true }),
  'run:detached': entry('run:detached', { passThrough: true }),
};
const find = (line: string) => {
  const found = findCommand(line.split(' '), table);
  return found && [found.entry.id, ...found.argv].join(' ');
};

describe('finding a command', () => {
  test.each([
    ['ps', 'ps'],
    ['ps web', 'ps web'],
    ['ps scale web=2', 'scale web=2'],
    ['ps:scale web=2', 'scale web=2'],
    ['scale web=2', 'scale web=2'],
    ['config set A=1', 'config:set A=1'],
    ['config:set A=1', 'config:set A=1'],
    ['config --json', 'config --json'],
    ['run ps scale', 'run ps scale'],
    ['run detached ls', 'run:detached ls'],
  ])('%s is %s', (line, expected) => {
    expect(find(line)).toBe(expected);
  });

  test.each(['nope', '--app x ps', '', 'constructor', '__proto__', 'ps:nope', 'PS'])(
    '%s is no command',
    (line) => expect(find(line)).toBeUndefined(),
  );

  test('a word behind a topic that takes none is a mistyped name', () => {
    expect(isMistyped(findCommand(['config', 'sett', 'A=1'], table)!, table)).toBe(true);
    expect(isMistyped(findCommand(['config', '--json'], table)!, table)).toBe(false);
    expect(isMistyped(findCommand(['ps', 'web'], table)!, table)).toBe(false);
  });
});

describe('asking for help', () => {
  test.each([
    ['ps --help', true],
    ['ps -a shop -h', true],
    ['ps -- --help', false],
    ['run --help', true],
    ['run -e A=1 --help', false],
    ['run ls --help', false],
  ])('%s: %s', (line, expected) => {
    expect(asksForHelp(findCommand(line.split(' '), table)!)).toBe(expected);
  });
});
