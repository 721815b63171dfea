/**
 * Takes Node's own modules with `process.getBuiltinModule` (Node 20.16 and later) in a bundle. An
 * `import` of one reads every property that it has, and some are made when they are first read:
 * `node:process` alone takes a sixth of a bare start of Node that way.
 */
const IMPORT =
  /\bimport\s*(?:([\w$]+)\s*,?\s*)?(?:\*\s*as\s+([\w$]+)\s*|\{([^}]*)\}\s*)?from\s*["'](node:[\w/]+)["'];?/g;

/**
 * @param {string} code an ES module as esbuild prints it
 * @returns {string} the same with its imports of `node:` modules made reads of what is used
 */
export function readBuiltins(code) {
  return code.replace(IMPORT, (_statement, whole, namespace, names, path) => {
    const loaded = `globalThis.process.getBuiltinModule("${path}")`;
    const parts = [
      ...[whole, namespace].filter(Boolean).map((name) => `${name}=${loaded}`),
      ...(names ? [`{${names.replace(/\s+as\s+/g, ':')}}=${loaded}`] : []),
    ];
    return `var ${parts.join(',')};`;
  });
}
