/** The one line that says what `--isolate` does here. Pure. */

/**
 * @param refusal why there is no sandbox, where one was wanted
 * @param shared folders of the app that are not copied
 * @param elapsed ms that the first copy took
 */
export function isolationLine(
  mode: 'copy' | 'sandbox',
  refusal: string | undefined,
  shared: readonly string[],
  elapsed: number,
): string {
  const sandbox = mode === 'sandbox' && refusal === undefined;
  const copy = `Isolated: each dyno has its own copy of the app (${Math.round(elapsed)} ms), its own ${sandbox ? '/tmp' : 'TMPDIR'} and HOME, gone when it ends`;
  const folders = shared.join(', ');
  const packages =
    shared.length === 0 ? '' : `; ${folders} ${shared.length === 1 ? 'is' : 'are'} shared`;
  if (sandbox) {
    const readOnly = packages === '' ? '' : `${packages} read-only`;
    return `${copy}${readOnly}. It sees no other process and can write nowhere else. The network is shared.`;
  }
  const why = refusal === undefined ? '' : ` (${refusal})`;
  return `${copy}${packages}. Not isolated${why}: processes, network, and the rest of the file system.`;
}
