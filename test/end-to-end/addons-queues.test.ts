/** Apps as they are: a BullMQ worker on Redis, and Python on Postgres. */
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { deskWithAddons, PYTHON, testWith } from '../support/addons.js';
import { until } from '../support/until.js';

const MODULES = resolve(import.meta.dirname, '../../node_modules');

const QUEUE = {
  Procfile: 'web: node web.js\nworker: node worker.js\n',
  'app.json': '{"addons": ["heroku-redis"]}',
  'web.js': `
const { Queue } = require('bullmq');
const { Redis } = require('ioredis');
const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
connection.on('error', () => {});
const queue = new Queue('mails', { connection });
require('http').createServer(async (request, response) => {
  if (request.method === 'POST' || request.url === '/add') await queue.add('mail', {});
  response.end(String(await connection.get('done')));
}).listen(process.env.PORT);
`,
  'worker.js': `
const { Worker } = require('bullmq');
const { Redis } = require('ioredis');
const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
connection.on('error', () => {});
new Worker('mails', () => connection.incr('done'), { connection }).on('error', () => {});
`,
};

testWith(['Redis'])('a BullMQ worker works on, also after its Redis was killed', async () => {
  const desk = deskWithAddons(QUEUE);
  symlinkSync(MODULES, join(desk.folder, 'node_modules'));
  const platform = await desk.start('--yes');
  await desk.paas('wait');
  const done = (count: number) =>
    until(async () => (await platform.fetch('/')).body === String(count));
  await platform.fetch('/add');
  await platform.fetch('/add');
  await done(2);
  const info = await desk.json<string>('redis:cli', 'INFO', 'server');
  process.kill(Number(/process_id:(\d+)/.exec(info)?.[1]), 'SIGKILL');
  await platform.running.says(/redis\.1 +\| Redis ended with SIGKILL\. It is started again/);
  await platform.fetch('/add');
  await done(3);
  const dynos = await desk.json<{ name: string; state: string }[]>('ps');
  expect(dynos.every(({ state }) => state === 'up')).toBe(true);
  expect(platform.running.stdout).not.toContain('State changed from up to crashed');
});

testWith(['Postgres', 'psycopg'])('Python with psycopg connects by DATABASE_URL', async () => {
  const desk = deskWithAddons({
    Procfile: `worker: ${PYTHON} -u worker.py\n`,
    'app.json': '{"addons": ["heroku-postgresql"]}',
    'worker.py': `
import os, time, psycopg2
with psycopg2.connect(os.environ["DATABASE_URL"]) as connection:
    with connection.cursor() as cursor:
        cursor.execute("create table t (n int); insert into t values (42); select n from t")
        print("python read", cursor.fetchone()[0])
time.sleep(1000)
`,
  });
  const platform = await desk.start('--yes');
  await platform.running.says(/worker\.1 +\| python read 42/);
});
