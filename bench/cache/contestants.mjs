/** The caches that the public suite is run against, with Debian's settings and those that the suite ships. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAAS = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** Each starts a cache on `port` before the suite's server; undefined where it cannot be had. */
export const CACHES = {
  paas: (given) => startPaas(given, 'explicit'),
  heuristic: (given) => startPaas(given, 'heuristic'),
  nginx: startNginx,
  varnish: startVarnish,
  squid: startSquid,
  apache: startApache,
};

/** The suite's own server. */
export function startOrigin(suite, folder, port) {
  const env = { ...process.env, ...originEnv(port, folder) };
  return started(process.execPath, ['test-engine/server/server.mjs'], port, { cwd: suite, env });
}

export async function freePort() {
  const server = createServer().listen(0);
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

function originEnv(port, folder) {
  return {
    npm_config_protocol: 'http',
    npm_config_port: String(port),
    npm_config_pidfile: join(folder, 'origin.pid'),
  };
}

function startPaas({ suite, folder, port }, freshness) {
  const set = Object.entries(originEnv('$PORT', folder)).map(([name, value]) => `${name}=${value}`);
  const server = 'node test-engine/server/server.mjs';
  const procfile = `web: cd '${suite}' && ${set.join(' ')} exec ${server}\n`;
  writeFileSync(join(folder, 'Procfile'), procfile);
  const args = [PAAS, 'local', 'start', '-p', String(port), '--cache', freshness];
  const own = ['PAAS_RUNTIME_DIR', 'XDG_DATA_HOME', 'XDG_CACHE_HOME'];
  const env = { ...process.env };
  for (const name of own) env[name] = join(folder, name);
  for (const name of own) mkdirSync(env[name], { mode: 0o700 });
  const version = execFileSync(process.execPath, [PAAS, '--version'], { encoding: 'utf8' });
  return started(process.execPath, args, port, { cwd: folder, env }, version.trim());
}

function startNginx({ suite, folder, port, originPort }) {
  const site = ours(suite, 'nginx/nginx.conf', originPort)
    .replace('8002', String(port))
    .replaceAll('/var/cache/nginx', folder);
  const conf = debian('/etc/nginx/nginx.conf')
    ?.replace(/^\s*include \S*sites-enabled.*$/m, () => `${site}\naccess_log off;`)
    .replace(/^\s*include .*(modules|conf\.d).*$/gm, '')
    .replace(/^\s*(pid|error_log) .*$/gm, '')
    .replace(/^\s*access_log \/.*$/gm, '')
    .replace('worker_connections 768', 'worker_connections 2048');
  if (conf === undefined) return undefined;
  const head = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;\n`;
  const file = written(folder, 'nginx.conf', head + conf);
  return started('nginx', ['-e', 'stderr', '-c', file], port, {}, version('nginx', '-v'));
}

function startVarnish({ folder, port, originPort }) {
  const vcl = debian('/etc/varnish/default.vcl')?.replace('8080', String(originPort));
  if (vcl === undefined) return undefined;
  const file = written(folder, 'default.vcl', vcl);
  // What the suite's serve.sh gives it.
  const settings = ['default_ttl=0', 'default_grace=0', 'default_keep=3600'];
  const args = ['-F', '-a', `127.0.0.1:${port}`, '-f', file, '-n', join(folder, 'varnish')];
  for (const setting of settings) args.push('-p', setting);
  args.push('-s', 'malloc,64M');
  return started('varnishd', args, port, {}, version('varnishd', '-V'));
}

function startSquid({ suite, folder, port, originPort }) {
  const own = ours(suite, 'squid/squid.conf', originPort).replace('8001', String(port));
  const conf = debian('/etc/squid/squid.conf')
    ?.replace(/^include .*$/m, () => own)
    .replace(/^http_port 3128$/m, '')
    .replace(/^coredump_dir .*$/m, '');
  if (conf === undefined) return undefined;
  const files = `pid_filename ${folder}/pid\ncache_log ${folder}/log\naccess_log none\n`;
  const file = written(folder, 'squid.conf', conf + files);
  return started('squid', ['-N', '-f', file], port, {}, version('squid', '-v'));
}

function startApache({ suite, folder, port, originPort }) {
  const site = ours(suite, 'apache/apache.conf', originPort)
    .replace('8004', String(port))
    .replaceAll('/var/cache/apache', folder);
  const modules = ['cache', 'cache_socache', 'cache_disk', 'proxy', 'proxy_http', 'socache_shmcb'];
  const load = (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`;
  const conf = debian('/etc/apache2/apache2.conf')
    ?.replace(/^Include ports.conf$/m, `Listen ${port}\n${modules.map(load).join('')}`)
    .replace(/^IncludeOptional (sites|conf)-enabled.*$/gm, '');
  if (conf === undefined) return undefined;
  const file = written(folder, 'apache2.conf', `ServerName localhost\n${conf}\n${site}`);
  const env = { ...process.env, APACHE_RUN_USER: 'www-data', APACHE_RUN_GROUP: 'www-data' };
  for (const name of ['RUN_DIR', 'LOG_DIR', 'LOCK_DIR']) env[`APACHE_${name}`] = folder;
  env.APACHE_PID_FILE = join(folder, 'pid');
  return started('apache2', ['-X', '-f', file], port, { env }, version('apache2', '-v'));
}

function debian(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A file of settings of the suite, pointed at its server. */
function ours(suite, file, originPort) {
  const text = readFileSync(join(suite, 'docker', file), 'utf8');
  return text.replaceAll(':8000', `:${originPort}`).replaceAll(' 8000 ', ` ${originPort} `);
}

function written(folder, name, text) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function version(program, flag) {
  try {
    const shown = execFileSync('sh', ['-c', `${program} ${flag} 2>&1`], { encoding: 'utf8' });
    return /\d+\.\d+[.\d]*/.exec(shown)?.[0] ?? '?';
  } catch {
    return '?';
  }
}

/** @returns undefined when the program is not there, or ended before it answered */
async function started(program, args, port, options, shown = '') {
  const child = spawn(program, args, { stdio: 'ignore', ...options });
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', resolve);
  });
  const stop = async () => {
    child.kill();
    await ended;
  };
  let over = false;
  ended.then(() => {
    over = true;
  });
  while (!over) {
    const answer = await fetch(`http://localhost:${port}/`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return { version: shown, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
