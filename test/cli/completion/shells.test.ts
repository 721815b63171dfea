/** Completion as bash runs it, with a running app to ask. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCRIPTS } from '../../../src/cli/completion/scripts.js';
import { BINARY, Desk } from '../../support/paas.js';

let desk: Desk;
beforeAll(async () => {
  desk = Desk.lasting({
    Procfile: 'web: sleep 1000\nworker: sleep 1000\n',
    '.env': 'GREETING=hi\n',
  });
  await desk.start('-m', 'worker=1');
});
afterAll(() => desk.close());

/** What bash would put on the line at Tab. */
async function atTab(line: string): Promise<string[]> {
  const script = `paas() { "${process.execPath}" "${BINARY}" "$@"; }
${SCRIPTS.bash}
COMP_LINE=$1 COMP_POINT=\${#1}
_paas
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const ended = await desk.spawn(['-c', script, 'bash', line], { program: 'bash' }).ended;
  expect(ended.stderr).toBe('');
  return ended.stdout.split('\n').filter((word) => word !== '');
}

test.each([
  ['paas roll', ['rollback']],
  ['paas config:s', ['set']],
  ['paas config s', ['set']],
  ['paas local start --format=js', ['json']],
  ['paas scale w', ['web=', 'worker=']],
  ['paas restart worker', ['worker', 'worker.1']],
  ['paas config:get G', ['GREETING']],
  ['paas rollback ', ['v1']],
  ['paas no-such-thing ', []],
])('bash completes "%s"', async (line, words) => {
  expect(await atTab(line)).toEqual(words);
});

test('paas completion prints the script of a shell, and refuses others', async () => {
  expect((await desk.paas('completion', 'zsh')).stdout).toBe(`${SCRIPTS.zsh}\n`);
  const { exitStatus, stderr } = await desk.paas('completion', 'tcsh');
  expect(exitStatus).toBe(2);
  expect(stderr).toBe('Error: There is no completion for "tcsh". Name one of bash, zsh, fish.\n');
});
