/** The certificate of the local authority, as the router keeps it in the user's data folder. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError, PlatformError } from '../../runtime/errors.js';
import { dataFolder } from '../../runtime/settings.js';

export interface AuthorityCertificate {
  readonly file: string;
  /** `CN=paas local authority, O=paas` */
  readonly subject: string;
  /** ISO 8601. */
  readonly validUntil: string;
  /** `AB:CD:…` */
  readonly sha256: string;
}

/**
 * @returns undefined before the first `paas local start --https`, which makes it
 * @throws PlatformError failed when the file holds no certificate
 */
export function readAuthority(
  environment: Readonly<Record<string, string | undefined>>,
): AuthorityCertificate | undefined {
  const file = join(dataFolder(environment), 'root.crt');
  try {
    const certificate = new X509Certificate(readFileSync(file));
    return {
      file,
      subject: certificate.subject.split('\n').join(', '),
      validUntil: new Date(certificate.validTo).toISOString(),
      sha256: certificate.fingerprint256,
    };
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw new PlatformError(
      'failed',
      `Can't read the certificate in ${file} (${(error as Error).message}). Remove it: the next \`paas local start --https\` makes a new one.`,
    );
  }
}
