// Proxies (ECMA-262 §10.5) whose traps wait: every operation of the language asks the trap that belongs to it, in order, and once.
import { describe, it } from 'node:test';
import { comesTo } from './as-in-node.fixture.ts';

describe('a proxy whose traps wait', () => {
  it('is asked for members by every form of reading', () =>
    comesTo(
      `const p = new Proxy({}, { get(target, key, receiver) { return host([key, receiver === p]) } }), key = 'e'
       const { a, ['b']: b } = p
       return [p.c, p?.d, p[key], p?.['f'], a, b].length`,
      6,
      [
        ['a', true],
        ['b', true],
        ['c', true],
        ['d', true],
        ['e', true],
        ['f', true],
      ],
    ));

  it('is told what is stored by every form of assignment', () =>
    comesTo(
      `const stored = {}
       const p = new Proxy(stored, { set(target, key, value, receiver) { host([key, value, receiver === p]); target[key] = value; return true }, get(target, key) { log('get ' + key); return target[key] } })
       p.a = 1; p['b'] = 2; p.a += 5; p.a++; p.c ??= 3; p.c &&= 4; [p.d] = [5]; ({ e: p.e } = { e: 6 }); for (p.f of [7]); Object.assign(p, { g: 8 })
       return stored`,
      { a: 7, b: 2, c: 4, d: 5, e: 6, f: 7, g: 8 },
    ));

  it('is asked by in, delete, instanceof, spread, rest, for in and JSON', () =>
    comesTo(
      `const asked = [], own = { a: 1, b: 2 }
       const note = (name, args) => { asked.push(host(name)); return Reflect[name](...args) }
       const p = new Proxy(own, {
         has: (...args) => note('has', args), deleteProperty: (...args) => note('deleteProperty', args), getPrototypeOf: (...args) => note('getPrototypeOf', args),
         ownKeys: (...args) => note('ownKeys', args), getOwnPropertyDescriptor: (...args) => note('getOwnPropertyDescriptor', args), get: (...args) => note('get', args),
       })
       const steps = (act) => { asked.length = 0; act(); return asked.join() }
       return [steps(() => 'a' in p), steps(() => delete p.b), steps(() => p instanceof Object), steps(() => ({ ...p })), steps(() => { const { ...rest } = p }), steps(() => { for (const key in p); }).startsWith('ownKeys'), steps(() => Object.keys(p)), steps(() => Object.entries(p))]`,
      [
        'has',
        'deleteProperty',
        'getPrototypeOf',
        'ownKeys,getOwnPropertyDescriptor,get',
        'ownKeys,getOwnPropertyDescriptor,get',
        true,
        'ownKeys,getOwnPropertyDescriptor',
        'ownKeys,getOwnPropertyDescriptor,get',
      ],
    ));

  it('fails in strict code where a trap says no', () =>
    comesTo(
      `const p = new Proxy({}, { set: () => host(false), deleteProperty: () => host(false), defineProperty: () => host(false), setPrototypeOf: () => host(false), preventExtensions: () => host(false) })
       const told = []
       for (const act of [() => { p.a = 1 }, () => delete p.a, () => Object.defineProperty(p, 'a', { value: 1 }), () => Object.setPrototypeOf(p, null), () => Object.preventExtensions(p), () => Object.assign(p, { a: 1 })])
         try { act(); told.push('done') } catch (error) { told.push(error.name) }
       return [told, Reflect.set(p, 'a', 1), Reflect.deleteProperty(p, 'a'), Reflect.defineProperty(p, 'a', {}), Reflect.setPrototypeOf(p, null), Reflect.preventExtensions(p)]`,
      [
        ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
        false,
        false,
        false,
        false,
        false,
      ],
    ));

  it('cannot lie about what is fixed in its target', () =>
    comesTo(
      `const target = Object.freeze({ fixed: 1 })
       const p = new Proxy(target, { get: () => host(2), has: () => host(false), ownKeys: () => host([]), getPrototypeOf: () => host(null), deleteProperty: () => host(true), getOwnPropertyDescriptor: () => host(undefined), isExtensible: () => host(true) })
       const told = []
       for (const act of [() => p.fixed, () => 'fixed' in p, () => Object.keys(p), () => Object.getPrototypeOf(p), () => delete p.fixed, () => Object.getOwnPropertyDescriptor(p, 'fixed'), () => Object.isExtensible(p)])
         try { act(); told.push('done') } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
    ));

  it('hands to its target what it has no trap for, also one that is set later', () =>
    comesTo(
      `const handler = {}, p = new Proxy({ a: 1, get b() { return host(this === p) } }, handler)
       const told = [p.a, p.b]
       handler.get = () => host('trapped'); told.push(p.a)
       handler.get = undefined; told.push(p.a)
       handler.get = null; told.push(p.a)
       handler.get = 5
       try { p.a } catch (error) { told.push(error.name) }
       return told`,
      [1, true, 'trapped', 1, 1, 'TypeError'],
    ));

  it('reads the trap of its handler every time', () =>
    comesTo(
      `const handler = { get get() { log('handler asked'); return (target, key) => host(key) } }
       const p = new Proxy({}, handler)
       return [p.a, p.b]`,
      ['a', 'b'],
      ['handler asked', 'a', 'handler asked', 'b'],
    ));

  it('is one of a prototype chain, where the receiver is the object that was asked', () =>
    comesTo(
      `const asked = [], p = new Proxy({}, { get(target, key, receiver) { asked.push(receiver === child); return host(key) }, set(target, key, value, receiver) { asked.push(receiver === child); return host(true) }, has(target, key) { return host(key === 'there') } })
       const child = Object.create(p, { own: { value: 0 } })
       child.stored = 1
       return [child.own, child.inherited, 'there' in child, 'missing' in child, Object.keys(child), asked]`,
      [0, 'inherited', true, false, [], [true, true]],
    ));

  it('of an array is an array to all that asks', () =>
    comesTo(
      `const keys = [], p = new Proxy([3, 1, 2], { get(target, key, receiver) { if (typeof key === 'string') keys.push(host(key)); return Reflect.get(target, key, receiver) } })
       return [Array.isArray(p), [...p], p.map((n) => n * 2), p.concat([9]), [0].concat(p), JSON.stringify(p), p.toSorted(), Math.max(...p), p.indexOf(1)]`,
      [true, [3, 1, 2], [6, 2, 4], [3, 1, 2, 9], [0, 3, 1, 2], '[3,1,2]', [1, 2, 3], 3, 1],
    ));
});

describe('a proxy of a function', () => {
  it('is called, and constructs, by way of its traps', () =>
    comesTo(
      `const p = new Proxy(function (a) { this.a = a }, { apply(target, self, args) { return host([self, ...args]) }, construct(target, args, newTarget) { log(newTarget === p); return { made: host(args) } } })
       return [p(1, 2), p.call('self', 3), Reflect.apply(p, 'other', [4]), [5].map(p)[0].length, new p(6), Reflect.construct(p, [7])]`,
      [[undefined, 1, 2], ['self', 3], ['other', 4], 4, { made: [6] }, { made: [7] }],
    ));

  it('without traps calls and constructs what it stands for, with itself as new.target', () =>
    comesTo(
      `const p = new Proxy(class Own { constructor(a) { this.a = host(a); this.t = new.target === p } static make() { return new this(1) } }, {})
       class Child extends p { constructor() { super(2); this.child = this.t } }
       return [{ ...new p(0) }, { ...p.make() }, { ...new Child() }, new p(3) instanceof p]`,
      [{ a: 0, t: true }, { a: 1, t: true }, { a: 2, t: false, child: false }, true],
    ));

  it('refuses what construct brings if it is no object', () =>
    comesTo(
      `const p = new Proxy(function () {}, { construct: () => host(5) })
       try { new p() } catch (error) { return error.name }`,
      'TypeError',
    ));

  it('cannot be called or construct where its target cannot', () =>
    comesTo(
      `const told = []
       for (const [target, act] of [[{}, (p) => p()], [{}, (p) => new p()], [() => host(1), (p) => new p()]])
         try { act(new Proxy(target, { apply: () => log('never'), construct: () => log('never') })); told.push('done') } catch (error) { told.push(error.name) }
       return told`,
      ['TypeError', 'TypeError', 'TypeError'],
      [],
    ));

  it('can be bound, and bound again', () =>
    comesTo(
      `const p = new Proxy(function (...args) { this.args = args }, { apply: (target, self, args) => host([self, args]), construct: (target, args) => ({ made: host(args) }) })
       const once = p.bind('self', 1), twice = once.bind('other', 2)
       return [once(3), twice(4), new once(5), new twice(6)]`,
      [['self', [1, 3]], ['self', [1, 2, 4]], { made: [1, 5] }, { made: [1, 2, 6] }],
    ));

  it('that is revoked refuses everything', () =>
    comesTo(
      `const { proxy, revoke } = Proxy.revocable(function () { return host(1) }, {})
       const told = [proxy()]
       revoke(); revoke()
       for (const act of [() => proxy(), () => new proxy(), () => proxy.a, () => { proxy.a = 1 }, () => 'a' in proxy, () => delete proxy.a, () => Object.keys(proxy), () => ({}) instanceof proxy])
         try { act(); told.push('done') } catch (error) { told.push(error.name) }
       return [told, typeof proxy]`,
      [[1, ...Array.from({ length: 8 }, () => 'TypeError')], 'function'],
      [1],
    ));
});

describe('Reflect', () => {
  it('gives accessors the receiver that it is given', () =>
    comesTo(
      `const o = { get a() { return host(this.own) }, set a(value) { this.own = host(value) } }, receiver = { own: 'r' }
       return [Reflect.get(o, 'a', receiver), Reflect.set(o, 'a', 5, receiver), receiver, Reflect.has(o, 'a'), Reflect.get({ own: 1, __proto__: o }, 'a')]`,
      ['r', true, { own: 5 }, true, 1],
    ));

  it('constructs with another new.target, and refuses what is no constructor', () =>
    comesTo(
      `function F() { this.t = host(new.target === Array) }
       const told = [Reflect.construct(F, [], Array).t, Reflect.construct(F, [], Array) instanceof Array]
       for (const args of [[() => host(1), []], [F, [], () => 1], [F, [], { method() {} }.method], [F, 5], [{}, []], [F, [], Math.max]])
         try { Reflect.construct(...args); told.push('made') } catch (error) { told.push(error.name) }
       return told`,
      [true, true, 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
      [true, true],
    ));

  it('applies with what is like an array, read in order', () =>
    comesTo(
      `return Reflect.apply((...args) => args, null, { get length() { return host(2) }, get 0() { return host('a') }, get 1() { return host('b') } })`,
      ['a', 'b'],
      [2, 'a', 'b'],
    ));
});
