import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { FEATURE_FLAGS } from '../run/feature-flags.ts';
import { runHere } from './command-line.fixture.ts';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sixfold-deps-')));
after(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const deps = async (...words: string[]): Promise<string> => (await runHere('deps', ...words)).stdout;
const url = (name: string): string => pathToFileURL(path.join(folder, name)).href;

write('lib/ž part.js', 'export const part = 1;');
write(
  'node_modules/sixfold-x-queue/package.json',
  JSON.stringify({
    name: 'sixfold-x-queue',
    version: '1.2.3',
    sixfold: { api: 1, modules: { 'k6/x/queue': './index.js' } },
  }),
);
write('node_modules/sixfold-x-queue/index.js', '');
const script = write(
  'main.js',
  `import http from 'k6/http'; import queue from 'k6/x/queue'; import dns from 'k6/x/dns'; import { part } from './lib/ž part.js';
   import { z } from 'https://a.test/z.js'; export default () => [http, queue, dns, part, z];`,
);

describe('deps', () => {
  test('tells people what programs are told as JSON', async () => {
    const found = JSON.parse(await deps('--json', script)) as {
      buildDependencies: Record<string, string>;
      imports: string[];
      extensions: { name: string; package: string; version: string; file: string }[];
      customBuildRequired: boolean;
    };
    assert.deepEqual(found, {
      buildDependencies: { k6: '*', 'k6/x/queue': '*' },
      imports: [url('lib/ž part.js'), 'https://a.test/z.js', 'k6/http', 'k6/x/dns', 'k6/x/queue'],
      extensions: [
        {
          name: 'k6/x/queue',
          package: 'sixfold-x-queue',
          version: '1.2.3',
          file: path.join(folder, 'node_modules/sixfold-x-queue/index.js'),
        },
      ],
      customBuildRequired: false,
    });
    const text = await deps(script);
    for (const word of [...found.imports, 'k6/x/queue: sixfold-x-queue 1.2.3', 'Custom Build Required: no'])
      assert.ok(text.includes(word), word);
  });

  test('says that k6 would have to be built anew only for extensions that nothing gives', async () => {
    const missing = write(
      'missing.js',
      `import a from 'k6/x/queue'; import b from 'k6/x/nobodys'; export default () => [a, b];`,
    );
    const text = await deps(missing);
    assert.match(text, /Custom Build Required: yes\n$/);
    assert.match(text, /^Build Dependencies:\n {2}k6: \*\n {2}k6\/x\/nobodys: \*\n {2}k6\/x\/queue: \*\n\n/);
    const plain = JSON.parse(await deps('--json', write('plain.js', 'export default () => {};'))) as object;
    assert.deepEqual(plain, { buildDependencies: { k6: '*' }, imports: [], customBuildRequired: false });
  });

  test('takes an address of a file, as k6 does', async () => {
    assert.equal(await deps('--json', url('main.js')), await deps('--json', script));
  });

  test('runs nothing of the script', async () => {
    const throws = write('throws.js', `import 'k6/http'; throw new Error('ran');`);
    assert.match(await deps(throws), /k6\/http/);
  });

  test('refuses what is no file, and packages that are broken', async () => {
    await assert.rejects(deps(folder), { exitCode: 255 });
    write(
      'node_modules/sixfold-x-old/package.json',
      JSON.stringify({ name: 'sixfold-x-old', sixfold: { modules: { 'k6/x/old': './i.js' } } }),
    );
    await assert.rejects(deps(write('old.js', `import 'k6/x/old';`)), {
      exitCode: 107,
      message: /has no number of the version/,
    });
  });
});

test('features are listed for people and for programs alike', async () => {
  const json = JSON.parse((await runHere('features', '--json')).stdout) as object[];
  assert.deepEqual(json, FEATURE_FLAGS);
  const [head, ...rows] = (await runHere('features')).stdout.trimEnd().split('\n') as [string, ...string[]];
  assert.equal(rows.length, FEATURE_FLAGS.length);
  for (const [i, { feature, lifecycle, description }] of FEATURE_FLAGS.entries())
    for (const [column, text] of [
      ['FEATURE', feature],
      ['LIFECYCLE', lifecycle],
      ['DESCRIPTION', description],
    ] as const)
      assert.ok(rows[i]!.slice(head.indexOf(column)).startsWith(text), rows[i]);
});
