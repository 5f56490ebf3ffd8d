import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGroup, findCheck, findGroup, type GroupNode } from './check-tally.ts';

const pathsOf = ({ path, groups }: GroupNode): string[] => [path, ...[...groups.values()].flatMap(pathsOf)];

test('groups make a tree in which each path stands once, in the order of the first look', () => {
  const root = createGroup('', '');
  for (const path of ['::b::x', '::a', '::b', '::b::y', '::b::x::deep', ''])
    assert.equal(findGroup(root, path).path, path);
  assert.deepEqual(pathsOf(root), ['', '::b', '::b::x', '::b::x::deep', '::b::y', '::a']);
  assert.equal(findGroup(root, '::b::x'), findGroup(root, '::b::x'));
  assert.equal(findGroup(root, ''), root);
  assert.equal(findGroup(root, '::b::x').name, 'x');
});

test('a group tag that a script has made up, without a separator, is of the root', () => {
  const root = createGroup('', '');
  assert.equal(findGroup(root, 'mine'), root);
  assert.deepEqual(pathsOf(root), ['']);
});

test('names may be what objects have, other scripts, or nothing', () => {
  const root = createGroup('', '');
  for (const name of ['__proto__', 'constructor', 'Корзина', '🛒', ' ', 'a:b'])
    assert.equal(findGroup(root, `::${name}`).name, name);
  const group = findGroup(root, '::__proto__');
  assert.deepEqual(findCheck(group, 'toString'), { name: 'toString', passes: 0, fails: 0 });
  assert.equal(findCheck(group, 'toString'), findCheck(group, 'toString'));
  assert.equal(group.checks.size, 1);
});

test('the same check of two groups is two', () => {
  const root = createGroup('', '');
  findCheck(root, 'ok').passes++;
  findCheck(findGroup(root, '::g'), 'ok').fails++;
  assert.deepEqual(findCheck(root, 'ok'), { name: 'ok', passes: 1, fails: 0 });
  assert.deepEqual(findCheck(findGroup(root, '::g'), 'ok'), { name: 'ok', passes: 0, fails: 1 });
});
