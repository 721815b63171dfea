/** Waits for something, but not for longer than somebody's patience. */
export async function before(patience: AbortSignal, wanted: Promise<unknown>): Promise<void> {
  const over = new Promise<void>((resolve) => {
    if (patience.aborted) resolve();
    else patience.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([wanted, over]);
}
