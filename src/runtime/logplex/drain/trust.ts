/** Errors of TLS that mean: this is not who it should be. Pure. */
export function isUntrusted(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  // Names of OpenSSL's verification errors, and Node's own for another name in the certificate.
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT_ALTNAME_INVALID/.test(code);
}
