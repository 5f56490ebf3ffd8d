import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLateObjects, plainOfLate } from './late-object.ts';
import { createRealm } from './realm.ts';

const realm = createRealm();
let shown = 0;
const make = createLateObjects(realm, ({ n }: { n: number }) => {
  shown++;
  return { n, headers: { Accept: ['*/*'] }, body: null };
});

/** What an expression of a script makes of a fresh late object, and of a plain one. */
function both(expression: string): [late: unknown, plain: unknown] {
  const look = realm.evaluate(`(o) => { 'use strict'; ${expression} }`) as (object: unknown) => unknown;
  const plain = realm.fromHost({ n: 1, headers: { Accept: ['*/*'] }, body: null });
  return [look(make({ n: 1 })), look(plain)];
}

describe('an object that is made when somebody looks', () => {
  for (const expression of [
    'return o.n',
    'return JSON.stringify(o)',
    'return JSON.stringify({ ...o })',
    'return Object.keys(o).join()',
    'return Object.entries(o).join()',
    'return "headers" in o',
    'return "other" in o',
    'return Object.hasOwn(o, "body")',
    'const names = []; for (const name in o) names.push(name); return names.join()',
    'return JSON.stringify(Object.getOwnPropertyDescriptor(o, "n"))',
    'return Reflect.ownKeys(o).join()',
    'o.n = 7; return JSON.stringify(o)',
    'o.extra = 7; return JSON.stringify(o)',
    'delete o.n; return JSON.stringify(o)',
    'Object.defineProperty(o, "n", { enumerable: false }); return JSON.stringify(o)',
    'Object.freeze(o); try { o.n = 2 } catch (e) { return [e instanceof TypeError, o.n, Object.isFrozen(o)].join() }',
    'Object.preventExtensions(o); try { o.x = 2 } catch (e) { return [e instanceof TypeError, Object.keys(o)].join() }',
    'Object.assign(o, { n: 3 }); return JSON.stringify(o)',
    'return JSON.stringify(Object.assign({}, o))',
    'return [Object.getPrototypeOf(o) === Object.prototype, o.constructor === Object, o instanceof Object].join()',
    'Object.setPrototypeOf(o, { inherited: 1 }); return [o.inherited, o.n].join()',
    'return [String(o), Object.prototype.toString.call(o), typeof o, Array.isArray(o)].join()',
    'const child = Object.create(o); child.n = 5; return [child.n, o.n, Object.keys(child)].join()',
    'return o.headers === o.headers',
    'const { n, ...rest } = o; return JSON.stringify([n, rest])',
  ])
    test(expression, () => {
      const [late, plain] = both(expression);
      assert.equal(late, plain);
    });

  test('is made once, and not before', () => {
    shown = 0;
    const object = make({ n: 1 }) as { n: number };
    assert.equal(shown, 0);
    assert.deepEqual([object.n, object.n], [1, 1]);
    assert.equal(shown, 1);
  });

  test('no trap can be put in from outside', () => {
    const result = realm.evaluate(`(o) => {
      Object.prototype.getPrototypeOf = Object.prototype.isExtensible = () => { throw new Error('a trap') };
      try { return [Object.getPrototypeOf(o) === Object.prototype, Object.isExtensible(o), o.n].join(); }
      finally { delete Object.prototype.getPrototypeOf; delete Object.prototype.isExtensible; }
    }`) as (object: unknown) => unknown;
    assert.equal(result(make({ n: 1 })), 'true,true,1');
  });

  test('what it shows is of the realm', () => {
    const object = make({ n: 1 }) as { headers: object };
    assert.equal(Object.getPrototypeOf(object.headers), realm.intrinsics.Object.prototype);
  });

  test('the host can have the plain one', () => {
    const object = make({ n: 4 });
    const plain = plainOfLate(object) as { n: number };
    assert.deepEqual([plain.n, Object.getPrototypeOf(plain)], [4, realm.intrinsics.Object.prototype]);
    assert.equal(plainOfLate(plain), null);
    assert.equal(plainOfLate(realm.evaluate('new Proxy({}, { get() { throw 1 } })') as object), null);
    assert.equal(plainOfLate(realm.evaluate('new Proxy({}, {})') as object), null);
  });
});
