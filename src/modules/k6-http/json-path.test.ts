import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
  ['vals.#(b==~true)#.a', []],
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

describe('queries compare as the syntax page of GJSON says', () => {
  // Its own table for `~`.
  const vals = [
    { a: 1, b: 'data' },
    { a: 2, b: true },
    { a: 3, b: false },
    { a: 4, b: '0' },
    { a: 5, b: 0 },
    { a: 6, b: '1' },
    { a: 7, b: 1 },
    { a: 8, b: 'true' },
    { a: 9, b: false },
    { a: 10, b: null },
    { a: 11 },
  ];
  for (const [query, found] of [
    ['b==~true', [2, 6, 7, 8]],
    ['b==~false', [3, 4, 5, 9, 10, 11]],
    ['b==~null', [10, 11]],
    ['b==~*', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['b!=~true', [1, 3, 4, 5, 9, 10, 11]],
    ['b!=~false', [1, 2, 6, 7, 8]],
    ['b!=~null', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['b!=~*', [11]],
    ['b==~nonsense', []],
    ['b==~__proto__', []],
    ['b', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ] as const)
    test(`#(${query})#`, () => assert.deepEqual(selectJson({ vals }, `vals.#(${query})#.a`), found));

  for (const [list, query, found] of [
    // A number is compared as a number and a text as text, whether there are quotes or not.
    [[37, '37', 37.5, '037', null, true], '==37', [37, '37']],
    [[37, '37', 37.5], '=="37"', [37, '37']],
    [[1, 10, 9, '9', '10'], '>9', [10]],
    [[1, 10, 9, '95', '10'], '>"9"', [10, '95']],
    [[-1, 0, 1, 2], '>=1e0', [1, 2]],
    [[-1, 0, 1, 2], '<.5', [-1, 0]],
    [['b', 'a', 'c', 'ab', 'B'], '<="b"', ['b', 'a', 'ab', 'B']],
    [['x', 'y', null, 1, [], {}], '!="x"', ['y', 1]],
    [[true, false, 'true', null], '==true', [true, 'true']],
    [[true, false, 'true', null], '!=true', [false]],
    [[true, false], '>false', [true]],
    [[true, false], '<true', [false]],
    [[true, false], '>=true', [true]],
    [['a b', 'a  b', 'ab'], '=="a b"', ['a b']],
    [['say "x"', 'x'], '=="say \\"x\\""', ['say "x"']],
    [['a>b', 'c'], '=="a>b"', ['a>b']],
    [['a.b', 'aXb'], '%"a.b"', ['a.b']],
    [['a*b', 'aXb'], '%"a\\\\*b"', ['a*b']],
    [['x😀', 'x😁', '😀'], '%"?😀"', ['x😀']],
    [['été', 'e'], '!%"?t?"', ['e']],
    [[5, 55], '%"5*"', []],
  ] as const)
    test(`#(${query})# of ${JSON.stringify(list)}`, () => assert.deepEqual(selectJson(list, `#(${query})#`), found));
});

test('modifiers make no more of a key than a key', () => {
  const rows = JSON.parse('[{"__proto__":{"x":1},"a":1},{"a":2,"b":3}]') as unknown[];
  const joined = selectJson(rows, '@join') as object;
  assert.deepEqual([Object.keys(joined), Object.getPrototypeOf(joined)], [['__proto__', 'a', 'b'], Object.prototype]);
  const columns = JSON.parse('{"__proto__":[{"x":1}],"id":[1,2],"none":5}') as object;
  const [first, second] = selectJson(columns, '@group') as [object, object];
  assert.deepEqual([Object.keys(first), Object.getPrototypeOf(first)], [['__proto__', 'id'], Object.prototype]);
  assert.deepEqual(second, { id: 2 });
});

describe('the rarer parts of a path', () => {
  const value = {
    a: { 'b.c': 1, 'd|e': 2, 'f*': 3, '': 4, '😀': 5, '#': 6 },
    list: [[1, [2]], [3], 4],
    text: '{"in":[1]}',
    o: { x: 1, y: 2 },
  };
  for (const [path, found] of [
    ['a.b\\.c', 1],
    ['a.d\\|e', 2],
    ['a.f\\*', 3],
    ['a.😀', 5],
    ['a.\\#', 6],
    ['a.?', 5],
    ['list.#.0', [1, 3]],
    ['list.#.#', [2, 1]],
    ['list.0.1.0', 2],
    ['list.@flatten', [1, [2], 3, 4]],
    ['list.@flatten:{"deep":true}', [1, 2, 3, 4]],
    ['list|@reverse|0', 4],
    ['o.@reverse', { y: 2, x: 1 }],
    ['text.@fromstr.in.0', 1],
    ['o.@tostr', '{"x":1,"y":2}'],
    ['o.@tostr|@fromstr|y', 2],
    ['{o.x,"z":list.#}', { x: 1, z: 3 }],
    ['{"o":{"x2":o.x},o.y}', { o: { x2: 1 }, y: 2 }],
    ['[o.x,[o.y,!7]]', [1, [2, 7]]],
    ['list.-1', undefined],
    ['list.00', 1],
    ['list.1e0', undefined],
    ['o.@unknown', undefined],
    ['o.@keys.#', 2],
    ['text.@fromstr:x.in', [1]],
    ['o.x.', undefined],
    ['.o', undefined],
    ['o|', undefined],
    ['{', {}],
    ['[', []],
    ['@', undefined],
    ['!', undefined],
    ['#(', undefined],
    ['list.#(', undefined],
    ['list.#(>', undefined],
    ['\\', undefined],
  ] as const)
    test(`${path} finds ${JSON.stringify(found)}`, () => {
      const got = selectJson(value, path);
      // A leading zero is no index to some readers: what matters is that it is the first element or nothing.
      if (path === 'list.00') assert.ok(got === undefined || got === value.list[0]);
      else assert.deepEqual(got, found);
    });
});

test('whatever stands in a path, it never throws', () => {
  const pieces = [
    'a',
    '.',
    '|',
    '#',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '@',
    '!',
    '"',
    '\\',
    ',',
    ':',
    '*',
    '?',
    '=',
    '~',
    '%',
    '<',
    '0',
    '@flatten',
    '@join',
    '@group',
    '#(',
  ];
  const value = { a: [{ a: 1 }, { a: '*' }, [0, null, true]], '0': 'x' };
  let seed = 3;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 20_000; round++) {
    const path = Array.from({ length: 1 + random(10) }, () => pieces[random(pieces.length)]).join('');
    assert.doesNotThrow(() => selectJson(value, path), path);
  }
});

test('a pattern of many wildcards takes a long key apart in no more ways than it has characters', () => {
  const key = 'a'.repeat(20_000);
  assert.equal(selectJson({ [key]: 1 }, '*a*a*a*a*b'), undefined);
  assert.equal(selectJson({ [`${key}b`]: 1 }, '*a*a*a*a*b'), 1);
  assert.equal(selectJson({ [key]: 1 }, '?*a\\*'), undefined);
  assert.equal(selectJson({ 'a*b': 1, axb: 2 }, '?\\*?'), 1);
});
