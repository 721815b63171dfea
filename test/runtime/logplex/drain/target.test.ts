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

  it.each(['https://u:hun%ter2@host/', 'http://us%:p@host/', 'http://us%:41@host/'])(
    '%s is refused before anything is sent there',
    (url) => {
      expect(() => parseDrainUrl(url)).toThrow(/^(?!.*hun).*Write it as %25/);
    },
  );

  it('is printed without user, password and query', () => {
    expect(maskUrl('https://user:p@ss@host:1/path?key=1#x')).toBe(
      'https://****@host:1/path?****#x',
    );
    expect(maskUrl('syslog+tls://token@host')).toBe('syslog+tls://****@host');
    expect(maskUrl('syslog://host:514')).toBe('syslog://host:514');
    expect(maskUrl('https://host/v1/events@home')).toBe('https://host/v1/events@home');
  });

  it('is printed without keys in its path', () => {
    expect(maskUrl('https://host/inputs/0f8fad5b-d9cb-469f-a165-70867728950e/tag/http/')).toBe(
      'https://host/inputs/****/tag/http/',
    );
    expect(maskUrl('https://host/receiver/v1/http/ZaVnC4dhaV1yQ0x3TmVhcw==')).toBe(
      'https://host/receiver/v1/http/****',
    );
    expect(maskUrl('file:///srv/0f8fad5bd9cb469fa16570867728950e.log')).toMatch(/950e\.log$/);
  });

  it.each([
    'https://user:hun/ter2@host/',
    'https://user:hunter2@host:port/',
    ' https://user:hunter2@host/',
    'https://us\ner:hunter2@host/',
    'https:\\\\user:hunter2@host/',
    'https:user:hunter2@host/',
    'user:hunter2@host:514',
    'token-hunter2@host',
    'https://user:hunter2\n@host:x/',
  ])('that is none shows nothing of its password either: %j', (url) => {
    expect(maskUrl(url)).not.toMatch(/hun|ter2/);
  });

  it('over syslog has a host', () => {
    expect(() => parseDrainUrl('syslog://')).toThrow('has no host');
    expect(() => parseDrainUrl('syslog+tls://:6514')).toThrow(/^(?=.*Give a URL|.*has no host)/);
  });
});
