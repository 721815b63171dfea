/** How far a download is that an add-on waits for: one line that moves, on a terminal. */
import type { ApiClient } from '../../runtime/api/client.js';
import { bytes } from './backups.js';

/** How far it is, as the platform tells. */
export interface Progress {
  readonly title?: string;
  readonly done?: number;
  readonly total?: number;
}

/** ms between two looks. */
const INTERVAL = 150;

const NARROWEST_BAR = 5;
const WIDEST_BAR = 30;

/**
 * Waits for some work and shows meanwhile what is being fetched for it.
 * @param stream stderr, or undefined where nothing is to be shown
 */
export async function withProgress<T>(
  api: ApiClient,
  stream: NodeJS.WriteStream | undefined,
  work: Promise<T>,
): Promise<T> {
  let over = false;
  let shown = '';
  const look = async () => {
    const now = await api.request<Progress>('GET', '/addon-progress').catch(() => ({}) as Progress);
    if (over || !stream || now.title === undefined) return;
    const text = stream.isTTY
      ? `\r${progressLine(now, stream.columns)}`
      : `Fetching ${now.title}\n`;
    if (stream.isTTY || shown !== text) stream.write(text);
    shown = text;
  };
  const timer = setInterval(() => void look(), INTERVAL);
  try {
    return await work;
  } finally {
    over = true;
    clearInterval(timer);
    if (shown !== '' && stream?.isTTY) stream.write('\r\u001B[K');
  }
}

/** `Fetching Postgres 18.4 [=====>    ] 12.0 of 24.1 MB`, within a width. Pure. */
export function progressLine({ title = '', done = 0, total = 0 }: Progress, width: number): string {
  const head = `Fetching ${title} `;
  const long = total === 0 ? bytes(done) : `${bytes(done)} of ${bytes(total)}`;
  const share = Math.min(done, total) / Math.max(total, 1);
  const tail = head.length + long.length < width ? long : `${Math.round(100 * share)} %`;
  const room = width - 1 - head.length - tail.length - '[] '.length;
  const size = Math.min(WIDEST_BAR, room);
  const whole = size < NARROWEST_BAR || total === 0 ? `${head}${tail}` : undefined;
  const filled = Math.round(size * share);
  const line = whole ?? `${head}[${'='.repeat(filled).padEnd(size)}] ${tail}`;
  // What a longer line before it has left goes.
  return `${line.slice(0, Math.max(0, width - 1))}\u001B[K`;
}
