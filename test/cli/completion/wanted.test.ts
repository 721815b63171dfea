import { describe, expect, test } from 'vitest';
import { type Manifest, wantedOn } from '../../../src/cli/completion/wanted.js';

const option = (name: string, more: object = {}) => ({ name, type: 'option' as const, ...more });
const manifest: Manifest = {
  commands: {
    config: { description: 'Show\nMore', flags: { app: option('app', { char: 'a' }) } },
    'config:set': { description: 'Set', flags: {} },
    'local:start': {
      description: 'Start',
      flags: {
        format: option('format', { options: ['foreman', 'json'] }),
        secret: option('secret', { hidden: true }),
        color: { name: 'color', type: 'boolean', allowNo: true },
      },
    },
    'ps:scale': { aliases: ['ps:scale'], flags: {} },
    scale: { aliases: ['ps:scale'], description: 'Scale', flags: {} },
    words: { hidden: true, flags: {} },
  },
};
const table = Object.fromEntries(
  Object.keys(manifest.commands).map((id) => [
    id,
    { id, file: '', passThrough: false, takesArguments: true },
  ]),
);

describe('behind an unfinished command line comes', () => {
  test.each<[line: string, words: string[], facts: string[]]>([
    ['paas ', ['config', 'local', 'scale'], []],
    ['paas con', ['config', 'local', 'scale'], []],
    ['paas config ', ['set'], []],
    ['paas config:', ['config', 'config:set', 'local:start', 'scale'], []],
    ['paas config:set ', [], ['keys=']],
    ['paas config set A=1 ', [], ['keys=']],
    ['paas scale web=1 ', [], ['types=']],
    ['paas config -a ', [], ['apps']],
    ['paas config --app=s', [], ['apps']],
    ['paas local start --format ', ['foreman', 'json'], []],
    ['paas local start --format=j', ['--format=foreman', '--format=json'], []],
    ['paas local start -', ['--format', '--color', '--no-color'], []],
    ['paas nope ', [], []],
  ])('%j: %j %j', (line, words, facts) => {
    const wanted = wantedOn(line, table, manifest);
    expect(wanted.candidates.map(({ word }) => word)).toEqual(words);
    expect(wanted.facts).toEqual(facts);
  });

  test('what the app knows that -a names', () => {
    expect(wantedOn('paas scale -a shop ', table, manifest)).toMatchObject({
      app: 'shop',
      facts: ['types='],
    });
  });
});
