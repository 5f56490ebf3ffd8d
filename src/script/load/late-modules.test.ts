import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadScript } from './load-script.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-late-'));
after(() => rmSync(folder, { recursive: true }));

async function join(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return (await loadScript({ path: 'main.js', cwd: folder })).code;
}

const A = `import './b.js'; let none; export const a = 1, { p, q: [r] } = { p: 1, q: [2] }; export var v = 2;
export class K {}
export function f() { return none; }
export default a;
`;
const MAIN = `import * as a from './a.js'; import './c.js'; export default () => a;`;

test('what a module that is required and part of a cycle declares is unset until the statement that declares it', async () => {
  const code = await join({
    'main.js': MAIN,
    'a.js': A,
    'b.js': `import * as a from './a.js'; export const b = () => a;`,
    'c.js': `exports.a = require('./a.js');`,
  });
  assert.match(
    code,
    /^(?:var|let) none = __unset0, a = __unset0, p = __unset0, r = __unset0, v, K = __unset0, a_default = __unset0;$/m,
  );
  const lines = code.split('\n');
  const before = (text: string): string => lines[lines.findIndex((line) => line.startsWith(text)) - 1]!;
  assert.match(before('    a = 1;'), / __unset0; none = void 0; __unset0;$/);
  for (const text of ['    ({ p, ', '    K = class', '    a_default = '])
    assert.match(before(text), / __unset0;$/, text);
  assert.doesNotMatch(before('    v = 2;'), /__unset/);
  assert.match(code, /^import \{ unset as __unset0 \} from "sixfold:module-scope";$/m);
});

test('a name of the script is no reason to take another meaning for it', async () => {
  const code = await join({
    'main.js': MAIN,
    'a.js': A,
    'b.js': `import * as a from './a.js'; export const b = () => [a, __unset0];`,
    'c.js': `exports.a = require('./a.js'); require('./b.js');`,
  });
  assert.match(code, /import \{ unset as __unset1 \}/);
});

test('modules in a cycle that nothing requires, and those that are required and in no cycle, stay as they are', async () => {
  const cycle = await join({
    'main.js': MAIN,
    'a.js': A,
    'b.js': `import * as a from './a.js'; export const b = () => a;`,
    'c.js': `exports.c = 1;`,
  });
  assert.doesNotMatch(cycle, /unset/);
  assert.match(cycle, /^let none;$/m);
  const required = await join({
    'main.js': MAIN,
    'a.js': A,
    'b.js': `export const b = 1;`,
    'c.js': `exports.a = require('./a.js');`,
  });
  assert.doesNotMatch(required, /unset/);
  assert.match(required, /__esm\(/);
});

test('enumerations and namespaces, which ask whether they are there already, are what the bundler makes of them', async () => {
  const files = {
    'a.ts': `import { b } from './b.ts'; export const enum E { A = 1 } enum F { A = 2 } namespace N { export const n = 3; }
export const all = (name: string) => [(E as Record<string, unknown>)[name], F[2], N, b];\n`,
    'b.ts': `import { all } from './a.ts'; export const b = () => all;`,
  };
  const late = await join({ ...files, 'main.js': `require('./a.ts'); export default () => {};` });
  assert.match(late, /^(?:var|let) E, F, N, all = __unset0;$/m);
  const early = await join({ ...files, 'main.js': `import { all } from './a.ts'; export default () => all;` });
  assert.match(early, /^var E = /m);
  assert.match(early, /^let all = /m);
});
