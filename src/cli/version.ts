declare const PAAS_VERSION: string | undefined;

/** The version of the package; the build puts it in. */
export const version = typeof PAAS_VERSION === 'string' ? PAAS_VERSION : 'source';
