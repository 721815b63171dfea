/** Waiting for a condition, never for a time. */

/** ms between two looks. */
const INTERVAL = 20;

/** ms after which a condition that does not come is a failure, with what was seen until then. */
const LIMIT = 25_000;

/**
 * Looks until something is there.
 * @param look gives it, or undefined or false while it is not
 * @param describe what was waited for, for the failure
 */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  describe: () => string = () => look.toString(),
): Promise<T> {
  const deadline = performance.now() + LIMIT;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}
