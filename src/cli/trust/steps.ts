/** What makes a system and its browsers trust a certificate authority. Pure. */

/** Systems that keep their authorities each in its own way. */
export const SYSTEMS = ['macos', 'debian', 'fedora', 'arch', 'windows'] as const;
export type System = (typeof SYSTEMS)[number];

/** What has to be known of the machine. */
export interface Machine {
  readonly system: System;
  /** The user's home folder. */
  readonly home: string;
  /** Whether commands that change the system have to be begun with sudo. */
  readonly user: 'root' | 'ordinary';
  /** Folders of the certificate databases of Firefox and, on Linux, of Chrome. */
  readonly databases: readonly string[];
}

/** One store of authorities, and the commands that put ours there. */
export interface TrustStep {
  readonly store: string;
  readonly commands: readonly (readonly [program: string, ...args: string[]])[];
  /** How to get the program where it is missing. */
  readonly package?: string;
}

/** The name under which it is kept. */
const NAME = 'paas local authority';

/** @param file of the certificate, PEM */
export function trustSteps(machine: Machine, file: string): TrustStep[] {
  return [
    systemStep(machine, file),
    ...machine.databases.map((folder) => nssStep(machine, folder, file)),
  ];
}

function systemStep({ system, home, user }: Machine, file: string): TrustStep {
  const sudo: readonly [] | readonly ['sudo'] = user === 'root' ? [] : ['sudo'];
  const asRoot = (...words: [string, ...string[]]): [string, ...string[]] =>
    [...sudo, ...words] as [string, ...string[]];
  switch (system) {
    case 'macos': {
      const keychain = `${home}/Library/Keychains/login.keychain-db`;
      return {
        store: 'macOS keychain',
        commands: [['security', 'add-trusted-cert', '-r', 'trustRoot', '-k', keychain, file]],
      };
    }
    case 'windows':
      return {
        store: 'Windows, this user',
        commands: [['certutil', '-user', '-addstore', 'Root', file]],
      };
    case 'debian':
      return {
        store: 'Debian, Ubuntu',
        commands: [
          asRoot('cp', file, '/usr/local/share/ca-certificates/paas.crt'),
          asRoot('update-ca-certificates'),
        ],
      };
    case 'fedora':
      return {
        store: 'Fedora, Red Hat',
        commands: [
          asRoot('cp', file, '/etc/pki/ca-trust/source/anchors/paas.pem'),
          asRoot('update-ca-trust'),
        ],
      };
    case 'arch':
      return { store: 'Arch', commands: [asRoot('trust', 'anchor', '--store', file)] };
  }
}

/** Mozilla's databases (NSS), which do not ask the system. */
function nssStep({ system }: Machine, folder: string, file: string): TrustStep {
  const packages: Readonly<Record<System, string>> = {
    macos: 'brew install nss',
    debian: 'sudo apt install libnss3-tools',
    fedora: 'sudo dnf install nss-tools',
    arch: 'sudo pacman -S nss',
    windows: 'none: Firefox asks Windows by itself',
  };
  const store = folder.endsWith('nssdb') ? 'Chrome, Chromium' : 'Firefox';
  return {
    store,
    commands: [['certutil', '-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', NAME, '-i', file]],
    package: packages[system],
  };
}
