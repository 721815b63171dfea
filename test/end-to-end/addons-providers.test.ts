/** Services beside the databases: a mail catcher, a bucket, and those that an app brings along. */
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { deskWithAddons } from '../support/addons.js';
import type { Desk } from '../support/paas.js';

/** The example of the documentation. */
const [, PROVIDER = ''] =
  /```js\n(.*?)```/s.exec(
    readFileSync(resolve(import.meta.dirname, '../../docs/addons.md'), 'utf8'),
  ) ?? [];

const APP = { Procfile: 'worker: sleep 1000\n' };

/** What comes back from the server of the add-on. */
async function echo(desk: Desk): Promise<string> {
  const url = new URL((await desk.json<Record<string, string>>('config'))['ECHO_URL'] ?? '');
  return new Promise((done, reject) => {
    const socket = connect(Number(url.port), '127.0.0.1', () => socket.write('hello'));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      done(String(answer));
    });
  });
}

describe('a provider of the app', () => {
  test('is used as ours are, from a path or a package, and its faults are told', async () => {
    const desk = deskWithAddons({
      ...APP,
      'app.json': '{"addon_providers": ["./echo.mjs", "broken"]}',
      'echo.mjs': PROVIDER,
      'node_modules/broken/package.json': '{"name": "broken", "exports": "./index.mjs"}',
      'node_modules/broken/index.mjs': 'export default { service: { name: "broken" } };',
    });
    const platform = await desk.start();
    const services = await desk.json<{ name: string }[]>('addons:services');
    expect(services.map(({ name }) => name)).toContain('echo');
    await platform.running.says(
      /addons +\| Can't load the add-on provider broken: .*service\.plans must be a list/,
    );
    expect((await desk.paas('addons:create', 'echo:small')).stderr).toContain('as ECHO_URL');
    expect(await echo(desk)).toBe('hello');
    await platform.running.end();
    // Mended, it is there without any more ado.
    writeFileSync(
      join(desk.folder, 'node_modules/broken/index.mjs'),
      PROVIDER.replace("name: 'echo'", "name: 'broken'"),
    );
    await desk.start();
    await desk.paas('wait');
    expect(await echo(desk)).toBe('hello');
    const created = await desk.paas('addons:create', 'broken');
    expect(created.stderr).toContain('as BROKEN_URL');
  });
});

describe('ours', () => {
  test('catch mails and keep objects, each where its config vars say', async () => {
    const desk = deskWithAddons(APP);
    const platform = await desk.start();
    expect((await desk.paas('addons:create', 'mail', '--as', 'MAILGUN_SMTP')).exitStatus).toBe(0);
    expect((await desk.paas('addons:create', 's3')).exitStatus).toBe(0);
    const config = await desk.json<Record<string, string>>('config');
    expect(Object.keys(config).sort()).toEqual([
      'BUCKETEER_AWS_ACCESS_KEY_ID',
      'BUCKETEER_AWS_REGION',
      'BUCKETEER_AWS_SECRET_ACCESS_KEY',
      'BUCKETEER_BUCKET_NAME',
      'BUCKETEER_ENDPOINT_URL',
      'MAILGUN_SMTP_LOGIN',
      'MAILGUN_SMTP_PASSWORD',
      'MAILGUN_SMTP_PORT',
      'MAILGUN_SMTP_SERVER',
      'MAILGUN_SMTP_URL',
    ]);
    const transport = createTransport({
      host: config['MAILGUN_SMTP_SERVER'] ?? '',
      port: Number(config['MAILGUN_SMTP_PORT']),
      auth: { user: config['MAILGUN_SMTP_LOGIN'], pass: config['MAILGUN_SMTP_PASSWORD'] },
    });
    await transport.sendMail({ from: 'a@b.c', to: 'ada@b.c', subject: 'Welcome', text: 'Hi' });
    await platform.running.says(/mail\.1 +\| Caught a mail of a@b\.c to ada@b\.c: Welcome/);
    desk.environment['BROWSER'] = 'true';
    const page = (await desk.paas('addons:open', 'MAILGUN_SMTP')).stdout.trim();
    expect(await (await fetch(page)).text()).toContain('Welcome');
    const without = await desk.paas('addons:open', 'BUCKETEER');
    expect(without.stderr).toMatch(/has no page/);
    const bucket = config['BUCKETEER_ENDPOINT_URL'] ?? '';
    expect((await fetch(`${bucket}/${config['BUCKETEER_BUCKET_NAME']}`)).status).toBe(403);
    expect((await platform.running.end()).exitStatus).toBe(0);
  });
});
