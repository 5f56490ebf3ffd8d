import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ROOT } from '../../../scripts/root.ts';
import { listProgramFolders } from './program-folders.ts';

const scratch = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'program-folders-')));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Makes a package that names what it needs. @returns where it is */
function addPackage(folder: string, needs: Readonly<Record<string, readonly string[]>> = {}): string {
  mkdirSync(folder, { recursive: true });
  const fields = Object.entries(needs).map(([field, names]) => [field, Object.fromEntries(names.map((n) => [n, '1']))]);
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(Object.fromEntries(fields)));
  return folder;
}

function link(from: string, to: string): void {
  mkdirSync(path.dirname(from), { recursive: true });
  symlinkSync(path.relative(path.dirname(from), to), from);
}

test('what lies side by side is the folder of all of it, and what the program does not need is no more of it', () => {
  const modules = path.join(scratch, 'flat/node_modules');
  const root = addPackage(path.join(modules, 'sixfold'), { dependencies: ['a'], peerDependencies: ['missing'] });
  addPackage(path.join(modules, 'a'));
  const own = addPackage(path.join(scratch, 'flat/packages/own'));
  link(path.join(modules, 'own'), own);
  assert.deepEqual(listProgramFolders(root), [modules]);
});

test('links are followed to what the program needs, and to what that needs', () => {
  const store = path.join(scratch, 'linked/node_modules/.pnpm');
  const place = (name: string): string => path.join(store, `${name.replace('/', '+')}@1/node_modules`, name);
  const root = addPackage(place('sixfold'), { dependencies: ['a'], peerDependencies: ['@scope/b'] });
  const a = addPackage(place('a'), { optionalDependencies: ['c'] });
  const b = addPackage(place('@scope/b'), { dependencies: ['a'] });
  const c = addPackage(place('c'), { dependencies: ['a'] });
  addPackage(place('other'));
  const beside = path.join(store, 'sixfold@1/node_modules');
  link(path.join(beside, 'a'), a);
  link(path.join(beside, '@scope/b'), b);
  link(path.join(store, 'a@1/node_modules/c'), c);
  link(path.join(store, '@scope+b@1/node_modules/a'), a);
  link(path.join(store, 'c@1/node_modules/a'), a);
  const places = ['@scope+b@1', 'a@1', 'c@1', 'sixfold@1'].map((name) => path.join(store, name, 'node_modules'));
  assert.deepEqual(listProgramFolders(root).sort(), places);
  // As a project that has it asks for it.
  const asked = path.join(scratch, 'linked/node_modules/sixfold');
  link(asked, root);
  assert.deepEqual(listProgramFolders(asked).sort(), [path.dirname(asked)]);
});

/** Packages by name, with what each needs of others, as they are installed here. */
function installedPackages(): Map<string, { readonly folder: string; readonly needs: readonly string[] }> {
  const found = new Map<string, { folder: string; needs: string[] }>();
  const take = (folder: string): string[] => {
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  };
  // What Node comes in is large, and no part of a load.
  const isNode = (name: string): boolean => /^node-(?:bin-)?(?:darwin|linux|win)/.test(name);
  const open = take(ROOT).filter((name) => !isNode(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const folder = path.join(ROOT, 'node_modules', name);
    if (found.has(name)) continue;
    try {
      found.set(name, { folder, needs: take(folder) });
    } catch {
      // For another system.
      continue;
    }
    open.push(...found.get(name)!.needs);
  }
  return found;
}

test('a load and its threads start where each package lies in a folder of its own and links lead to it', () => {
  const store = path.join(scratch, 'real/node_modules/.pnpm');
  const packages = installedPackages();
  const place = (name: string): string => path.join(store, `${name.replace('/', '+')}@1/node_modules`, name);
  const root = path.join(scratch, 'real/sixfold');
  for (const [name, { folder, needs }] of packages) {
    cpSync(folder, place(name), { recursive: true });
    for (const other of needs) {
      const from = path.join(store, `${name.replace('/', '+')}@1/node_modules`, other);
      if (packages.has(other) && other !== name) link(from, place(other));
    }
  }
  for (const name of packages.keys()) link(path.join(root, 'node_modules', name), place(name));
  for (const part of ['src', 'bin', 'package.json'])
    cpSync(path.join(ROOT, part), path.join(root, part), { recursive: true });
  const script = path.join(scratch, 'script');
  mkdirSync(script);
  const file = path.join(script, 'script.js');
  writeFileSync(
    file,
    `import { parseHTML } from 'k6/html';
     import grpc from 'k6/net/grpc';
     import redis from 'k6/x/redis';
     new redis.Client('redis://127.0.0.1:1');
     new grpc.Client();
     export default function () { console.log('found ' + parseHTML('<p>it</p>').find('p').text()); }`,
  );
  const permissions = path.join(root, 'src/cluster/agent/load-permissions.ts');
  const tell = `import { loadPermissions } from ${JSON.stringify(permissions)};
    console.log(JSON.stringify(loadPermissions(${JSON.stringify(script)})));`;
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, args, {
      encoding: 'utf8',
      env: { ...process.env, SIXFOLD_HISTORY: 'off', XDG_CONFIG_HOME: script },
    });
  const told = run(['--input-type=module', '-e', tell]);
  assert.equal(told.status, 0, told.stderr);
  const main = path.join(root, 'src/cli/main.ts');
  const { status, stdout, stderr } = run([...(JSON.parse(told.stdout) as string[]), main, 'run', '--quiet', file]);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stderr, /found it/);
});
