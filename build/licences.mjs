/** The licences of the packages that a bundle holds: their terms ask for the text to go along. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @param {string} root folder that the paths of the metafile start from
 * @param {{inputs: object}} metafile of esbuild
 * @returns {string} every bundled package with its version and the text of its licence
 * @throws Error for a package without a licence: it must not be shipped unseen
 */
export function thirdPartyLicences(root, metafile) {
  const folders = new Set(
    Object.keys(metafile.inputs)
      .filter((path) => path.includes('node_modules/'))
      .map((path) => packageFolder(join(root, path))),
  );
  const texts = [...folders].map(licenceOf).sort();
  return `${[...new Set(texts)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function packageFolder(file) {
  let folder = dirname(file);
  while (!isPackage(folder)) folder = dirname(folder);
  return folder;
}

/** Some packages hold folders with a package.json that only sets the module type. */
function isPackage(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version !== undefined;
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$|-)/i.test(entry));
  if (!file && !license) throw new Error(`${name}@${version} has no licence: it can't be bundled.`);
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}`;
}
