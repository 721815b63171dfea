/** Before something is lost for good: the name of the app is asked for. */
import { PlatformError } from '../../runtime/errors.js';
import { ask } from './question.js';

/**
 * Returns when the user meant it.
 * @param app the name that has to be given
 * @param given with --confirm
 * @param warning what will be lost, in a sentence
 * @throws PlatformError confirmation_required when it was not given, or another one was
 */
export async function confirmWith(
  app: string,
  given: string | undefined,
  warning: string,
): Promise<void> {
  const answer = given ?? (await askFor(app, warning));
  if (answer === app) return;
  throw new PlatformError(
    'confirmation_required',
    answer === undefined
      ? `${warning} If you mean it, say so with --confirm ${app}.`
      : `${answer} is not ${app}: nothing was changed.`,
  );
}

async function askFor(app: string, warning: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(
    `Warning: ${warning}\nTo proceed, type ${app} or run it with --confirm ${app}\n`,
  );
  return ask('> ');
}
