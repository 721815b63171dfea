/** What Heroku's own CLI asks about add-ons, over the app's socket: the fields that it can't do without. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { ApiClient } from '../../src/runtime/api/client.js';
import { deskWithAddons, testWith } from '../support/addons.js';
import type { Desk } from '../support/paas.js';

const test = testWith(['Postgres', 'Redis']);

const APP = { Procfile: 'worker: sleep 1000\n' };

function clientOf(desk: Desk): { readonly api: ApiClient; readonly app: string } {
  const folder = desk.environment['PAAS_RUNTIME_DIR'] ?? '';
  const file = readdirSync(folder).find((name) => name.endsWith('.json')) ?? '';
  const { socket, name } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return { api: new ApiClient(socket), app: name };
}

type Json = Record<string, unknown>;

test('add-ons, attachments and databases have the shapes of the Platform API', async () => {
  const desk = deskWithAddons(APP);
  await desk.start();
  const { api, app } = clientOf(desk);
  const plan = { name: 'heroku-postgresql:essential-0' };
  const created = await api.request<Json>('POST', `/apps/${app}/addons`, { body: { plan } });
  expect(created).toMatchObject({
    app: { name: app },
    addon_service: { name: 'heroku-postgresql' },
    plan: { name: plan.name, price: { cents: 0 } },
    billed_price: { cents: 0, contract: false },
    config_vars: ['DATABASE_URL'],
    state: 'provisioned',
  });
  const name = String(created['name']);

  const found = await api.request<Json[]>('POST', '/actions/addon-attachments/resolve', {
    body: { app, addon_attachment: 'DATABASE_URL' },
  });
  expect(found).toMatchObject([
    { name: 'DATABASE', namespace: null, addon: { name, plan, app: { name: app } } },
  ]);
  const [same] = await api.request<Json[]>('POST', '/actions/addons/resolve', {
    body: { app, addon: 'DATABASE' },
  });
  expect(same?.['id']).toBe(created['id']);
  expect(await api.request('GET', '/addon-attachments')).toEqual(found);
  expect(await api.request('GET', `/addons/${created['id']}/addon-attachments`)).toEqual(found);

  const database = await api.request<Json>('GET', `/client/v11/databases/${created['id']}`);
  expect(database['info']).toContainEqual({ name: 'Plan', values: ['essential-0'] });
  const wait = `/client/v11/databases/${created['id']}/wait_status`;
  expect(await api.request('GET', wait)).toMatchObject({ 'waiting?': false });
  const credentials = `/postgres/v0/databases/${name}/credentials/default`;
  expect(await api.request('GET', credentials)).toMatchObject({
    host: 'localhost',
    port: expect.any(Number),
    credentials: [{ user: expect.any(String), password: expect.any(String), state: 'active' }],
  });

  const redis = { plan: { name: 'heroku-redis:hobby-dev' }, attachment: { name: 'CACHE' } };
  const store = await api.request<Json>('POST', `/apps/${app}/addons`, { body: redis });
  expect(store['config_vars']).toEqual(['CACHE_URL']);
  expect(await api.request('GET', `/redis/v0/databases/${store['name']}`)).toMatchObject({
    plan: 'hobby-dev',
    prefer_native_tls: false,
    resource_url: expect.stringMatching(/^redis:\/\/:/),
  });

  const gone = await api.request<Json>('DELETE', `/apps/${app}/addons/${store['id']}`, {
    body: { force: false },
  });
  expect(gone['state']).toBe('deprovisioned');
});
