/** Services beside the databases: a mail catcher, a bucket, and those that an app brings along. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { describe, expect, test } from 'vitest';
import { deskWithAddons } from '../support/addons.js';

const PROVIDER = `
export default {
  service: { name: 'echo', plans: [{ name: 'small' }, { name: 'large', description: 'louder' }] },
  async provision(plan, place) {
    return { config: { URL: 'echo://localhost:' + (await place.port()) }, settings: { plan } };
  },
  async start(addon, place) {
    const port = await place.port(Number(new URL(addon.config.URL).port));
    const server = place.server({
      title: 'Echo',
      program: process.execPath,
      args: ['-e', 'require("net").createServer(s => s.pipe(s)).listen(+process.argv[1], () => console.log("echo is up"))', String(port)],
      stopSignal: 'SIGTERM',
      answers: async () => new Promise((resolve) => {
        const socket = require('net').connect(port, () => (socket.end(), resolve(true)));
        socket.on('error', () => resolve(false));
      }),
    });
    await server.start();
    return {
      config: { URL: 'echo://localhost:' + port },
      status: () => server.status(),
      act: async (action) => ({ action }),
      stop: (now) => server.stop(now),
    };
  },
};
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
`;

const APP = { Procfile: 'worker: sleep 1000\n' };

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
    expect((await desk.paas('addons:create', 'echo:large')).stderr).toContain('as ECHO_URL');
    await platform.running.says(/echo\.1 +\| echo is up/);
    await platform.running.end();
    // Mended, it is there without any more ado.
    writeFileSync(
      join(desk.folder, 'node_modules/broken/index.mjs'),
      PROVIDER.replace("name: 'echo'", "name: 'broken'"),
    );
    const again = await desk.start();
    await again.running.says(/echo\.1 +\| echo is up/);
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
