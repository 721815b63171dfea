/** What oclif is told of this package; a published package has no package.json that it would have to read. */
import type { PJSON } from '@oclif/core/interfaces';
import { settings } from '@oclif/core/settings';
import { version } from './version.js';

// oclif would look for a tsconfig.json and a TypeScript loader when NODE_ENV says `development`,
// and NODE_ENV is the user's app's business.
settings.tsnodeEnabled = false;

/** @param dist the folder of the build */
export function oclifOptions(dist: string) {
  const pjson = {
    name: 'paas',
    version,
    type: 'module',
    oclif: { bin: 'paas', commands: './commands', topicSeparator: ' ' },
  };
  // The type asks for fields of oclif's own plugins that nothing reads here.
  return { root: dist, isRoot: true, pjson: pjson as PJSON };
}
