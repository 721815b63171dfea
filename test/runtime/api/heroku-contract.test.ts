/**
 * What Heroku's own command line asks of the API, request for request, and the fields without which
 * it crashes or shows something else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppRecord } from '../../../src/runtime/registry.js';
import { Desk } from '../../support/paas.js';

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

let desk: Desk;
let record: AppRecord;

beforeAll(async () => {
  desk = Desk.lasting({ Procfile: 'web: sleep 1000\nworker: sleep 1000\n', '.env': 'A=1\n' });
  await desk.start('-m', 'worker=1');
  await desk.paas('wait', 'worker');
  const registry = desk.environment['PAAS_RUNTIME_DIR'] ?? '';
  const name = readdirSync(registry).find((file) => file.endsWith('.json')) ?? '';
  record = JSON.parse(readFileSync(join(registry, name), 'utf8'));
});
afterAll(() => desk.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the JSON is what is tested
  readonly json: any;
}

/** Sends what Heroku's client sends. @param path `A` stands for the app's path */
function ask(method: string, path: string, body?: object, range?: string): Promise<Answer> {
  const stream = path.startsWith('/streams/');
  return new Promise((resolve, reject) => {
    const headers = {
      Accept: stream ? 'text/event-stream' : 'application/vnd.heroku+json; version=3.sdk',
      Authorization: 'Bearer key',
      'User-Agent': 'heroku-cli/11.10.0 linux-x64',
      ...(range === undefined ? {} : { Range: range }),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
    };
    const socketPath = record.socket;
    const target = path.replace(/^A/, `/apps/${record.name}`);
    const request = httpRequest({ socketPath, method, path: target, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => {
        const isJson = String(answer.headers['content-type']).includes('json');
        const json = isJson ? JSON.parse(text) : undefined;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
      });
    });
    request.on('error', reject).end(body && JSON.stringify(body));
  });
}

describe('lists and objects', () => {
  test('an app has every object that the schema promises, by name and by id', async () => {
    const { status, json, headers } = await ask('GET', 'A');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(json).toMatchObject({
      id: expect.stringMatching(UUID),
      name: record.name,
      owner: { id: expect.stringMatching(UUID), email: expect.stringContaining('@') },
      region: { name: expect.any(String) },
      stack: { name: expect.any(String) },
      build_stack: { name: expect.any(String) },
      generation: { name: 'cedar' },
      web_url: expect.stringMatching(/^http:\/\//),
      git_url: expect.any(String),
      create_status: 'complete',
      maintenance: false,
      created_at: expect.stringMatching(SECONDS),
      space: null,
      team: null,
    });
    expect(json.process_tier).not.toBe('eco');
    expect((await ask('GET', `/apps/${json.id}`)).json.name).toBe(record.name);
    expect((await ask('GET', '/users/~/apps')).json.map(({ id }: { id: string }) => id)).toEqual([
      json.id,
    ]);
  });

  test('a dyno names its release by the id that the release has', async () => {
    const [dyno] = (await ask('GET', 'A/dynos')).json;
    const release = (await ask('GET', 'A/releases/1')).json;
    expect(dyno).toMatchObject({
      id: expect.stringMatching(UUID),
      name: 'worker.1',
      type: 'worker',
      command: 'sleep 1000',
      size: 'Standard-1X',
      state: 'up',
      release: { id: release.id, version: 1 },
      app: { name: record.name },
      updated_at: expect.stringMatching(SECONDS),
    });
  });

  test('a release has what the list, its info and a rollback need', async () => {
    const { json, headers, status } = await ask(
      'GET',
      'A/releases',
      undefined,
      'version ..; max=15, order=desc',
    );
    expect(status).toBe(200);
    expect(headers['next-range']).toBeUndefined();
    expect(json[0]).toMatchObject({
      id: expect.stringMatching(UUID),
      version: expect.any(Number),
      description: expect.any(String),
      status: 'succeeded',
      current: true,
      user: { email: expect.any(String) },
      slug: { id: expect.any(String) },
      eligible_for_rollback: true,
      output_stream_url: null,
      addon_plan_names: [],
    });
    expect((await ask('GET', 'A/releases/1/config-vars')).json).toEqual({ A: '1' });
  });

  test.each([
    ['/account', { email: expect.any(String) }],
    ['A/formation', [{ type: 'web', quantity: 0, size: 'Standard-1X' }, { type: 'worker' }]],
    ['A/config-vars', { A: '1' }],
    ['A/domains', [{ hostname: expect.any(String), kind: 'heroku', cname: expect.any(String) }]],
    ['A/log-drains', []],
    ['A/addons', []],
    ['A/addon-attachments', []],
    ['/addon-attachments', []],
    ['A/collaborators', []],
    ['A/sni-endpoints', []],
    ['A/buildpack-installations', []],
    ['A/features', [{ state: 'general' }, {}, {}, {}]],
  ])('GET %s', async (path, expected) => {
    const { status, json } = await ask('GET', path);
    expect(status).toBe(200);
    expect(json).toMatchObject(expected);
  });
});

describe('changes', () => {
  test('a scale is one PATCH with quantities as text, and gives the rows back', async () => {
    const updates = [
      { type: 'worker', quantity: '+1' },
      { type: 'web', quantity: '0', size: 'standard-2x' },
    ];
    const { status, json } = await ask('PATCH', 'A/formation', { updates });
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { type: 'web', quantity: 0, size: 'Standard-2X' },
      { type: 'worker', quantity: 2 },
    ]);
    await ask('PATCH', 'A/formation', { updates: [{ type: 'worker', quantity: '1' }] });
  });

  test('a change of config has its release before the answer, and a rollback goes back', async () => {
    const set = await ask('PATCH', 'A/config-vars', { B: '', A: null });
    expect(set).toMatchObject({ status: 200, json: { B: '' } });
    const [newest] = (await ask('GET', 'A/releases', undefined, 'version ..; order=desc,max=1'))
      .json;
    expect(newest.description).toBe('Set B and remove A config vars');
    const { id } = (await ask('GET', 'A/releases/1')).json;
    const back = await ask('POST', 'A/releases', { release: id });
    expect(back).toMatchObject({ status: 201, json: { version: newest.version + 1 } });
    expect((await ask('GET', 'A/config-vars')).json).toEqual({ A: '1' });
  });

  test.each([
    ['DELETE', 'A/dynos/worker.1'],
    ['DELETE', 'A/formations/worker'],
    ['POST', 'A/formations/worker/actions/stop'],
  ])('%s %s is accepted', async (method, path) => {
    expect((await ask(method, path)).status).toBe(202);
  });

  test('a one-off that is not attached is named', async () => {
    const body = { command: 'true', attach: false, env: { TERM: 'xterm' } };
    const { status, json } = await ask('POST', 'A/dynos', body);
    expect(status).toBe(201);
    expect(json.name).toMatch(/^run\.\d{4}$/);
  });

  test.each([
    ['GET', '/apps/nope', 404, 'not_found'],
    ['GET', 'A/webhooks', 404, 'not_found'],
    ['PATCH', 'A/formation', 404, 'not_found', { updates: [{ type: 'nope', quantity: '1' }] }],
    ['PATCH', 'A/config-vars', 422, 'invalid_params', { '1A': 'x' }],
  ])('%s %s is refused: %d %s', async (method, path, status, id, body?: object) => {
    const answer = await ask(method, path, body);
    expect(answer).toMatchObject({ status, json: { id, message: expect.any(String) } });
  });
});

test('a log session gives a URL whose stream is SSE, ends, and does not let the client wait', async () => {
  const body = { lines: 2, tail: false, dyno: 'worker' };
  const session = await ask('POST', 'A/log-sessions', body);
  expect(session.status).toBe(201);
  const url = new URL(session.json.logplex_url);
  expect(url.searchParams.has('srv')).toBe(false);
  const { status, headers, text } = await ask('GET', url.pathname + url.search);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/event-stream');
  expect(text).toMatch(/^retry: 10\n/);
  const lines = text.match(/^data: .*$/gm) ?? [];
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^data: \d{4}-\S+\+00:00 (heroku|app)\[worker\.\d\]: /);
  expect(text).toMatch(/^id: \S+$/m);
});
