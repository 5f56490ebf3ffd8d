import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { VuEnvironment } from './environment.ts';
import { locateOpened } from './open-files.ts';

const locate = (root: string | undefined, given: string, folder = '/unpacked/home/me'): string =>
  locateOpened({ script: { root } } as unknown as VuEnvironment, folder, given);

test('without an archive a path means what it means to the system, from the folder of its module', () => {
  assert.equal(locate(undefined, 'data.json', '/home/me'), '/home/me/data.json');
  assert.equal(locate(undefined, '../data.json', '/home/me'), '/home/data.json');
  assert.equal(locate(undefined, 'file:///etc/hosts', '/home/me'), '/etc/hosts');
});

test('in an archive paths are those of the machine that packed it', () => {
  assert.equal(locate('/unpacked', './data.json'), '/unpacked/home/me/data.json');
  assert.equal(locate('/unpacked', '/home/other/data.json'), '/unpacked/home/other/data.json');
  assert.equal(locate('/unpacked', '/unpacked/home/me/data.json'), '/unpacked/home/me/data.json');
});

test('no path leads out of an archive', () => {
  for (const given of [
    '../../../../etc/passwd',
    '/../../etc/passwd',
    '/unpacked/../etc/passwd',
    '/unpacked/home/../../../etc/passwd',
    '/unpacked-beside/secret',
    'file:///unpacked/../etc/passwd',
  ]) {
    const file = locate('/unpacked', given);
    assert.ok(file.startsWith(`/unpacked${path.sep}`), `${given} leads to ${file}`);
  }
});
