/** The one line that says what `--isolate` does here. Pure. */

/**
 * @param refusal why there is no sandbox, where one was wanted
 * @param shared folders of the app that are not copied
 * @param cost of the first copy: ms, and bytes where they are known
 */
export function isolationLine(
  mode: 'copy' | 'sandbox',
  refusal: string | undefined,
  shared: readonly string[],
  cost: { readonly elapsed: number; readonly size: number | undefined },
): string {
  const sandbox = mode === 'sandbox' && refusal === undefined;
  const copy = `Isolated: each dyno has its own copy of the app (${inWords(cost)}), its own ${sandbox ? '/tmp' : 'TMPDIR'} and HOME, gone when it ends`;
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

function inWords({ elapsed, size }: { elapsed: number; size: number | undefined }): string {
  const time = `${Math.round(elapsed)} ms`;
  if (size === undefined) return time;
  const megabytes = size / (1024 * 1024);
  return `${time}, ${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}
