/** The proxies that are compared, each a process of its own before the same three origins. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';

/** A proxy that listens. */
export interface MeasuredProxy {
  readonly name: string;
  readonly port: number;
  /** The process that does the work. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Size of the large body, bytes. */
export const LARGE = 1_048_576;

/** nginx that answers from memory on three ports: it costs little, and never waits. */
export async function startOrigins(
  folder: string,
): Promise<{ ports: number[]; stop(): Promise<void> }> {
  const ports = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(folder, 'large'), Buffer.alloc(LARGE, 'x'));
  const listen = ports.map((port) => `listen 127.0.0.1:${port} backlog=4096;`).join(' ');
  const nginx = await startNginx(
    folder,
    'origin',
    ports[0]!,
    `server { ${listen} location = / { return 200 "hello from the origin of the benchmark\\n"; }
    location = /large { root ${folder}; } }`,
  );
  return { ports, stop: nginx.stop };
}

/** nginx as a proxy: one worker, kept-alive connections to the origins, one log line per request. */
export async function startNginxProxy(
  folder: string,
  origins: readonly number[],
): Promise<MeasuredProxy> {
  const port = await freePort();
  const servers = origins.map((origin) => `server 127.0.0.1:${origin};`).join(' ');
  return startNginx(
    folder,
    'nginx',
    port,
    `log_format router 'method=$request_method path="$request_uri" host=$host fwd="$remote_addr" service=$request_time status=$status bytes=$bytes_sent';
    access_log ${folder}/nginx.log router;
    upstream origins { ${servers} keepalive 1024; keepalive_requests 1000000000; }
    server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://origins;
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Request-Id $request_id; } }`,
  );
}

/** HAProxy with one thread. @returns undefined when it did not start */
export async function startHaproxy(
  folder: string,
  origins: readonly number[],
): Promise<MeasuredProxy | undefined> {
  const port = await freePort();
  const conf = join(folder, 'haproxy.cfg');
  const servers = origins.map((origin, index) => `  server o${index} 127.0.0.1:${origin}`);
  const text = `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend f
  bind 127.0.0.1:${port}
  option forwardfor
  default_backend b
backend b
${servers.join('\n')}
`;
  writeFileSync(conf, text);
  const child = spawn('haproxy', ['-db', '-f', conf], { stdio: 'ignore' });
  const failed = new Promise((done) => child.once('error', done).once('exit', done));
  const started = await Promise.race([answers(port, failed), failed]);
  return started === 'answers' ? proxyOf('haproxy, one thread', port, child) : undefined;
}

/** One of ours, or http-proxy: a program that sends its port. */
export async function startRole(
  name: string,
  program: string,
  role: string,
  origins: readonly number[],
): Promise<MeasuredProxy> {
  const child = fork(program, [JSON.stringify({ role, origins })]);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', () => reject(new Error(`${name} ended at once.`)));
  });
  return proxyOf(name, port, child);
}

async function startNginx(
  folder: string,
  name: string,
  port: number,
  servers: string,
): Promise<MeasuredProxy> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${name}-${kind};`)
    .join(' ');
  const conf = join(folder, `${name}.conf`);
  writeFileSync(
    conf,
    `daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log /dev/null;
    events { worker_connections 16384; }
    http { access_log off; keepalive_requests 1000000000; sendfile on; ${temporary} ${servers} }\n`,
  );
  const child = spawn('nginx', ['-e', 'stderr', '-c', conf], { stdio: 'ignore' });
  const failed = new Promise((done) => child.once('error', done).once('exit', done));
  if ((await answers(port, failed)) === 'failed') throw new Error('nginx did not start.');
  return { ...proxyOf('nginx, one worker', port, child), pid: await workerOf(child.pid!) };
}

/** The only child of a process, once it is there: nginx listens before it has one. */
async function workerOf(parent: number): Promise<number> {
  for (;;) {
    for (const entry of readdirSync('/proc')) {
      if (!/^\d+$/.test(entry)) continue;
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
        const told = stat.slice(stat.lastIndexOf(')') + 4).split(' ', 1)[0];
        if (Number(told) === parent) return Number(entry);
      } catch {} // ended while we looked
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function proxyOf(name: string, port: number, child: ChildProcess): MeasuredProxy {
  return {
    name,
    port,
    pid: child.pid!,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

/** Waits until somebody accepts connections. */
async function answers(port: number, failed: Promise<unknown>): Promise<'answers' | 'failed'> {
  let state: 'waiting' | 'failed' = 'waiting';
  void failed.then(() => {
    state = 'failed';
  });
  while (state === 'waiting') {
    const accepted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
    if (accepted) return 'answers';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 'failed';
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
