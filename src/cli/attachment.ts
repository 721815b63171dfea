/** Our own terminal in the place of a dyno's: `paas attach`. */
import type { Duplex } from 'node:stream';

/** Ctrl-], as telnet has it: no program that runs in a terminal wants it. */
const DETACH = 0x1d;

/** Colours, the cursor, the mouse and pasting as a shell expects them. */
const AS_BEFORE = '\x1b[0m\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?2004l';

/** Who ended it. */
export type AttachmentEnd = 'user' | 'dyno';

/**
 * Shows what comes and sends what is typed, every key of it, until Ctrl-] or the end of the dyno.
 * @param connection to the dyno's terminal
 * @param resized is told when our window has another size
 */
export function attachTerminal(connection: Duplex, resized: () => void): Promise<AttachmentEnd> {
  const { stdin, stdout } = process;
  let endedBy: AttachmentEnd = 'dyno';
  const typed = (keys: Buffer) => {
    const detach = keys.indexOf(DETACH);
    connection.write(detach < 0 ? keys : keys.subarray(0, detach));
    if (detach < 0) return;
    endedBy = 'user';
    connection.destroy();
  };
  stdin.setRawMode(true).on('data', typed);
  stdout.on('resize', resized);
  connection.pipe(stdout, { end: false });
  return new Promise((resolve) => {
    connection.on('error', () => connection.destroy());
    connection.once('end', () => connection.end());
    connection.once('close', () => {
      stdin.setRawMode(false).off('data', typed).pause();
      stdout.off('resize', resized);
      stdout.write(`${AS_BEFORE}\n`);
      resolve(endedBy);
    });
  });
}
