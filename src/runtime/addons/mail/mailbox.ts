/** The mails that were caught: one file each, in the form in which they came; the newest are kept. */

import { readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Email } from 'postal-mime';
import { hex } from '../secret.js';

/** Mails that are kept, whatever the plan. */
const MOST_KEPT = 500;

/** Bytes of a head that are looked at, and characters of a subject that are kept. */
const LARGEST_HEAD = 256 * 1024;
const LONGEST_SUBJECT = 998; // a line of RFC 5322, section 2.1.1

/** One mail, as the list shows it. */
export interface Caught {
  /** Sorts by time. */
  readonly id: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
  /** As the client said to the server, not what is in the head: whom it would have gone to. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** Bytes. */
  readonly size: number;
}

export class Mailbox {
  private list: Caught[] = [];

  private constructor(private readonly folder: string) {}

  /** @param folder of the add-on */
  static async open(folder: string): Promise<Mailbox> {
    const mailbox = new Mailbox(join(folder, 'mails'));
    await mkdir(mailbox.folder, { recursive: true, mode: 0o700 });
    const files = readdirSync(mailbox.folder).filter((file) => file.endsWith('.json'));
    for (const file of files.sort()) {
      try {
        mailbox.list.push(JSON.parse(await readFile(join(mailbox.folder, file), 'utf8')));
      } catch {
        // The machine lost its power while it was written: the others are worth having.
      }
    }
    return mailbox;
  }

  /** Newest first. */
  all(): readonly Caught[] {
    return this.list.toReversed();
  }

  find(id: string): Caught | undefined {
    return this.list.find((mail) => mail.id === id);
  }

  /** Keeps a mail; the oldest goes when there are too many. @param raw as it came */
  async keep(raw: Buffer, envelope: Pick<Caught, 'from' | 'to'>): Promise<Caught> {
    const receivedAt = Date.now();
    const subject = await subjectOf(raw);
    const id = `${receivedAt}-${hex(6)}`;
    const mail = { id, receivedAt, ...envelope, subject, size: raw.length };
    await writeFile(this.path(id, 'eml'), raw, { mode: 0o600 });
    // The entry comes last, and whole: a mail is there or it is not.
    await writeFile(this.path(id, 'part'), JSON.stringify(mail), { mode: 0o600 });
    await rename(this.path(id, 'part'), this.path(id, 'json'));
    this.list.push(mail);
    while (this.list.length > MOST_KEPT) await this.remove(this.list[0]!.id);
    return mail;
  }

  raw({ id }: Caught): Promise<Buffer> {
    return readFile(this.path(id, 'eml'));
  }

  async read(mail: Caught): Promise<Email> {
    return parseMail(await this.raw(mail));
  }

  async remove(id: string): Promise<void> {
    this.list = this.list.filter((mail) => mail.id !== id);
    await rm(this.path(id, 'json'), { force: true });
    await rm(this.path(id, 'eml'), { force: true });
  }

  async empty(): Promise<void> {
    for (const { id } of this.all()) await this.remove(id);
  }

  private path(id: string, ending: string): string {
    return join(this.folder, `${id}.${ending}`);
  }
}

/** Of the head alone: all else of a mail may be large, and is read by who looks at it. */
async function subjectOf(raw: Buffer): Promise<string> {
  const ends = ['\n\r\n', '\n\n'].map((end) => raw.indexOf(end)).filter((at) => at >= 0);
  const { subject = '' } = await parseMail(raw.subarray(0, Math.min(...ends, LARGEST_HEAD)));
  return subject.slice(0, LONGEST_SUBJECT);
}

/** Whatever bytes came: what can't be read is left out. */
async function parseMail(raw: Buffer): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime');
  return PostalMime.parse(raw).catch(() => ({ headers: [], attachments: [] }) as unknown as Email);
}
