/** What `paas doctor` looks at. Each check says how to mend what it finds. */
import { appJson, environmentFile, packageJson, procfile, stateFolder } from './app-folder.js';
import type { Finding } from './finding.js';
import { isolation, limits, nodeVersion, shell, terminals } from './machine.js';
import { registryFolder, routerPort, runningApps } from './registry.js';

/** Looks at this machine and at one folder. @param directory the app's folder */
export async function examine(directory: string): Promise<Finding[]> {
  const findings = await Promise.all([
    nodeVersion(process.versions.node),
    shell(),
    registryFolder(),
    runningApps(),
    routerPort(),
    terminals(),
    isolation(),
    limits(),
    procfile(directory),
    environmentFile(directory),
    appJson(directory, process.env),
    packageJson(directory),
    stateFolder(directory),
  ]);
  return findings.filter((finding) => finding !== undefined);
}
