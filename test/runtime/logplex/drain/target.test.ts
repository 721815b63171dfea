import { describe, expect, it } from 'vitest';
import { maskUrl, parseDrainUrl } from '../../../../src/runtime/logplex/drain/target.js';

describe('the URL of a drain', () => {
  it.each([
    ['https://u:p@logs.example.com/in', { kind: 'http', trust: 'verified' }],
    ['http://127.0.0.1:8080', { kind: 'http' }],
    ['https://logs.example.com#insecure', { kind: 'http', trust: 'insecure' }],
    [
      'syslog://logs.example.com',
      { kind: 'syslog', host: 'logs.example.com', port: 601, tls: 'none' },
    ],
    ['syslog+tcp://[::1]:5514', { kind: 'syslog', host: '::1', port: 5514, tls: 'none' }],
    ['syslog+tls://logs.example.com', { kind: 'syslog', port: 6514, tls: 'verified' }],
    ['syslog+tls://logs.example.com:1#insecure', { kind: 'syslog', port: 1, tls: 'insecure' }],
    ['file:///var/log/shop%20a.log', { kind: 'file', path: '/var/log/shop a.log' }],
  ])('%s is understood', (url, target) => {
    expect(parseDrainUrl(url)).toMatchObject(target);
  });

  it.each(['', 'logs.example.com', 'ftp://u:secret@host', 'file://host/path', 'udpsyslog://host'])(
    '%s is refused, and its password is not said',
    (url) => {
      expect(() => parseDrainUrl(url)).toThrow(
        /^Can't drain to (?!.*secret).*Give a URL that begins/,
      );
    },
  );

  it('is printed without user, password and query', () => {
    expect(maskUrl('https://user:p@ss@host:1/path?key=1#x')).toBe(
      'https://****@host:1/path?****#x',
    );
    expect(maskUrl('syslog+tls://token@host')).toBe('syslog+tls://****@host');
    expect(maskUrl('syslog://host:514')).toBe('syslog://host:514');
  });
});
