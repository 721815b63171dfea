/** Doing the steps, on the user's own terminal: some ask for a password. */
import { PlatformError } from '../../runtime/errors.js';
import { isInstalled } from './machine.js';
import type { TrustStep } from './steps.js';

/**
 * Does every step that can be done.
 * @param say is told of each
 * @throws PlatformError failed, naming what did not work, once all were tried
 */
export async function perform(
  steps: readonly TrustStep[],
  say: (text: string) => void,
): Promise<void> {
  const failed: string[] = [];
  for (const step of steps) {
    const missing = step.commands.map(([program]) => program).find((name) => !isInstalled(name));
    if (missing !== undefined) {
      const mend = step.package === undefined ? '' : `: ${step.package}`;
      say(`${step.store}... left out, there is no ${missing}${mend}`);
      failed.push(step.store);
      continue;
    }
    const fault = await run(step);
    say(`${step.store}... ${fault ?? 'done'}`);
    if (fault !== undefined) failed.push(step.store);
  }
  if (failed.length === 0) return;
  throw new PlatformError(
    'failed',
    `Not trusted by: ${failed.join(', ')}. \`paas certs:trust\` shows the commands; run those yourself.`,
  );
}

/** @returns what went wrong */
async function run(step: TrustStep): Promise<string | undefined> {
  const { execa } = await import('execa');
  for (const [program, ...args] of step.commands) {
    const { failed, exitCode, shortMessage } = await execa(program, args, {
      stdin: 'inherit',
      stdout: process.stderr, // words, not data
      stderr: 'inherit',
      reject: false,
    });
    if (failed) return exitCode === undefined ? shortMessage : `${program} ended with ${exitCode}`;
  }
  return undefined;
}
