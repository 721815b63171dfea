import { describe, expect, test } from 'vitest';
import { Args, Command, Flags } from '../../src/cli/command.js';
import { isParseError, misuse } from '../../src/cli/misuse.js';

class Sample extends Command {
  static override args = { type: Args.string({ description: 'A type', required: true }) };
  static override flags = {
    tail: Flags.boolean({ char: 't', description: 'follow' }),
    timeout: Flags.integer({ description: 'seconds', min: 0 }),
    format: Flags.option({ options: ['foreman', 'json'] as const, description: 'form' })(),
  };

  async run(): Promise<void> {
    await this.parse(Sample);
  }
}

async function told(...words: string[]): Promise<string> {
  try {
    await Sample.run(words);
  } catch (error) {
    if (isParseError(error)) return misuse(error);
    throw error;
  }
  return '';
}

describe('a command line that the parser does not take', () => {
  test.each([
    [['web', '--tial'], 'There is no flag --tial here. Did you mean --tail?'],
    [['web', '--form=json'], 'There is no flag --form=json here. Did you mean --format?'],
    [['web', '--nothing'], 'There is no flag --nothing here. `--help` shows how it is used.'],
    [['web', '-z'], 'There is no flag -z here. `--help` shows how it is used.'],
    [
      ['web', '--timeout', 'x'],
      '--timeout: expected an integer but received: x. `--help` shows how it is used.',
    ],
    [
      ['web', '--timeout=-1'],
      '--timeout: expected an integer greater than or equal to 0 but received: -1. `--help` shows how it is used.',
    ],
    [
      ['web', '--format', 'xml'],
      "--format=xml won't do. Choose one of: foreman, json. `--help` shows how it is used.",
    ],
    [['web', 'more'], 'Didn\'t expect "more". `--help` shows how it is used.'],
    [[], 'Missing: type (A type). `--help` shows how it is used.'],
  ])('%j', async (words, sentence) => {
    expect(await told(...words)).toBe(sentence);
  });
});
