/**
 * Errors that a user may see. They are made once, where the fault is known, with a sentence that
 * says what was wrong and what to do next; mapped once to HTTP (api/server) and once to an exit
 * status (cli/command).
 */

/** Ids of the Platform API (https://devcenter.heroku.com/articles/platform-api-reference#error-responses). */
export type ErrorId =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'confirmation_required'
  | 'invalid_params'
  /** Ours: it was asked rightly and did not work out (a release command, a broken Procfile). */
  | 'failed'
  | 'unavailable'
  | 'internal_server_error';

/** A fault with a sentence for the user. Anything else that is thrown is a defect of ours. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';

  /**
   * @param id what kind of fault, in the API's words
   * @param message what was wrong and what to do next, one or two sentences
   * @param details `exitStatus` where the command line ends with another status than 1
   */
  constructor(
    readonly id: ErrorId,
    message: string,
    readonly details: { readonly exitStatus?: number; readonly resource?: string } = {},
  ) {
    super(message);
  }
}

/** True for an error of the operating system, of one of these codes where any is given: `ENOENT`. */
export function isSystemError(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || !('syscall' in error)) return false;
  return codes.length === 0 || codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
