/** Load over raw sockets, so that the one who measures costs little, and reading what a process cost. */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/**
 * Sends requests over kept-alive connections, one after the other on each.
 * @param bytes length of each body, by which the end of an answer is known
 * @throws Error when an answer is not 200
 */
export async function flood(
  port: number,
  path: string,
  bytes: number,
  connections: number,
  requests: number,
): Promise<void> {
  const each = Math.ceil(requests / connections);
  const lanes = Array.from({ length: connections }, () => lane(port, path, bytes, each));
  await Promise.all(lanes);
}

function lane(port: number, path: string, bytes: number, requests: number): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: bench.localhost\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let left = requests;
    let missing = 0;
    let head = '';
    socket.on('connect', () => socket.write(request));
    socket.on('error', reject);
    socket.on('close', () => left > 0 && reject(new Error(`Port ${port} closed a connection.`)));
    socket.on('data', (chunk) => {
      if (missing === 0) {
        head += chunk.toString('latin1');
        const end = head.indexOf(HEAD_END);
        if (end === -1) return;
        if (!head.startsWith('HTTP/1.1 200')) {
          socket.destroy(new Error(`Port ${port}: ${head.slice(0, end)}`));
          return;
        }
        missing = bytes - (head.length - end - HEAD_END.length);
        head = '';
      } else {
        missing -= chunk.length;
      }
      if (missing > 0) return;
      left -= 1;
      if (left > 0) socket.write(request);
      else socket.end(resolve);
    });
  });
}

/** The header lines of the second answer to a path, which is a hit where there is a cache. */
export async function rawHeadersOf(port: number, path: string): Promise<string[]> {
  await rawHeaders(port, path);
  return rawHeaders(port, path);
}

/** Resolves when a port answers this path. */
export async function untilAnswering(port: number, path: string): Promise<'answering'> {
  for (;;) {
    const found = await rawHeaders(port, path).catch(() => undefined);
    if (found !== undefined) return 'answering';
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function rawHeaders(port: number, path: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const headers = { Host: 'bench.localhost' };
    const options = { host: '127.0.0.1', port, path, headers, agent: false };
    const request = http.get(options, (response) => {
      response.resume();
      response.on('end', () => resolve(withoutConnection(response.rawHeaders)));
    });
    request.on('error', reject);
  });
}

function withoutConnection(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    if (!['connection', 'keep-alive'].includes(raw[at]!.toLowerCase()))
      kept.push(raw[at]!, raw[at + 1]!);
  }
  return kept;
}

/**
 * User and system time of a process and all below it, in ms, as Linux's scheduler counts it: `stat` has
 * it in steps of 10 ms, which are hundreds of requests.
 * @throws Error where there is no /proc
 */
export function cpuMilliseconds(pid: number): number {
  const parents = new Map<number, { parent: number }>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    // After the name, which may hold spaces.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields !== undefined) parents.set(Number(entry), { parent: Number(fields[1]) });
  }
  let sum = 0;
  for (const each of parents.keys()) if (isBelow(each, pid, parents)) sum += nanoseconds(each);
  return sum / 1e6;
}

/** On a processor so far, by all threads of a process that live. */
function nanoseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => {
    const spent = read(`/proc/${pid}/task/${thread}/schedstat`) ?? '0';
    return sum + Number(spent.split(' ', 1)[0]);
  }, 0);
}

/** Undefined: it ended meanwhile. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

function isBelow(pid: number, root: number, parents: Map<number, { parent: number }>): boolean {
  for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}
