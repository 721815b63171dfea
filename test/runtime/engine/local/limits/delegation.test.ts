import { expect, test } from 'vitest';
import { ownGroup } from '../../../../../src/runtime/engine/local/limits/delegation.js';

const mount = (root: string, point: string) =>
  `22 27 0:20 / /proc rw - proc proc rw\n30 25 0:26 ${root} ${point} rw,nosuid shared:4 - cgroup2 cgroup2 rw\n`;

test.each([
  ['of a unified hierarchy', '0::/user.slice/a.scope\n', '/', '/user.slice/a.scope'],
  ['beside cgroup v1', '4:memory:/x\n0::/a.scope\n', '/', '/a.scope'],
  ['at the root of a namespace', '0::/\n', '/', ''],
  ['below a root that is mounted itself', '0::/outer/a\n', '/outer', '/a'],
])('finds the control group %s', (_case, cgroup, root, below) => {
  expect(ownGroup(cgroup, mount(root, '/sys/fs/cgroup'))).toBe(`/sys/fs/cgroup${below}`);
});

test.each([
  ['cgroup v1 only', '4:memory:/x\n', mount('/', '/sys/fs/cgroup')],
  ['no mount of it', '0::/a\n', '22 27 0:20 / /proc rw - proc proc rw\n'],
  ['a group outside of what is mounted', '0::/other\n', mount('/outer', '/sys/fs/cgroup')],
])('finds none with %s', (_case, cgroup, mountinfo) => {
  expect(ownGroup(cgroup, mountinfo)).toBeUndefined();
});
