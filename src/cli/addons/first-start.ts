/** The one question before the first start of an app whose app.json asks for add-ons. */
import { ask } from './question.js';

/**
 * Whether to create them.
 * @param plans as app.json names them
 * @returns false also where nobody is there to be asked
 */
export async function askToCreate(plans: readonly string[]): Promise<boolean> {
  if (plans.length === 0 || !process.stdin.isTTY) return false;
  const answer = await ask(
    `This app wants ${plans.join(', ')}. Create ${plans.length === 1 ? 'it' : 'them'} now, on this machine? [Y/n] `,
  );
  return answer !== undefined && !/^n/i.test(answer);
}
