/** Redis, memcached and the scheduler as add-ons, through the real binary. */
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deskWithAddons, testWith } from '../support/addons.js';
import type { Desk } from '../support/paas.js';
import { until } from '../support/until.js';

const APP = {
  Procfile: 'web: node server.js\n',
  'server.js': `require('http').createServer((q, r) => r.end('hi')).listen(process.env.PORT);`,
};

interface AddonRow {
  readonly name: string;
  readonly status: string;
  readonly attachments: readonly string[];
}

const configVar = async (desk: Desk, key: string) =>
  (await desk.json<Record<string, string>>('config'))[key] ?? '';

/** Sends bytes to a port of this machine and gives the first that come back. */
function exchange(port: number, text: string | Buffer): Promise<string> {
  return new Promise((done, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(text));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      done(String(answer));
    });
  });
}

describe('paas addons', () => {
  test('lists services and plans, and says what there is not', async () => {
    const desk = deskWithAddons(APP);
    await desk.start();
    const services = await desk.json<{ name: string }[]>('addons:services');
    expect(services.map(({ name }) => name)).toEqual([
      'heroku-postgresql',
      'heroku-redis',
      'memcachier',
      'scheduler',
      'mailcatcher',
      'bucketeer',
    ]);
    const [plan] = await desk.json<{ name: string }[]>('addons:plans', 'redis');
    expect(plan).toMatchObject({ name: 'heroku-redis:mini', default: true });
    expect((await desk.paas('addons')).stdout).toContain('has no add-ons');
    const strange = await desk.paas('addons:create', 'cassandra');
    expect(strange.stderr).toContain("Couldn't find the add_on service cassandra.");
    expect((await desk.paas('pg')).stdout).toContain('has no heroku-postgresql databases.');
    expect((await desk.paas('redis')).stderr).toContain('`paas addons:create heroku-redis`');
  });

  test('without a server on the machine, say which to install, and nothing is made', async () => {
    const desk = deskWithAddons(APP);
    desk.environment['PATH'] = '/nowhere';
    await desk.start();
    const created = await desk.paas('addons:create', 'memcached');
    // Where it is installed outside PATH, too, there is nothing to miss.
    if (created.exitStatus === 0) return;
    expect(created.stderr).toMatch(/There is no memcached on this machine\. Install it: .+\./);
    expect(await desk.json<AddonRow[]>('addons')).toEqual([]);
    expect(await desk.json<unknown[]>('releases')).toHaveLength(1);
  });
});

describe('heroku-redis', () => {
  testWith(['Redis'])('keeps its data and its settings, and asks for its password', async () => {
    const desk = deskWithAddons(APP);
    const platform = await desk.start();
    expect((await desk.paas('addons:create', 'heroku-redis:premium-0')).stderr).toContain(
      'as REDIS_URL',
    );
    const url = new URL(await configVar(desk, 'REDIS_URL'));
    expect(await exchange(Number(url.port), 'GET a\r\n')).toContain('NOAUTH');
    expect(await desk.json('redis:cli', 'SET', 'greeting', 'good morning')).toBe('OK');
    await desk.paas('redis:maxmemory', '--policy', 'allkeys-lru');
    await desk.paas('redis:timeout', '-s', '60');
    expect((await desk.paas('redis:maxmemory', '--policy', 'nonsense')).exitStatus).toBe(2);

    const [addon] = await desk.json<AddonRow[]>('addons');
    const pid = /process_id:(\d+)/.exec(await desk.json<string>('redis:cli', 'INFO', 'server'));
    process.kill(Number(pid?.[1]), 'SIGKILL');
    await until(
      async () => (await desk.json<AddonRow>('addons:info', addon?.name ?? '')).status === 'up',
    );
    await until(async () =>
      (await desk.paas('redis:cli', '--json', 'PING')).stdout.includes('PONG'),
    );
    expect(await desk.json('redis:cli', 'GET', 'greeting')).toBe('good morning');

    expect((await platform.running.end()).exitStatus).toBe(0);
    await desk.start();
    expect(await desk.json('redis:cli', 'GET', 'greeting')).toBe('good morning');
    expect(await desk.json('redis:cli', 'CONFIG', 'GET', 'maxmemory')).toEqual([
      'maxmemory',
      String(50 * 1024 * 1024),
    ]);
    const { info } = await desk.json<{ info: Record<string, string> }>('redis');
    expect(info).toMatchObject({ Maxmemory: 'allkeys-lru', Timeout: '60', Plan: 'premium-0' });
  });
});

describe('memcachier', () => {
  testWith(['memcached'])(
    'is a memcached for the client of MemCachier, with a login where there is SASL',
    async () => {
      const desk = deskWithAddons({
        Procfile: 'worker: node worker.js\n',
        'worker.js': `
if (!process.env.MEMCACHIER_SERVERS) setInterval(() => {}, 1e6);
else {
  const client = require(${JSON.stringify(resolve('node_modules/memjs'))}).Client.create();
  client.set('greeting', 'good morning', {}, () => client.get('greeting', (error, value) => {
    console.log('memcached says', error || String(value));
  }));
  setInterval(() => {}, 1e6);
}`,
      });
      const platform = await desk.start();
      const created = await desk.paas('addons:create', 'memcachier');
      expect(created.stderr).toMatch(/Using memcached \d\S+ of \//);
      await platform.running.says(/worker\.1 +\| memcached says good morning/);
      const [host, port] = (await configVar(desk, 'MEMCACHIER_SERVERS')).split(':');
      expect(host).toBe('127.0.0.1');
      if ((await configVar(desk, 'MEMCACHIER_PASSWORD')) === '') {
        expect(await exchange(Number(port), 'get a\r\n')).toBe('END\r\n');
        return;
      }
      // A "get" in the binary protocol, without a login: status 0x20, authentication error.
      const get = '\u0080\0\0\u0001\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\0\0\0\0\0\0a';
      expect((await exchange(Number(port), Buffer.from(get, 'latin1'))).charCodeAt(7)).toBe(0x20);
    },
  );
});

describe('scheduler', () => {
  test('keeps jobs, and runs them in one-off dynos with the config of the app', async () => {
    const desk = deskWithAddons({ ...APP, '.env': 'NAME=Ada\n' });
    const platform = await desk.start();
    expect((await desk.paas('addons:create', 'scheduler')).exitStatus).toBe(0);
    expect((await desk.paas('addons:create', 'scheduler')).stderr).toContain(
      'has scheduler already',
    );
    const added = await desk.paas('scheduler:add', 'echo hello $NAME', '--every', 'hourly');
    expect(added.stderr).toContain(':00:00');
    await desk.paas('scheduler:add', 'echo twice', '--every', 'daily:07:30');
    expect((await desk.paas('scheduler:add', 'x', '--every', 'now and then')).exitStatus).toBe(2);
    const id = added.stdout.trim();
    const run = await desk.json<{ dyno: string }>('scheduler:run', id);
    expect(run.dyno).toMatch(/^scheduler\.\d{4}$/);
    await platform.running.says(/scheduler\.\d{4} +\| hello Ada/);
    await platform.running.says(/by user scheduler@addons\.heroku\.com/);
    expect((await desk.paas('scheduler:remove', 'echo twice')).exitStatus).toBe(0);
    await platform.running.end();
    await desk.start();
    const jobs = await desk.json<{ id: string; every: string }[]>('scheduler');
    expect(jobs).toMatchObject([{ id, every: 'hourly', command: 'echo hello $NAME' }]);
  });
});
