import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectJson } from './json-path.ts';

// The document of GJSON's own syntax page.
const DOCUMENT = {
  name: { first: 'Tom', last: 'Anderson' },
  age: 37,
  children: ['Sara', 'Alex', 'Jack'],
  'fav.movie': 'Deer Hunter',
  friends: [
    { first: 'Dale', last: 'Murphy', age: 44, nets: ['ig', 'fb', 'tw'] },
    { first: 'Roger', last: 'Craig', age: 68, nets: ['fb', 'tw'] },
    { first: 'Jane', last: 'Murphy', age: 47, nets: ['ig', 'tw'] },
  ],
  vals: [{ a: 1, b: 'x' }, { a: 2 }, { b: true }],
};

const CASES: [path: string, found: unknown][] = [
  ['name.last', 'Anderson'],
  ['name.first', 'Tom'],
  ['age', 37],
  ['children', ['Sara', 'Alex', 'Jack']],
  ['children.0', 'Sara'],
  ['children.1', 'Alex'],
  ['friends.1', { first: 'Roger', last: 'Craig', age: 68, nets: ['fb', 'tw'] }],
  ['friends.1.first', 'Roger'],
  ['child*.2', 'Jack'],
  ['c?ildren.0', 'Sara'],
  ['fav\\.movie', 'Deer Hunter'],
  ['friends.#', 3],
  ['friends.#.age', [44, 68, 47]],
  ['friends.#(last=="Murphy").first', 'Dale'],
  ['friends.#(last=="Murphy")#.first', ['Dale', 'Jane']],
  ['friends.#(age>45)#.last', ['Craig', 'Murphy']],
  ['friends.#(first%"D*").last', 'Murphy'],
  ['friends.#(first!%"D*").last', 'Craig'],
  ['friends.#(nets.#(=="fb"))#.first', ['Dale', 'Roger']],
  ['children.#(!%"*a*")', 'Alex'],
  ['children.#(%"*a*")#', ['Sara', 'Jack']],
  ['friends.0.first', 'Dale'],
  ['friends|0|first', 'Dale'],
  ['friends|#|#', undefined],
  ['friends.#.first|0', 'Dale'],
  ['friends.#(last="Murphy")#|0', DOCUMENT.friends[0]],
  ['friends.#(last="Murphy")#.0', []],
  ['children|@reverse', ['Jack', 'Alex', 'Sara']],
  ['children|@reverse|0', 'Jack'],
  ['name.@keys', ['first', 'last']],
  ['name.@values', ['Tom', 'Anderson']],
  [
    '{name.first,age,"the_murphys":friends.#(last="Murphy")#.first}',
    { first: 'Tom', age: 37, the_murphys: ['Dale', 'Jane'] },
  ],
  ['[name.first,age,nothing]', ['Tom', 37]],
  ['name.!"literal"', 'literal'],
  ['vals.#(b==~true)#.a', [1]],
  ['absent', undefined],
  ['age.deeper', undefined],
  ['children.9', undefined],
  ['children.first', undefined],
  ['friends.#(broken', undefined],
  ['name..first', undefined],
  ['', undefined],
  ['__proto__', undefined],
  ['constructor.name', undefined],
];

for (const [path, found] of CASES) {
  test(`${path || 'an empty path'} finds ${JSON.stringify(found)}`, () =>
    assert.deepEqual(selectJson(DOCUMENT, path), found));
}

test('a pattern goes on to the next key that fits until the rest of the path is found', () => {
  const value = {
    meta: { at: 1 },
    user1: { name: 'Ann' },
    user2: { name: 'Bob', tags: ['x', 'y'] },
    users: [{ name: 'Cid' }],
  };
  assert.equal(selectJson(value, 'user*.tags.1'), 'y');
  assert.equal(selectJson(value, 'user?.tags.#'), 2);
  assert.equal(selectJson(value, '*.0.name'), 'Cid');
  assert.equal(selectJson(value, '*.nothing'), undefined);
  assert.equal(selectJson(value, 'user*.'), undefined);
});

test('two dots read lines, of which a body that is JSON has one', () => {
  assert.equal(selectJson({ id: 7 }, '..#'), 1);
  assert.equal(selectJson({ id: 7 }, '..0.id'), 7);
  assert.deepEqual(selectJson({ id: 7 }, '..#.id'), [7]);
  assert.equal(selectJson(undefined, '..#'), undefined);
});
