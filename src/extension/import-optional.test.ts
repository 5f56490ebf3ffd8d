import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { importOptional, OPTIONAL_PACKAGES, type OptionalPackage } from './import-optional.ts';

/** What is known of a package is kept for the life of a process: each case has a folder of its own. */
const root = mkdtempSync(path.join(os.tmpdir(), 'sixfold-optional-'));
after(() => rmSync(root, { recursive: true }));

const packages = Object.entries(OPTIONAL_PACKAGES) as [OptionalPackage, number][];

function createFolder(versions: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(root, 'case-'));
  for (const [name, version] of Object.entries(versions)) {
    const home = path.join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name, version, main: './main.cjs' }));
    writeFileSync(path.join(home, 'main.cjs'), `module.exports = { from: 'the script' };`);
  }
  return folder;
}

const originOf = async (name: OptionalPackage, folder: string): Promise<unknown> =>
  ((await importOptional(name, folder, 'it')) as { default?: { from?: unknown } }).default?.from;

test("the script's own package comes first, also from a folder above; else that beside Sixfold is taken", async () => {
  const folder = createFolder(Object.fromEntries(packages.map(([name, major]) => [name, `${major}.99.0`])));
  const below = path.join(folder, 'a/b');
  mkdirSync(below, { recursive: true });
  const bare = createFolder({});
  for (const [name] of packages) {
    assert.equal(await originOf(name, below), 'the script');
    assert.equal(await originOf(name, bare), undefined);
  }
});

test('a package of another major is named with where it lies and what to install', async () => {
  const folder = createFolder(Object.fromEntries(packages.map(([name, major]) => [name, `${major + 1}.2.3`])));
  for (const [name, major] of packages) {
    const expected = [`the module needs the package ${name} in version ${major}`, folder, `${major + 1}.2.3`];
    await assert.rejects(importOptional(name, folder, 'the module'), ({ message }: Error) =>
      [...expected, `npm install ${name}@${major}`].every((part) => message.includes(part)),
    );
  }
});

test('a package whose package.json does not say its version is one of no known version', async () => {
  for (const manifest of ['{}', '{"version":7}', '{"version":null}']) {
    const folder = createFolder({ pg: '8.0.0' });
    writeFileSync(path.join(folder, 'node_modules/pg/index.js'), '');
    writeFileSync(path.join(folder, 'node_modules/pg/package.json'), manifest);
    await assert.rejects(
      importOptional('pg', folder, 'it'),
      /needs the package pg in version 8, .* of no known version/,
    );
  }
});

test('the majors are those of the optional peers', () => {
  const { peerDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    peerDependencies: Record<string, string>;
  };
  const majors = Object.entries(peerDependencies).map(([name, range]) => [name, Number.parseInt(range.slice(1), 10)]);
  assert.deepEqual(Object.fromEntries(majors), { ...OPTIONAL_PACKAGES });
});
