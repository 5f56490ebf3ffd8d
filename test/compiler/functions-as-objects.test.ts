// What functions that may wait look like from outside (ECMA-262 §10.2, §20.2): names, lengths, properties, and who can construct.
import { describe, it } from 'node:test';
import { comesTo } from './as-in-node.fixture.ts';

/** One of each kind, as members of an object. */
const KINDS = `const kinds = {
  declared: (() => { function declared(a, b) { return host(1) } return declared })(),
  arrow: (a) => host(1),
  method: { method(a, b, c) { return host(1) } }.method,
  generator: function* () { yield host(1) },
  later: async () => host(1),
  laterGenerator: async function* (a) { yield host(1) },
  own: class { constructor(a) { host(1) } },
}`;

describe('functions that may wait', () => {
  it('have the properties of their kind, in their order', () =>
    comesTo(
      `${KINDS}
       return Object.values(kinds).map((f) => Object.getOwnPropertyNames(f).join())`,
      [
        'length,name,prototype',
        'length,name',
        'length,name',
        'length,name,prototype',
        'length,name',
        'length,name,prototype',
        'length,name,prototype',
      ],
    ));

  it('show how many parameters come before the first with a default or a rest', () =>
    comesTo(
      `return [(a, b) => host(1), (a, b = 1, c) => host(1), (...rest) => host(1), ({ a }, [b]) => host(1), function* (a, { b }, c = 1) { yield host(1) }, async (a) => host(1), class { constructor(a, b) { host(1) } }, class { static m(a, b = 1) { return host(1) } }.m].map((f) => f.length)`,
      [2, 1, 0, 2, 2, 1, 2, 1],
    ));

  it('are named by what they are assigned to, and by keys', () =>
    comesTo(
      `const named = () => host(1), o = { member: () => host(1), ['com' + 'puted']: () => host(1), [Symbol('described')]: () => host(1), get g() { return host(1) } }
       const { a = () => host(1), b: { c = function () { return host(1) } } = {} } = {}, [d = class { constructor() { host(1) } }] = []
       let e; e = () => host(1)
       let f; f ??= () => host(1)
       const unnamed = (0, () => host(1))
       const symbol = Object.getOwnPropertySymbols(o)[0]
       return [named, o.member, o.computed, o[symbol], Object.getOwnPropertyDescriptor(o, 'g').get, a, c, d, e, f, unnamed, (() => host(1)).bind(), named.bind()].map((x) => x.name)`,
      ['named', 'member', 'computed', '[described]', 'get g', 'a', 'c', 'd', 'e', 'f', '', 'bound ', 'bound named'],
    ));

  it('have names and lengths that can be deleted and defined anew, but not assigned', () =>
    comesTo(
      `const f = (a) => host(1)
       const told = []
       try { f.name = 'other' } catch (error) { told.push(error.name) }
       Object.defineProperty(f, 'name', { value: 'defined' })
       told.push(f.name, delete f.name, f.name, delete f.length, f.length)
       return told`,
      ['TypeError', 'defined', true, '', true, 0],
    ));

  it('can construct or cannot by their kind', () =>
    comesTo(
      `${KINDS}
       return Object.entries(kinds).filter(([, f]) => { try { new f(); return true } catch (error) { return error.name !== 'TypeError' } }).map(([kind]) => kind)`,
      ['declared', 'own'],
    ));

  it('have a prototype that leads back, where they can construct', () =>
    comesTo(
      `function F() { host(1) }
       class C { constructor() { host(1) } }
       const of = (f) => Object.getOwnPropertyDescriptor(f, 'prototype')
       return [F.prototype.constructor === F, Object.keys(F.prototype), of(F).writable, of(C).writable, of(F).enumerable, of(F).configurable, new F().constructor === F]`,
      [true, [], true, false, false, false, true],
    ));

  it('keep what a script puts on them', () =>
    comesTo(
      `const f = () => host(f.calls++)
       f.calls = 5
       f[Symbol.for('own')] = 1
       f(); f()
       return [f.calls, Object.keys(f), Object.isExtensible(f), Object.isFrozen(Object.freeze(f))]`,
      [7, ['calls'], true, true],
    ));

  it('tell this as strict code does', () =>
    comesTo(
      `function self() { return [typeof this, host(this === undefined)] }
       const o = { self, arrow: () => typeof this, list: [self] }
       return [self(), self.call(5)[0], self.call(null)[0], o.self()[0], (0, o.self)()[0], o.list[0]()[0], [1].map(self)[0][0], self.bind('text')()[0]]`,
      [['undefined', true], 'number', 'object', 'object', 'undefined', 'object', 'undefined', 'string'],
    ));

  it('have arguments that do not follow their parameters', () =>
    comesTo(
      `function f(a, b = host('default')) { a = 'changed'; arguments[1] = 'other'; return [arguments.length, arguments[0], b, [...arguments], Object.prototype.toString.call(arguments), (() => arguments[0])()] }
       return [f(1), f(1, undefined, 3)]`,
      [
        [1, 1, 'default', [1], '[object Arguments]', 1],
        [3, 1, 'default', [1, 'other', 3], '[object Arguments]', 1],
      ],
    ));

  it('evaluate defaults from left to right, each in sight of those before', () =>
    comesTo(
      `const f = (a = host('a'), b = host(a + 'b'), c = () => [a, b]) => c()
       const told = [f(), f('x'), f(undefined, null)]
       try { ((a = b, b = host(1)) => a)() } catch (error) { told.push(error.name) }
       return told`,
      [['a', 'ab'], ['x', 'xb'], ['a', null], 'ReferenceError'],
    ));

  it('do not see the variables of their body in defaults', () =>
    comesTo(
      `const x = 'outer'
       function f(read = () => x, set = (value) => { a = value }, a = host('a')) { var x = 'inner', a; set('set'); return [read(), x, a] }
       return f()`,
      ['outer', 'inner', 'a'],
    ));

  it('call themselves by their own name, which cannot be changed', () =>
    comesTo(
      `const count = function self(n) { if (n === 0) { try { self = null } catch (error) { return [error.name, typeof self] } } return self(n - host(1)) }
       return count(3)`,
      ['TypeError', 'function'],
    ));
});

describe('tagged templates', () => {
  it('give one frozen list of strings for each place, with the text as written', () =>
    comesTo(
      String.raw`const tag = (strings, ...values) => { host(values); return strings }
       const place = (value) => tag${'`'}a${'$'}{value}\n${'`'}
       const first = place(1)
       return [first === place(2), first === tag${'`'}a${'$'}{1}\n${'`'}, Object.isFrozen(first), Object.isFrozen(first.raw), [...first], [...first.raw], tag${'`'}\unicode${'`'}[0]]`,
      [true, false, true, true, ['a', '\n'], ['a', '\\n'], undefined],
    ));

  it('call a method with its object as this, and evaluate tag before values', () =>
    comesTo(
      `const o = { get tag() { log('tag'); return function (strings, value) { return [this === o, value, host(strings.length)] } } }
       return [o.tag\`a\${host('value')}b\`, o['tag']\`x\`[2]]`,
      [[true, 'value', 2], 1],
      ['tag', 'value', 2, 'tag', 1],
    ));
});

describe('optional chains', () => {
  it('evaluate nothing behind a member that is null or undefined', () =>
    comesTo(
      `const o = { none: null, f: undefined }
       return [o.none?.a.b[host('never')].c(host('never')), o.f?.(host('never')), o?.none?.[host('never')], o.missing?.a\u003f.(host('never')), delete o.none?.a[host('never')], typeof o.none?.a]`,
      [undefined, undefined, undefined, undefined, true, 'undefined'],
      [],
    ));

  it('keep the receiver of a call, also through parentheses', () =>
    comesTo(
      `const o = { n: 1, get() { return host(this?.n) }, deep: { n: 2, get() { return host(this.n) } } }
       return [o?.get(), (o?.get)(), o.get?.(), o?.['get']?.(), o.deep?.get(), (o?.deep).get(), (0, o?.get)()]`,
      [1, 1, 1, 1, 2, 2, undefined],
    ));

  it('end at parentheses: what stands behind them is evaluated', () =>
    comesTo(
      `const none = null
       try { (none?.a).b(host('never')) } catch (error) { return [error.name, none?.a?.b(host('never'))] }`,
      ['TypeError', undefined],
      [],
    ));
});
