/** Help, for every command that was built, at two widths. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { help } from '../../src/cli/help.js';
import type { CommandTable } from '../../src/cli/lookup.js';
import { painter, widthOf } from '../../src/cli/terminal.js';

const DIST = resolve(import.meta.dirname, '..', '..', 'dist');
let table: CommandTable;

beforeAll(() => {
  table = JSON.parse(readFileSync(resolve(DIST, 'commands.json'), 'utf8')) as CommandTable;
});

const helpOf = (line: string, width = 80, colored = false) =>
  help(DIST, line === '' ? [] : line.split(' '), table, { width, paint: painter(colored) });

describe('every command', () => {
  test('says what it is, how it is used, and shows an example', async () => {
    for (const { id } of Object.values(table)) {
      const text = await helpOf(`${id.replaceAll(':', ' ')} --help`);
      expect(text, id).toMatch(/^\S.+\n\nUSAGE\n {2}\$ paas /);
      expect(text, id).toContain('EXAMPLES\n  $ paas ');
      expect(text, id).toMatch(/^ +(-j, )?--json /m);
    }
  });

  test('can be read on 40 columns', async () => {
    for (const { id } of Object.values(table)) {
      const text = await helpOf(`help ${id}`, 40);
      // An example is one line: it must survive being copied.
      const [prose = ''] = text.split('EXAMPLES');
      for (const line of prose.split('\n'))
        expect(widthOf(line), `${id}: ${line}`).toBeLessThanOrEqual(40);
    }
  });
});

describe('the overview', () => {
  test('names every command once, but for hidden ones', async () => {
    const text = await helpOf('');
    for (const { id } of Object.values(table)) {
      const lines = text
        .split('\n')
        .filter((line) => line.startsWith(`  ${id.replaceAll(':', ' ')}  `));
      expect(lines, id).toHaveLength(id === 'completion:words' ? 0 : 1);
    }
  });

  test('can be read on 40 columns, and has no colour where none is wanted', async () => {
    const text = await helpOf('', 40);
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(40);
    expect(text).not.toContain('\x1b');
    expect(await helpOf('', 80, true)).toContain('\x1b[1mUsage\x1b[22m');
  });

  test('of one command is the same with --help before or behind its name', async () => {
    expect(await helpOf('--help config:set')).toBe(await helpOf('config set --help'));
  });

  test.each(['', '--help', '-h', 'help', '--no-color'])(
    'is what "paas %s" prints',
    async (line) => {
      expect(await helpOf(line)).toContain('Usage\n  paas COMMAND');
    },
  );
});

test('a topic without a command of its own lists its commands', async () => {
  expect(await helpOf('local')).toMatch(/^COMMANDS\n {2}local start {2}/);
});

describe('an unknown command', () => {
  test.each([
    ['sacle web=2', 'There is no command "sacle". Did you mean `paas scale`?'],
    ['config sett A=1', 'There is no command "config sett". Did you mean `paas config set`?'],
    ['config:sett A=1', 'There is no command "config:sett". Did you mean `paas config set`?'],
    ['start', 'There is no command "start". Did you mean `paas local start`?'],
    ['kubernetes', 'There is no command "kubernetes". `paas help` lists the commands.'],
    ['--frob', 'There is no command "--frob". `paas help` lists the commands.'],
  ])('%s', async (line, sentence) => {
    await expect(helpOf(line)).rejects.toThrow(sentence);
  });
});
