/** Starts the child of a dyno: on pipes or a terminal, in the app's folder or isolated. */
import { existsSync } from 'node:fs';
import type { LazyIsolation } from './isolation/lazy-isolation.js';
import { type Child, type LaunchFailure, type LaunchOptions, launch } from './launch.js';
import type { ControlGroup } from './limits/control-groups.js';
import type { PipeStock } from './pipe-stock.js';
import type { DynoPlan } from './plan.js';
import { launchOnTerminal, type TerminalSize } from './terminal.js';

/** What is started. */
export interface ChildWish {
  readonly plan: Pick<DynoPlan, 'id' | 'command' | 'directory' | 'terminal'>;
  readonly environment: Record<string, string>;
  /** Missing where it runs in the app's folder itself. */
  readonly isolation: LazyIsolation | undefined;
  /** What holds it to its limits; missing where nothing does. */
  readonly control: ControlGroup | undefined;
  readonly pipes: PipeStock;
  /** Is told its output. */
  readonly onLines: (text: string) => void;
  /** Is told what could not be had: a terminal, a sandbox. */
  readonly say: (line: string) => void;
}

/** @returns the child at once where that is possible: nothing may delay the first dyno */
export function startChild(wish: ChildWish): Child | Promise<Child | LaunchFailure> {
  const { plan, environment, pipes, onLines } = wish;
  const { command, directory } = plan;
  const program = limited(['/bin/sh', '-c', command], wish.control);
  // Where the folder is gone `launch` says so: a terminal's package would tell the command's end.
  if (!existsSync(directory) || !(wish.isolation || plan.terminal)) {
    return launch({ program, directory, environment, pipes, onLines });
  }
  if (wish.isolation) return isolated(wish, wish.isolation);
  return onTerminal({ program, directory, environment, pipes, onLines }, plan.terminal, wish.say);
}

async function isolated(
  { plan, environment, control, pipes, onLines, say }: ChildWish,
  isolation: LazyIsolation,
): Promise<Child | LaunchFailure> {
  const prepared = await isolation.prepare({ ...plan, environment }, say);
  if ('sentence' in prepared) return prepared;
  const program = limited(prepared.program, control);
  const child = await onTerminal({ ...prepared, program, pipes, onLines }, plan.terminal, say);
  if (!('pid' in child)) {
    await prepared.discard();
    return child;
  }
  return { ...child, leader: prepared.leader, discard: () => prepared.discard() };
}

function limited(
  program: LaunchOptions['program'],
  control: ControlGroup | undefined,
): LaunchOptions['program'] {
  return control ? control.around(program) : program;
}

async function onTerminal(
  options: LaunchOptions,
  terminal: TerminalSize | undefined,
  say: (line: string) => void,
): Promise<Child | LaunchFailure> {
  const child = terminal && (await launchOnTerminal(options, terminal));
  if (child) return child;
  if (terminal) {
    say(
      'No terminal: the optional package @lydell/node-pty cannot be loaded, so this dyno runs without one. Install it with: npm install @lydell/node-pty',
    );
  }
  return launch(options);
}
