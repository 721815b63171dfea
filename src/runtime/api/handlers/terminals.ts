/** The terminals of dynos: looking at one and typing into it. */
import { PlatformError } from '../../errors.js';
import type { DynoTerminal, WindowSize } from '../context.js';
import { type Answer, type Call, ok } from '../exchange.js';

/** Rows or columns that no window has. */
const TOO_LARGE = 10_000;

/**
 * From the answer on, the connection carries what the terminal shows and what is typed. It ends
 * with the dyno; a dyno does not notice who leaves. `?columns=80&rows=24` is the caller's window, and
 * `&recent=20` how many lines of what was shown before fit into it.
 */
export function attach(call: Call): Answer {
  const { socket } = call.request;
  const { columns, rows, recent } = Object.fromEntries(call.query);
  const size = columns === undefined ? undefined : windowSize({ columns, rows });
  const terminal = terminalOf(call);
  if (size) terminal.resizeWindow(size);
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  const shown: Buffer | null = terminal.read();
  if (shown) socket.write(recent === undefined ? shown : lastLines(shown, Number(recent)));
  socket.pipe(terminal).pipe(socket);
  socket.once('close', () => terminal.destroy());
  // Also where the platform gave up on a reader that does not read.
  terminal.once('close', () => socket.destroySoon());
  return 'streamed';
}

/** The end of what a terminal has shown. Pure. */
export function lastLines(shown: Buffer, count: number): Buffer {
  let from = shown.length;
  for (let lines = 0; lines < count && from > 0; lines += 1) {
    from = from < 2 ? 0 : shown.lastIndexOf('\n', from - 2) + 1;
  }
  return shown.subarray(from);
}

/** `{columns: 80, rows: 24}`: everybody who looks sees the terminal in the size that was set last. */
export async function resize(call: Call): Promise<Answer> {
  const size = windowSize(await call.body());
  const terminal = terminalOf(call);
  terminal.resizeWindow(size);
  terminal.destroy();
  return ok(size);
}

/** @throws PlatformError not_found, or invalid_params for a dyno without a terminal, saying why */
function terminalOf(call: Call): DynoTerminal {
  const { platform, attach: open } = call.context;
  const name = call.param('dyno');
  const app = call.param('app');
  try {
    return open(platform.find(app).app.id, name);
  } catch (error) {
    const types = platform.manifest(app).processes.filter(({ tty }) => tty);
    const wasAsked = types.some(({ type }) => name.startsWith(`${type}.`));
    if (!(error instanceof PlatformError) || error.id !== 'invalid_params' || !wasAsked)
      throw error;
    throw new PlatformError(
      'unavailable',
      `${name} has no terminal now: it does not run, or the optional package @lydell/node-pty is missing (npm install @lydell/node-pty). \`paas ps\` and \`paas doctor\` tell which.`,
    );
  }
}

function windowSize(given: Readonly<Record<string, unknown>>): WindowSize {
  const [columns = 0, rows = 0] = [given['columns'], given['rows']].map(Number);
  const fits = [columns, rows].every((n) => Number.isInteger(n) && n > 0 && n < TOO_LARGE);
  if (fits) return { columns, rows };
  throw new PlatformError('invalid_params', '"columns" and "rows" must be whole numbers above 0.');
}
