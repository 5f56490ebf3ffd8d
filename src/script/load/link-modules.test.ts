import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { linkModules, mendHelpers, refuseRequire } from './link-modules.ts';

/** Joins files that exist only here, as a script's are. */
async function link(files: Readonly<Record<string, string>>, constants: readonly string[] = []): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: ['main.js'],
    absWorkingDir: '/',
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    sourcemap: 'external',
    metafile: true,
    plugins: [
      {
        name: 'files',
        setup(own) {
          own.onResolve({ filter: /.*/ }, ({ path }) =>
            path === 'absent' ? { path, external: true } : { path: `/${path.replace('./', '')}`, namespace: 'file' },
          );
          own.onLoad({ filter: /.*/ }, ({ path }) => ({ contents: files[path.slice(1)]! }));
        },
      },
    ],
  });
  const [map, code] = outputFiles.map(({ text }) => text) as [string, string];
  return linkModules(mendHelpers(code), map, Object.keys(metafile.inputs), '/', constants);
}

test('let, const and class at the top of a module cannot be read too early, var can; names of modules are entered', async () => {
  const code = await link({
    'main.js': `import './a.js'; const c = 1; let l = 2; var v = 3; class K {} console.log(c, l, v, K);`,
    'a.js': 'export default 5; console.log(1);',
  });
  for (const name of ['c', 'l', 'K']) assert.match(code, new RegExp(`^let ${name} =|^class ${name} `, 'm'));
  assert.match(code, /^var v = 3/m);
  assert.match(code, /^__enterModule\("a\.js"\); \/\/ a\.js$/m);
});

test('no line moves, and what is not part of the text is asked for by the global require', async () => {
  const files = { 'main.js': `const a = require('./a.js');\nrequire('absent');`, 'a.js': 'exports.n = 1;' };
  const code = await link(files);
  assert.match(code, /^var __require = \(id\) => __loadModule\(id\) \?\? require\(id\);$/m);
  const lines = code.split('\n');
  assert.ok(
    lines.findIndex((line) => line.includes('exports.n = 1')) > lines.findIndex((line) => line.includes('__require =')),
  );
});

test('constants stand before all that may assign to them', async () => {
  const code = await link({ 'main.js': `import './a.js'; x1();`, 'a.js': 'globalThis.x1 = () => { x2 = 1; };' }, [
    'x2',
  ]);
  assert.ok(code.indexOf('const x2 = void 0;') >= 0);
  assert.ok(code.indexOf('const x2 = void 0;') < code.indexOf('x2 = 1'));
});

test('shared packages fail where they ask for what is not there', () => {
  const code = 'var __require = /* @__PURE__ */ ((x) => x)(function(x) {\n  throw Error(x);\n});\nvar after;';
  const refused = refuseRequire(code);
  assert.equal(refused.split('\n').length, code.split('\n').length);
  assert.throws(() => new Function(`${refused}; __require('fs')`)(), /"fs" couldn't be recognised/);
});
