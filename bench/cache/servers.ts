/** The servers that are measured, each in processes of its own. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { untilAnswering } from './load.js';
import type { Size } from './sizes.js';

/** Somebody who answers on a port, by processes whose cost can be read. */
export interface Server {
  readonly name: string;
  readonly port: number;
  /** Processes whose CPU counts. */
  readonly pids: readonly number[];
  /** Path that it answers, for a size of body. */
  readonly path: (size: Size) => string;
  stop(): Promise<void>;
}

/** @param program file that plays the role, and sends the port it listens on */
export async function startRole(
  program: string,
  role: string,
  given: readonly unknown[],
): Promise<Server> {
  const child = fork(program, [JSON.stringify({ role, given })]);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('exit', () => reject(new Error(`The ${role} of the benchmark ended at once.`)));
  });
  return serverOf(role, port, child);
}

/** nginx and Varnish, in front of the dyno; a note for each that is not installed. */
export async function startPeers(folder: string, dyno: number, notes: string[]): Promise<Server[]> {
  const started: Server[] = [];
  const [nginxPort, varnishPort] = [await freePort(), await freePort()];
  const conf = join(folder, 'nginx.conf');
  writeFileSync(conf, nginxConfig(folder, nginxPort, dyno));
  const vcl = join(folder, 'default.vcl');
  writeFileSync(vcl, `vcl 4.1;\nbackend default { .host = "127.0.0.1"; .port = "${dyno}"; }\n`);
  const varnish = [
    '-F',
    '-a',
    `127.0.0.1:${varnishPort}`,
    '-f',
    vcl,
    '-n',
    join(folder, 'varnish'),
  ];
  const programs = [
    ['nginx proxy_cache, hit', nginxPort, 'nginx', ['-e', 'stderr', '-c', conf]],
    ['Varnish, hit', varnishPort, 'varnishd', [...varnish, '-s', 'malloc,64M']],
  ] as const;
  for (const [title, port, program, args] of programs) {
    const child = spawn(program, args, { stdio: 'ignore' });
    const missing = new Promise<'missing'>((resolve) => {
      child.once('error', () => resolve('missing'));
      child.once('exit', () => resolve('missing'));
    });
    const found = await Promise.race([missing, untilAnswering(port, '/hit/1')]);
    if (found === 'missing') notes.push(`Left out: ${program} is not installed or did not start.`);
    else started.push(serverOf(title, port, child));
  }
  return started;
}

function serverOf(title: string, port: number, child: ChildProcess): Server {
  return {
    name: title,
    port,
    pids: [child.pid!],
    path: (size) => `/hit/${size[0]}`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}

function nginxConfig(folder: string, port: number, dyno: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log /dev/null;
events { worker_connections 256; }
http { access_log off; keepalive_requests 1000000; ${temporary}
proxy_cache_path ${folder}/cache levels=1:2 keys_zone=bench:8m;
server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${dyno};
proxy_cache bench; proxy_http_version 1.1; } } }\n`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
