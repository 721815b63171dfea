/** Which commands make a system trust an authority. */
import { describe, expect, test } from 'vitest';
import { type Machine, type System, trustSteps } from '../../../src/cli/trust/steps.js';

const machine = (system: System, more: Partial<Machine> = {}): Machine => ({
  system,
  home: '/home/ada',
  user: 'ordinary',
  databases: [],
  ...more,
});

const lines = (of: Machine): string[] =>
  trustSteps(of, '/data/root.crt').flatMap(({ commands }) =>
    commands.map((words) => words.join(' ')),
  );

describe('the commands', () => {
  test.each<[System, string[]]>([
    [
      'macos',
      [
        'security add-trusted-cert -r trustRoot -k /home/ada/Library/Keychains/login.keychain-db /data/root.crt',
      ],
    ],
    [
      'debian',
      [
        'sudo cp /data/root.crt /usr/local/share/ca-certificates/paas.crt',
        'sudo update-ca-certificates',
      ],
    ],
    [
      'fedora',
      ['sudo cp /data/root.crt /etc/pki/ca-trust/source/anchors/paas.pem', 'sudo update-ca-trust'],
    ],
    ['arch', ['sudo trust anchor --store /data/root.crt']],
    ['windows', ['certutil -user -addstore Root /data/root.crt']],
  ])('for %s', (system, expected) => expect(lines(machine(system))).toEqual(expected));

  test('need no sudo for root', () => {
    expect(lines(machine('debian', { user: 'root' })).join()).not.toContain('sudo');
  });

  test('tell every database of a browser, and where its program is from', () => {
    const databases = ['/home/ada/.pki/nssdb', '/home/ada/.mozilla/firefox/x.default'];
    const [, chrome, firefox] = trustSteps(machine('debian', { databases }), '/data/root.crt');
    expect(chrome).toMatchObject({ store: 'Chrome, Chromium' });
    expect(firefox).toEqual({
      store: 'Firefox',
      package: 'sudo apt install libnss3-tools',
      commands: [
        [
          'certutil',
          '-d',
          'sql:/home/ada/.mozilla/firefox/x.default',
          '-A',
          '-t',
          'C,,',
          '-n',
          'paas local authority',
          '-i',
          '/data/root.crt',
        ],
      ],
    });
  });
});
