/** The server of the page with the mails. Its address has a secret, since every user of this machine can connect. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Mailbox } from './mailbox.js';
import { listPage, mailPage } from './page.js';

/** Mails are strangers' texts: what they bring may be shown, and do nothing. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; frame-ancestors 'none'";

interface Page {
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Name of a file to save it as; nothing of a mail is opened by itself. */
  readonly download?: string;
}

const html = (body: string): Page => ({ type: 'text/html; charset=utf-8', body });

/** @param secret first part of every path @param title name of the add-on */
export function mailServer(mailbox: Mailbox, secret: string, title: string): Server {
  return createServer((request, response) => {
    answer(mailbox, secret, title, request, response).catch((error: Error) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(error.message);
    });
  });
}

async function answer(
  mailbox: Mailbox,
  secret: string,
  title: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, key, ...path] = (request.url ?? '').split('?')[0]!.split('/');
  if (key === secret && request.method === 'POST' && path[0] === 'empty') {
    await mailbox.empty();
    response.writeHead(303, { location: './' }).end();
    return;
  }
  const found = key === secret ? await pageAt(mailbox, title, path) : undefined;
  if (!found) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
    return;
  }
  response.writeHead(200, {
    'content-type': found.type,
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...(found.download === undefined
      ? {}
      : {
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.download)}`,
        }),
  });
  response.end(found.body);
}

async function pageAt(
  mailbox: Mailbox,
  title: string,
  [first, id = '', what, index]: readonly string[],
): Promise<Page | undefined> {
  if (first === '') return html(listPage(title, mailbox.all()));
  if (first === 'mails.json') {
    return { type: 'application/json', body: JSON.stringify(mailbox.all()) };
  }
  const mail = first === 'mails' ? mailbox.find(id) : undefined;
  if (!mail) return undefined;
  if (what === 'source')
    return { type: 'text/plain; charset=utf-8', body: await mailbox.raw(mail) };
  const email = await mailbox.read(mail);
  if (what === undefined) return html(mailPage(mail, email));
  const attachment = what === 'attachments' ? email.attachments[Number(index)] : undefined;
  if (!attachment) return undefined;
  const { content, filename } = attachment;
  const body = typeof content === 'string' ? content : new Uint8Array(content);
  return { type: 'application/octet-stream', body, download: filename ?? 'attachment' };
}
