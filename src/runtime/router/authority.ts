/**
 * The local certificate authority: one key per user, kept in the data folder, that signs a
 * certificate for each name that is asked for. Browsers take them once `paas certs:trust` was done.
 */
import { createPrivateKey, createPublicKey, randomBytes, webcrypto } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { isSystemError } from '../errors.js';
import { ensurePrivateFolder } from '../settings.js';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 86_400_000;
const YEARS_OF_ROOT = 10;
/** What every client takes; Apple's refuse more than 398 days. */
const DAYS_OF_LEAF = 397;
/** Clocks differ. */
const EARLIER = DAY;

/** A private key and its certificates, PEM. */
export interface Credentials {
  readonly key: string;
  readonly cert: string;
}

export class Authority {
  private readonly issued = new Map<string, Promise<Credentials>>();

  private constructor(
    /** The root certificate: what a system has to trust. */
    readonly certificateFile: string,
    private readonly root: Credentials,
  ) {}

  /**
   * Opens the authority of a folder; makes it when there is none.
   * @param folder gets `root.key` (0600) and `root.crt`
   * @throws PlatformError when the folder is not this user's alone or cannot be made
   */
  static async open(folder: string): Promise<Authority> {
    ensurePrivateFolder(folder);
    const file = join(folder, 'root.crt');
    return new Authority(file, readRoot(folder) ?? (await makeRoot(folder)));
  }

  /** A certificate for one name or address, followed by the root. Made once per process. */
  certificateFor(name: string): Promise<Credentials> {
    const known = this.issued.get(name);
    if (known) return known;
    const made = this.issue(name);
    this.issued.set(name, made);
    return made;
  }

  private async issue(name: string): Promise<Credentials> {
    const x509 = await loadX509();
    const keys = await newKeys();
    const issuer = new x509.X509Certificate(this.root.cert);
    const now = Date.now();
    const certificate = await x509.X509CertificateGenerator.create(
      {
        serialNumber: serial(),
        subject: `CN=${name}`,
        issuer: issuer.subject,
        notBefore: new Date(now - EARLIER),
        notAfter: new Date(now + DAYS_OF_LEAF * DAY),
        publicKey: keys.publicKey,
        signingKey: await importKey(this.root.key),
        signingAlgorithm: EC,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([
            { type: isIP(name) === 0 ? 'dns' : 'ip', value: name },
          ]),
          await x509.AuthorityKeyIdentifierExtension.create(issuer),
        ],
      },
      webcrypto,
    );
    return {
      key: await exportKey(keys.privateKey),
      cert: `${certificate.toString('pem')}\n${this.root.cert}`,
    };
  }
}

function readRoot(folder: string): Credentials | undefined {
  try {
    const root = {
      key: readFileSync(join(folder, 'root.key'), 'utf8'),
      cert: readFileSync(join(folder, 'root.crt'), 'utf8'),
    };
    createPrivateKey(root.key);
    createPublicKey(root.cert);
    return root;
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EPERM')) throw error;
    return undefined; // none yet, or half of one: a new one has to be trusted anew in any case
  }
}

type X509 = typeof import('@peculiar/x509');

/** Loaded with the first certificate. A bundle of a CommonJS package has its names on `default` only. */
async function loadX509(): Promise<X509> {
  const loaded: X509 & { readonly default?: X509 } = await import('@peculiar/x509');
  return loaded.default ?? loaded;
}

async function makeRoot(folder: string): Promise<Credentials> {
  const x509 = await loadX509();
  const keys = await newKeys();
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serial(),
      name: 'CN=paas local authority, O=paas',
      notBefore: new Date(now - EARLIER),
      notAfter: new Date(now + YEARS_OF_ROOT * 365 * DAY),
      keys,
      signingAlgorithm: EC,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const root = { key: await exportKey(keys.privateKey), cert: `${certificate.toString('pem')}\n` };
  place(join(folder, 'root.key'), root.key, 0o600);
  place(join(folder, 'root.crt'), root.cert, 0o644);
  return root;
}

/** Written beside and renamed: never half, and never readable by others on the way. */
function place(file: string, text: string, mode: number): void {
  const beside = `${file}.${process.pid}`;
  rmSync(beside, { force: true });
  writeFileSync(beside, text, { mode, flag: 'wx' });
  renameSync(beside, file);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key);
  const base64 = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const bytes = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return webcrypto.subtle.importKey('pkcs8', bytes, EC, false, ['sign']);
}

/** 16 random bytes, hexadecimal, positive. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = bytes[0]! & 0x7f;
  return bytes.toString('hex');
}
