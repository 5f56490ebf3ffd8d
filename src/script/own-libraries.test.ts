import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findOwnLibrary, isOwnLibrary, ownerOf, ownLibraries, refuseOwnLibrary } from './own-libraries.ts';

test('each library is found by its name, in a file that is there', () => {
  const all = ownLibraries();
  assert.ok(Object.keys(all).includes('sixfold/jslib/utils'));
  for (const [specifier, file] of Object.entries(all)) {
    assert.equal(findOwnLibrary(specifier), file);
    assert.ok(existsSync(file) && isOwnLibrary(file), specifier);
  }
});

test('nothing else is one: no file beside them, no path that leads elsewhere', () => {
  for (const specifier of [
    'sixfold/jslib/',
    'sixfold/jslib/nope',
    'sixfold/jslib/utils.ts',
    'sixfold/jslib/../package',
    'sixfold/jslib/../src/script/own-libraries',
    'sixfold/jslib/Utils',
    'sixfold/jslib/tsconfig',
    'sixfold',
    'jslib/utils',
    '',
  ])
    assert.equal(findOwnLibrary(specifier), null, specifier);
});

test('a name below theirs that there is not is refused with those that there are', () => {
  assert.match(
    refuseOwnLibrary('sixfold/jslib/nope')!,
    /there is no library sixfold\/jslib\/nope; there are sixfold\/jslib\//,
  );
  assert.equal(refuseOwnLibrary('sixfold/client'), null);
  assert.equal(refuseOwnLibrary('lodash'), null);
});

test('one belongs to no package, though the program itself lies in one', () => {
  const file = findOwnLibrary('sixfold/jslib/utils')!;
  assert.equal(ownerOf(file), null);
  assert.equal(ownerOf(path.join('/s/node_modules/lodash/index.js')), 'lodash');
  assert.equal(ownerOf('/s/main.js'), null);
  assert.equal(isOwnLibrary(path.dirname(file)), false);
});
