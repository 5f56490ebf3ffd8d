import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAttachedState } from './attached-state.ts';
import { createCopier, createObjectMaker } from './object-maker.ts';
import { createRealm } from './realm.ts';

const realm = createRealm();

describe('objects made from a literal', () => {
  test('are ordinary ones of the realm, with the keys in their order', () => {
    const made = createObjectMaker(realm, ['b', 'a', 'not a name', '']) as (
      values: unknown[],
    ) => Record<string, unknown>;
    const object = made([1, 2, 3, 4]);
    assert.deepEqual(Object.entries(object), [
      ['b', 1],
      ['a', 2],
      ['not a name', 3],
      ['', 4],
    ]);
    assert.equal(Object.getPrototypeOf(object), realm.intrinsics.Object.prototype);
    for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(object)))
      assert.deepEqual([descriptor.writable, descriptor.enumerable, descriptor.configurable], [true, true, true]);
  });

  test('are each their own', () => {
    const make = createObjectMaker(realm, ['a']);
    const [one, two] = [make([1]), make([2])];
    one['a'] = 3;
    assert.deepEqual([one['a'], two['a']], [3, 2]);
  });

  test('have whatever key a script or a server thinks of, and nothing runs because of one', () => {
    const keys = [
      '__proto__',
      'constructor',
      'toString',
      '"; throw 1; "',
      'a\\',
      "it's",
      '`$' + '{1}`',
      'a\nb',
      '\u2028',
      '1',
      'ž',
      '[x]',
    ];
    const object = createObjectMaker(realm, keys)(keys.map((_, i) => i));
    assert.equal(Object.getPrototypeOf(object), realm.intrinsics.Object.prototype);
    for (const [i, key] of keys.entries()) assert.equal(Object.getOwnPropertyDescriptor(object, key)?.value, i, key);
    assert.deepEqual(Object.keys(createObjectMaker(realm, [])([])), []);
  });

  test('are copies of what was there when the copier was made', () => {
    const shared = { deep: true };
    const original: Record<string, unknown> = { a: 1, shared, none: undefined };
    const copy = createCopier(realm, original);
    original['a'] = 2;
    original['later'] = 3;
    const [one, two] = [copy(), copy()];
    assert.deepEqual(Object.entries(one), [
      ['a', 1],
      ['shared', shared],
      ['none', undefined],
    ]);
    assert.notEqual(one, two);
  });
});

describe('state of the host on objects of the realm', () => {
  test('is there for the host alone', () => {
    const state = createAttachedState<{ secret: string }>();
    const object = realm.evaluate('({ shown: 1 })') as object;
    state.attach(object, { secret: 's' });
    assert.equal(state.of(object)?.secret, 's');
    const look = realm.evaluate(
      '(o) => [Object.getOwnPropertyNames(o), Object.getOwnPropertySymbols(o).length, JSON.stringify(o)].join()',
    );
    assert.equal((look as (o: object) => string)(object), 'shown,0,{"shown":1}');
  });

  test('is no other’s: not of copies, of what inherits, of proxies, nor of anything that is no object', () => {
    const state = createAttachedState<number>();
    const object = realm.evaluate('({})') as object;
    state.attach(object, 1);
    for (const other of [
      { ...object },
      Object.create(object),
      new Proxy(object, {}),
      null,
      undefined,
      1,
      'text',
      Symbol(),
      () => {},
    ])
      assert.equal(state.of(other), null);
    assert.equal(createAttachedState<number>().of(object), null);
  });

  test('is given once', () => {
    const state = createAttachedState<number>();
    const object = realm.evaluate('({})') as object;
    state.attach(object, 1);
    assert.throws(() => state.attach(object, 2), TypeError);
    assert.equal(state.of(object), 1);
  });
});
