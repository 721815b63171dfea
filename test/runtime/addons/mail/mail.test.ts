/** The mail catcher, with the client that apps use. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { expect, onTestFinished, test } from 'vitest';
import { mail } from '../../../../src/runtime/addons/mail/mail.js';
import type { Place, RunningAddon } from '../../../../src/runtime/addons/provider.js';
import { freePort, portOr } from '../../../../src/runtime/addons/server/ports.js';
import { makeFolder, removeFolder } from '../../../support/folders.js';

/** A catcher that runs in a folder, as the platform would run it. */
async function catcher(folder = makeFolder()) {
  const lines: string[] = [];
  const place = {
    folder,
    log: (line: string) => void lines.push(line),
    port: (wanted?: number) => (wanted === undefined ? freePort() : portOr(wanted)),
  } as unknown as Place;
  const made = await mail.provision('test', place, {});
  const addon = { ...made, id: '1', name: 'mail-1', service: 'mailcatcher', plan: 'test' };
  const start = () => mail.start({ ...addon, attachments: [], createdAt: 0 }, place);
  let running: RunningAddon = await start();
  onTestFinished(async () => {
    await running.stop();
    removeFolder(folder);
  });
  const restart = async () => {
    await running.stop();
    running = await start();
  };
  const { config } = running;
  const page = running.page ?? '';
  const get = async (path: string) => (await fetch(new URL(path, page))).text();
  return { config, folder, page, get, lines, restart, list: () => running.act('list', {}) };
}

test('mails are caught, listed, shown as harmless text, and still there after a restart', async () => {
  const { config, get, lines, restart, list } = await catcher();
  const transport = createTransport(config['URL'] ?? '');
  await transport.sendMail({
    from: 'Shop <shop@example.com>',
    to: ['ada@example.com', 'bob@example.com'],
    subject: '<script>alert(1)</script> ünïcode',
    text: 'plain </pre><b>text',
    html: '<h1>"quoted"</h1><script>alert(2)</script>',
    attachments: [{ filename: 'a".html', content: '<script>' }],
  });
  await restart();
  const [caught] = (await list()) as { id: string; to: string[] }[];
  expect(caught?.to).toEqual(['ada@example.com', 'bob@example.com']);
  expect(lines.join('\n')).toContain('Caught a mail of shop@example.com to ada@example.com');
  const all = await get('./');
  expect(all).toContain('&lt;script&gt;alert(1)&lt;/script&gt; ünïcode');
  const one = await get(`mails/${caught?.id}`);
  expect(one).toContain('plain &lt;/pre&gt;&lt;b&gt;text');
  expect(one).toContain('<iframe sandbox title="HTML" srcdoc="&lt;h1&gt;&quot;quoted&quot;');
  expect(all + one).not.toContain('<script');
  expect(await get(`mails/${caught?.id}/attachments/0`)).toBe('<script>');
  expect(await get(`mails/${caught?.id}/source`)).toContain('Subject: =?UTF-8?');
});

test('nobody sends without the login, or reads without the address', async () => {
  const { config, page, list } = await catcher();
  const url = new URL(config['URL'] ?? '');
  url.password = 'wrong';
  const message = { from: 'a@b.c', to: 'a@b.c', text: 'x' };
  await expect(createTransport(url.href).sendMail(message)).rejects.toThrow('Wrong login');
  url.username = '';
  url.password = '';
  await expect(createTransport(url.href).sendMail(message)).rejects.toThrow();
  expect(await list()).toEqual([]);
  const other = await fetch(new URL('/', page));
  expect([other.status, await other.text()]).toEqual([404, 'There is nothing here.\n']);
  expect((await fetch(page)).headers.get('content-security-policy')).toContain(
    "default-src 'none'",
  );
});

test('a strange mail is kept by its head alone, and a damaged one does not hide the others', async () => {
  const { config, folder, lines, restart, list } = await catcher();
  const transport = createTransport(config['URL'] ?? '');
  const envelope = { from: 'a@b.c', to: 'a@b.c' };
  const send = (raw: string) => transport.sendMail({ envelope, raw });
  await send(`Subject: =?utf-8?Q?${'x'.repeat(5000)}?=\r\n\r\nhi`);
  await send('Content-Type: text/plain\n\nSubject: of the body\n\nhi');
  await send('Subject: last');
  writeFileSync(join(folder, 'mails', '0-damaged.json'), '{');
  await restart();
  const subjects = ((await list()) as { subject: string }[]).map(({ subject }) => subject);
  expect(subjects).toEqual(['last', '', 'x'.repeat(998)]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1100);
});

test('the page empties the box', async () => {
  const { config, page, list } = await catcher();
  const transport = createTransport(config['URL'] ?? '');
  await transport.sendMail({ from: 'a@b.c', to: 'a@b.c', subject: 'x', text: 'x' });
  expect(await list()).toHaveLength(1);
  const emptied = await fetch(new URL('empty', page), { method: 'POST' });
  expect(await emptied.text()).toContain('No mail yet.');
  expect(await list()).toEqual([]);
});
