/** Checks of the machine: what dynos are started with, and what it can do for them. */
import { existsSync } from 'node:fs';
import { DELEGATE, findDelegation } from '../../runtime/engine/local/limits/delegation.js';
import { type Finding, fault, good, hint } from './finding.js';

/** Oldest Node that runs it, as package.json has it. */
const OLDEST_NODE = [20, 19] as const;

/** A name that no bundler follows: the package is optional. */
const PTY_PACKAGE: string = '@lydell/node-pty';

/** As much as the engine asks of it: file systems and processes of its own. */
const SANDBOX = [
  '--die-with-parent',
  '--unshare-pid',
  '--unshare-ipc',
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
  ...['/bin/sh', '-c', 'exit 0'],
];

/** Pure. @param version `20.19.0` */
export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  const old = major < oldest || (major === oldest && minor < oldestMinor);
  return old
    ? fault('Node', `${version} is too old. Install ${oldest}.${oldestMinor} or later.`)
    : good('Node', version);
}

export async function shell(): Promise<Finding | undefined> {
  if (process.platform === 'win32') return undefined;
  const { execa } = await import('execa');
  const { exitCode } = await execa('/bin/sh', ['-c', 'exit 7'], { reject: false });
  return exitCode === 7
    ? good('Shell', '/bin/sh')
    : fault('Shell', "/bin/sh doesn't run commands. Dynos are started with it: install one.");
}

export async function terminals(): Promise<Finding> {
  try {
    await import(PTY_PACKAGE);
    return good('Terminals', 'local start --tty gives dynos a terminal');
  } catch {
    return hint(
      'Terminals',
      `The optional package ${PTY_PACKAGE} is missing or not made for this system: with --tty dynos have pipes. Run \`npm install ${PTY_PACKAGE}\` where paas is installed.`,
    );
  }
}

export async function isolation(): Promise<Finding> {
  if (process.platform !== 'linux') {
    return good(
      'Isolation',
      'local start --isolate gives dynos copies of the app; sandboxes are for Linux',
    );
  }
  const { execa } = await import('execa');
  const { failed, code, stderr } = await execa('bwrap', SANDBOX, { reject: false });
  if (!failed)
    return good('Isolation', 'local start --isolate puts dynos into sandboxes (bubblewrap)');
  if (code === 'ENOENT') {
    return hint(
      'Isolation',
      'bubblewrap is not installed: with --isolate dynos have copies of the app, and no sandbox. Install it: `sudo apt install bubblewrap`.',
    );
  }
  return hint(
    'Isolation',
    `bubblewrap may not be used here (${String(stderr).trim().split('\n')[0]}). Allow unprivileged user namespaces to this user.`,
  );
}

/** Who holds dynos to their sizes: the kernel, where it lets us; else we look at them. */
export async function limits(): Promise<Finding> {
  const delegation = findDelegation();
  if (typeof delegation !== 'string') {
    const names = { memory: 'memory at twice the quota (R15)', pids: 'the number of processes' };
    const held = delegation.controllers.map((name) => names[name]).join(' and ');
    return good('Limits', `held by the kernel (cgroup v2): ${held}`);
  }
  if (!(await canLook())) {
    return hint(
      'Limits',
      'Neither /proc nor `ps` can be read: what dynos use is not known, and no limit holds. Mount /proc, or install `ps`.',
    );
  }
  const sampled = `looked at every 5 s: a dyno above twice its quota is killed (R15). Not held by the kernel: ${delegation}`;
  return good('Limits', existsSync(SYSTEMD) ? `${sampled}. It is with: ${DELEGATE}` : sampled);
}

/** Is there where systemd runs (sd_booted(3)). */
const SYSTEMD = '/run/systemd/system';

async function canLook(): Promise<boolean> {
  if (process.platform === 'linux') return existsSync('/proc/self/stat');
  const { execa } = await import('execa');
  const { failed } = await execa('ps', ['-o', 'pid='], { reject: false });
  return !failed;
}
