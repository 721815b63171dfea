/** What needs a real terminal: attaching to a dyno, a list that is drawn in place, one-off dynos. */
import { describe, expect, test } from 'vitest';
import { Desk } from '../support/paas.js';
import { OnTerminal } from '../support/terminal.js';

/** Asks for a line and answers it, as a debugger does; says when its window changes. */
const PROMPT = `
process.stdout.on('resize', () => console.log('window', process.stdout.columns));
console.log('terminal:', process.stdin.isTTY === true);
process.stdin.on('data', (line) => {
  const word = String(line).trim();
  if (word === 'exit') process.exit(0);
  console.log('you said ' + word);
});
`;
const APP = { Procfile: 'worker: node prompt.js\nother: sleep 1000\n', 'prompt.js': PROMPT };

describe('paas attach', () => {
  test('types into a dyno, two can look, and leaving does not end it', async () => {
    const desk = Desk.with(APP);
    const platform = await desk.start('--tty', 'worker');
    await platform.running.says(/worker\.1\s+\| terminal: true/);
    const one = new OnTerminal(desk, ['attach', 'worker.1']);
    await one.says(/Attached to worker\.1\. Ctrl-\] leaves it/);
    const two = new OnTerminal(desk, ['attach', 'worker'], { cols: 60, rows: 20 });
    await two.says(/Attached to worker\.1/);

    one.type('hello\r');
    await Promise.all([one.says(/you said hello/), two.says(/you said hello/)]);
    await platform.running.says(/worker\.1\s+\| you said hello/);
    two.resize(50, 20);
    await one.says(/window 50/);

    one.type('\x1d');
    expect(await one.ended).toBe(0);
    expect(one.shown).toContain('Detached from worker.1.');
    two.type('exit\r');
    expect(await two.ended).toBe(0);
    expect(two.shown).toContain('worker.1 has ended.');
    await platform.running.says(/worker\.1\s+\| Process exited with status 0/);
  });

  test('is refused in a sentence where there is no terminal, here or there', async () => {
    const desk = Desk.with(APP);
    await desk.start('--tty', 'worker');
    const piped = await desk.paas('attach', 'worker.1');
    expect(piped.stderr).toMatch(/^Error: `paas attach` needs a terminal\. .*\n$/);
    expect(piped.exitStatus).toBe(2);
    const none = new OnTerminal(desk, ['attach', 'other.1']);
    await none.says(/other\.1 has no terminal to attach to\./);
    expect(await none.ended).not.toBe(0);
    const unknown = new OnTerminal(desk, ['attach', 'nope.1']);
    await unknown.says(/Couldn't find that dyno \(nope\.1\)/);
    expect(await unknown.ended).toBe(1);
  });

  test('--tty of a type that there is not is refused', async () => {
    const { stderr, exitStatus } = await Desk.with(APP).paas('local', 'start', '--tty', 'nope');
    expect(stderr).toMatch(/^Error: Couldn't find the process type nope\./);
    expect(exitStatus).toBe(1);
  });
});

describe('paas ps --watch', () => {
  test('draws the list in its place until q, and follows what happens', async () => {
    const desk = Desk.with(APP);
    await desk.start();
    const list = new OnTerminal(desk, ['ps', '--watch'], { cols: 40, rows: 20 });
    await list.says(/other\.1 {2}up/);
    await desk.paas('scale', 'other=2');
    await list.says(/other\.2 {2}up/);
    list.type('q');
    expect(await list.ended).toBe(0);
    expect(list.shown).toMatch(/\x1b\[\?1049l$/);
  });

  test('is refused where there is no terminal', async () => {
    const desk = Desk.with(APP);
    await desk.start();
    const { stderr, exitStatus } = await desk.paas('ps', '--watch');
    expect(stderr).toBe(
      'Error: --watch draws on a terminal, and this is none. Leave it out here.\n',
    );
    expect(exitStatus).toBe(2);
  });
});
