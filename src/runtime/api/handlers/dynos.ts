/** Dynos: list, restart, stop, and one-off dynos. */
import { PlatformError } from '../../errors.js';
import type { Dyno } from '../../model.js';
import { DEFAULT_SIZE, MOST_DYNOS, sizeNamed } from '../../platform/formation.js';
import type { OneOffWish } from '../../platform/one-offs.js';
import { type Answer, accepted, type Call, created, ok, stringIn } from '../exchange.js';
import { type DynoJson, dynoJson } from '../representations.js';

export function list(call: Call): Answer {
  return ok(dynosOf(call).map((dyno) => represent(call, dyno)));
}

export function info(call: Call): Answer {
  const name = call.param('dyno');
  const dyno = dynosOf(call).find((candidate) => candidate.name === name || candidate.id === name);
  if (!dyno)
    throw new PlatformError('not_found', `Couldn't find the dyno ${name}. \`paas ps\` lists them.`);
  return ok(represent(call, dyno));
}

export function restartAll(call: Call): Promise<Answer> {
  return restartSelected(call, {});
}

export async function restart(call: Call): Promise<Answer> {
  const name = call.param('dyno');
  // Heroku ends a one-off that is to be restarted.
  if (await call.context.oneOffs.stop(call.param('app'), name)) return accepted();
  return restartSelected(call, { name });
}

export function restartType(call: Call): Promise<Answer> {
  return restartSelected(call, { type: call.param('type') });
}

export async function stop(call: Call): Promise<Answer> {
  const { oneOffs, platform } = call.context;
  const name = call.param('dyno');
  const stopped = await oneOffs.stop(call.param('app'), name);
  if (!stopped) await platform.engine.stop(appId(call), { name });
  return accepted();
}

export async function stopType(call: Call): Promise<Answer> {
  await call.context.platform.engine.stop(appId(call), { type: call.param('type') });
  return accepted();
}

/**
 * Starts a one-off dyno. `attach: true` names it and answers (in `local`, ours) how the caller runs
 * it on its own terminal; otherwise it runs here, its output in the log.
 */
export async function create(call: Call): Promise<Answer> {
  const body = await call.body();
  const command = stringIn(body, 'command');
  const size = typeof body['size'] === 'string' ? sizeNamed(body['size']) : DEFAULT_SIZE;
  const env = environmentIn(body);
  const { platform, oneOffs } = call.context;
  const app = call.param('app');
  if (body['attach'] === true) {
    const terminal = terminalIn(body);
    const { dyno, start } = await oneOffs.attach(app, {
      ...{ command, size, env },
      ...(terminal ? { terminal } : {}),
    });
    const local = { program: start.program, cwd: start.directory, env: start.environment };
    return created({ ...represent(call, dyno), local });
  }
  const timeToLive = Number(body['time_to_live'] ?? 0) * 1000;
  const { dyno } = await platform.engine.run({
    manifest: platform.manifest(app),
    type: 'run',
    command: oneOffs.expand(app, command),
    size,
    env,
    ...(timeToLive > 0 ? { timeToLive } : {}),
  });
  return created(represent(call, dyno));
}

/**
 * The lease of an attached one-off: the dyno is listed for as long as this call is open. Its body
 * ends with `{"exitStatus": 3}`; the process of a caller that goes away without it is hung up. The
 * answer begins when the platform stops, which tells the caller to hang the process up.
 */
export async function attach(call: Call): Promise<Answer> {
  const { response } = call;
  const { oneOffs, leases } = call.context;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.flushHeaders();
  oneOffs.claim(call.param('app'), call.param('dyno'));
  const ended = call
    .body()
    .catch(() => ({ exitStatus: undefined }))
    .then(({ exitStatus }) => {
      const status = typeof exitStatus === 'number' ? exitStatus : undefined;
      return oneOffs.ended(call.param('app'), call.param('dyno'), status);
    });
  leases.hold(ended, () => response.write(' '));
  await ended;
  response.end('{}');
  return 'streamed';
}

async function restartSelected(
  call: Call,
  selector: { readonly type?: string; readonly name?: string },
): Promise<Answer> {
  const { platform, restarts } = call.context;
  const all = platform.dynos(call.param('app'));
  await platform.engine.restart(platform.manifest(call.param('app')), selector);
  restarts.ask(
    all.filter(
      ({ type, name }) => (selector.type ?? type) === type && (selector.name ?? name) === name,
    ),
    platform.dynos(call.param('app')),
  );
  return accepted();
}

/** One-offs, then the others in the order of the Procfile. */
function dynosOf(call: Call): Dyno[] {
  const app = call.param('app');
  const { oneOffs, platform } = call.context;
  const types = Object.keys(platform.find(app).formation);
  const place = ({ type, slot }: Dyno) => types.indexOf(type) * MOST_DYNOS + slot;
  const formation = platform.dynos(app).toSorted((one, other) => place(one) - place(other));
  return [...oneOffs.list(app), ...formation];
}

function appId(call: Call): string {
  return call.context.platform.find(call.param('app')).app.id;
}

function represent(call: Call, dyno: Dyno): DynoJson {
  const { platform, router, usage, quota, restarts } = call.context;
  const { app, releases } = platform.find(dyno.app);
  return dynoJson(dyno, app, {
    // Only the newest 500 releases are kept; a dyno may be of an older one.
    releaseId: releases.find(({ version }) => version === dyno.release)?.id ?? dyno.id,
    outdated: restarts.isOutdated(dyno),
    usage: usage(dyno.id),
    quota: quota(dyno.size),
    load: dyno.type === 'web' ? router.load(dyno) : undefined,
  });
}

function environmentIn(body: Record<string, unknown>): Record<string, string> {
  const env = (body['env'] ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(env)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([key, value]) => [key, String(value)]),
  );
}

/** The size of the caller's terminal, ours: a process of its own on it is to be started. */
function terminalIn(body: Record<string, unknown>): OneOffWish['terminal'] {
  const { columns, rows } = (body['terminal'] ?? {}) as Record<string, unknown>;
  return typeof columns === 'number' && typeof rows === 'number' ? { columns, rows } : undefined;
}
