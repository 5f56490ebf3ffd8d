// Classes (ECMA-262 §15.7): what is evaluated when, private names, static parts, and what `super` and `new.target` are.
import { describe, it } from 'node:test';
import { comesTo, fails } from './as-in-node.fixture.ts';

describe('the order in which a class is evaluated', () => {
  it('is heritage, then all keys, then the static parts as they stand', () =>
    comesTo(
      `class Own extends (host('heritage'), Object) {
         static [host('key 1')] = host('static field');
         [host('key 2')] = log('never');
         static { host('block') }
         static [host('key 3')]() {}
         get [host('key 4')]() { return 1 }
         static last = host('last')
       }`,
      undefined,
      ['heritage', 'key 1', 'key 2', 'key 3', 'key 4', 'static field', 'block', 'last'],
    ));

  it('lets fields of an instance run after the parent and before the rest of the constructor', () =>
    comesTo(
      `class Parent { parent = host('parent field'); constructor() { host('parent') } }
       class Child extends Parent { child = host('child field'); constructor() { host('before'); super(host('argument')); host('after') } }
       return Object.keys(new Child())`,
      ['parent', 'child'],
      ['before', 'argument', 'parent field', 'parent', 'child field', 'after'],
    ));

  it('calls a method of the child before the fields of the child are there', () =>
    comesTo(
      `class Parent { constructor() { this.seen = this.look() } }
       class Child extends Parent { field = host('there'); look() { return host(this.field) } }
       return [new Child().seen, new Child().field]`,
      [undefined, 'there'],
      [undefined, 'there', undefined, 'there'],
    ));

  it('converts a computed key once, whatever it is used for', () =>
    comesTo(
      `let n = 0
       const key = { toString: () => host('key' + n++) }
       class Own { [key] = 1; static [key] = 2; [key]() { return 3 } }
       return [Object.keys(new Own()), Object.keys(Own), Object.getOwnPropertyNames(Own.prototype), new Own().key2(), new Own().key0]`,
      [['key0'], ['key1'], ['constructor', 'key2'], 3, 1],
      ['key0', 'key1', 'key2'],
    ));

  it('binds its name inside at once, for reading only', () =>
    comesTo(
      `let Outer = class Inner { static self = host(Inner === this); static change() { Inner = 1 } }
       const told = [Outer.self, Outer.name, typeof Inner]
       try { Outer.change() } catch (error) { told.push(error.name) }
       try { class Early { static early = Early; [(() => { try { return Early } catch (error) { return error.name } })()]() {} } told.push(Object.getOwnPropertyNames(Early.prototype)[1]) } catch (error) { told.push(error.name) }
       return told`,
      [true, 'Inner', 'undefined', 'TypeError', 'ReferenceError'],
    ));

  it('defines fields, so that setters of a parent are not called', () =>
    comesTo(
      `class Parent { set a(value) { log('never') } static set b(value) { log('never') } }
       class Child extends Parent { a = host(1); static b = host(2) }
       return [new Child().a, Child.b, Object.getOwnPropertyDescriptor(new Child(), 'a').writable]`,
      [1, 2, true],
      [2, 1, 1],
    ));
});

describe('private names', () => {
  it('are checked before anything is evaluated that is assigned to them, only when it is stored', () =>
    comesTo(
      `class Own { #a = 1; static write(o) { o.#a = host('value') } static add(o) { o.#a += host('never') } static read(o) { return o.#a } }
       const told = []
       for (const act of [Own.write, Own.add, Own.read]) for (const o of [{}, null, undefined, new Proxy(new Own(), {})]) try { act(o); told.push('done') } catch (error) { told.push(error.name) }
       return [told.length, new Set(told).size, told[0]]`,
      [12, 1, 'TypeError'],
      ['value', 'value', 'value', 'value'],
    ));

  it('of methods cannot be assigned, of getters and setters only as far as they go', () =>
    comesTo(
      `class Own {
         #method() { return host(1) } get #getter() { return host(2) } set #setter(value) { host(value) }
         acts = [() => { this.#method = 1 }, () => { this.#getter = 1 }, () => this.#setter, () => { this.#setter = 3 }, () => this.#getter, () => this.#method(), () => { this.#setter++ }, () => { this.#getter ||= 5 }]
       }
       return new Own().acts.map((act) => { try { return act() ?? 'done' } catch (error) { return error.name } })`,
      ['TypeError', 'TypeError', 'TypeError', 'done', 2, 1, 'TypeError', 'done'],
      [3, 2, 1, 2],
    ));

  it('belong to one evaluation of the class, and to what it has made', () =>
    comesTo(
      `const make = () => class { #own = host(1); static has(o) { return #own in o } static read(o) { return o.#own } }
       const A = make(), B = make(), a = new A()
       const told = [A.has(a), B.has(a), A.read(a)]
       try { B.read(a) } catch (error) { told.push(error.name) }
       try { A.has(5) } catch (error) { told.push(error.name) }
       return told`,
      [true, false, 1, 'TypeError', 'TypeError'],
    ));

  it('can be stamped on what a parent returns, once', () =>
    comesTo(
      `class Stamp extends (class { constructor(o) { return o } }) { #mark = host('mark'); static read(o) { return o.#mark } }
       const o = {}
       new Stamp(o)
       return [Stamp.read(o), Object.keys(o)]`,
      ['mark', []],
    ));

  it('take part in patterns, loops, deletions of what lies behind them and optional chains', () =>
    comesTo(
      `class Own {
         #a = { b: { c: 1 } }; #n = 0
         run() {
           const told = [];
           [this.#n] = [host(5)]; told.push(this.#n);
           ({ x: this.#n = host(6) } = {}); told.push(this.#n)
           for (this.#n of [7, host(8)]); told.push(this.#n)
           told.push(this?.#a?.b.c, this.#a?.['b'], delete this.#a.b.c, this.#a.b.c, (null)?.#a, Own.#stat(this), this.#n++, ++this.#n, this.#n **= 2)
           return told
         }
         static #stat(o) { return host(o.#n) }
       }
       return new Own().run()`,
      [5, 6, 8, 1, { c: undefined }, true, undefined, undefined, 8, 8, 10, 100].map((value, at) =>
        at === 4 ? {} : value,
      ),
    ));

  it('are not inherited by subclasses as static ones', () =>
    comesTo(
      `class Parent { static #a = host(1); static read() { return this.#a } static own() { return Parent.#a } }
       class Child extends Parent {}
       const told = [Parent.read(), Child.own()]
       try { Child.read() } catch (error) { told.push(error.name) }
       return told`,
      [1, 1, 'TypeError'],
    ));

  it('of accessors wait in every form of update', () =>
    comesTo(
      `class Own { #value = 1; get #a() { return host(this.#value) } set #a(value) { this.#value = host(value) } run() { return [this.#a++, ++this.#a, this.#a += 5, this.#a &&= 2, this.#a ??= 9, this.#a] } }
       return new Own().run()`,
      [1, 3, 8, 2, 2, 2],
    ));
});

describe('super', () => {
  it('is looked up on the prototype of the object where the method stands, also in arrows and after a move', () =>
    comesTo(
      `const parent = { hi() { return host('parent of ' + this.name) } }
       const own = { __proto__: parent, name: 'own', hi() { return (() => super.hi())() }, ['com' + 'puted']() { return super['hi']() } }
       const stranger = { name: 'stranger', hi: own.hi, com: own.computed }
       const before = stranger.hi()
       Object.setPrototypeOf(own, { hi: () => host('changed') })
       return [before, stranger.hi(), stranger.com()]`,
      ['parent of stranger', 'changed', 'changed'],
    ));

  it('stores on this, and reads accessors with this as receiver', () =>
    comesTo(
      `class Parent { get a() { return host(this.kept) } set a(value) { this.kept = host(value) } }
       class Child extends Parent { run() { super.a = 1; super.b = 2; super.a += 10; super['c'] ??= 3; [super.d] = [4]; return [super.a, this.b, this.c, this.d, super.b] } }
       return new Child().run()`,
      [11, 2, 3, 4, undefined],
    ));

  it('must come before this, and comes once', () =>
    comesTo(
      `class Parent { constructor() { host('parent') } }
       const told = []
       for (const Child of [
         class extends Parent { constructor() { this.a = 1; super() } },
         class extends Parent { constructor() {} },
         class extends Parent { constructor() { super(); super() } },
         class extends Parent { constructor() { return 5 } },
         class extends Parent { constructor() { super(); return undefined } },
         class extends Parent { constructor() { return { other: true } } },
         class extends Parent { constructor() { const later = () => super(); later(); this.a = 1 } },
         class extends Parent { constructor() { try { this.a } catch { super() } } },
       ]) try { told.push(Object.keys(new Child())) } catch (error) { told.push(error.name) }
       return told`,
      ['ReferenceError', 'ReferenceError', 'ReferenceError', 'TypeError', [], ['other'], ['a'], []],
      ['parent', 'parent', 'parent', 'parent', 'parent'],
    ));

  it('calls what the class inherits from at that time', () =>
    comesTo(
      `class A { constructor() { this.made = host('A') } }
       class B { constructor() { this.made = host('B') } }
       class C extends A {}
       Object.setPrototypeOf(C, B)
       return [new C().made, new C() instanceof A, new C() instanceof B]`,
      ['B', true, false],
    ));

  it('refuses to call what is no constructor any more', () =>
    comesTo(
      `class A { constructor() { host(1) } }
       class C extends A { constructor() { super(host('argument')) } }
       Object.setPrototypeOf(C, () => {})
       try { new C() } catch (error) { return error.name }`,
      'TypeError',
    ));
});

describe('constructing', () => {
  it('needs new of classes, and refuses new of what has no constructor', () =>
    comesTo(
      `class Own { constructor() { host(1) } method() { return host(1) } static make() { return host(1) } get g() { return host(1) } }
       const told = []
       for (const act of [() => Own(), () => Own.call({}), () => new Own.prototype.method(), () => new Own.make(), () => new (() => host(1))(), () => new (async function () { host(1) })(), () => new (function* () { yield host(1) })(), () => new Math.max(), () => new (Object.getOwnPropertyDescriptor(Own.prototype, 'g').get)()])
         try { act(); told.push('made') } catch (error) { told.push(error.name) }
       return told.length === 9 && told.every((name) => name === 'TypeError')`,
      true,
      [],
    ));

  it('tells new.target through calls of super, arrows and Reflect', () =>
    comesTo(
      `class Parent { constructor() { this.name = (() => new.target.name)(); host(1) } }
       class Child extends Parent {}
       function Plain() { return [new.target === undefined, host(2)] }
       return [new Parent().name, new Child().name, Reflect.construct(Parent, [], Child).name, Plain()]`,
      ['Parent', 'Child', 'Child', [true, 2]],
    ));

  it('takes bound classes and functions, also those bound twice, with what was bound first', () =>
    comesTo(
      `class Own { constructor(...args) { this.args = host(args); this.target = new.target === Own } }
       function Plain(...args) { this.args = host(args) }
       const Once = Own.bind('ignored', 1), Twice = Once.bind(null, 2), Bound = Plain.bind(null, 1).bind(null, 2)
       return [{ ...new Once(5) }, { ...new Twice(5) }, new Twice() instanceof Once, { ...new Bound(3) }, new Once() instanceof Own]`,
      [{ args: [1, 5], target: true }, { args: [1, 2, 5], target: true }, true, { args: [1, 2, 3] }, true],
    ));

  it('takes its prototype from new.target when it begins', () =>
    comesTo(
      `function Plain() { host(1) }
       Plain.prototype = { mark: 'changed' }
       const bare = function () { host(2) }
       bare.prototype = 5
       return [new Plain().mark, Object.getPrototypeOf(new bare()) === Object.prototype]`,
      ['changed', true],
    ));

  it('extends null and functions, and refuses other parents', () =>
    comesTo(
      `function Parent(a) { this.a = host(a) }
       Parent.prototype.hi = function () { return host('hi ' + this.a) }
       class Child extends Parent { constructor() { super(1) } }
       const told = [new Child().hi(), Object.getPrototypeOf((class extends null {}).prototype)]
       for (const parent of [5, {}, () => 1, 'text', undefined, Math.max]) try { (class extends parent { m() { return host(1) } }); told.push('made') } catch (error) { told.push(error.name) }
       try { new (class extends null { constructor() { super(host(1)) } })() } catch (error) { told.push(error.name) }
       return told`,
      ['hi 1', null, ...Array.from({ length: 7 }, () => 'TypeError')],
    ));

  it('of built-ins by subclasses keeps what they are', () =>
    comesTo(
      `class List extends Array { sum() { return this.reduce((a, b) => host(a + b), 0) } }
       class Failure extends TypeError { constructor(message) { super(message, { cause: host('cause') }); this.own = true } }
       class When extends Date { constructor() { super(host(0)) } year() { return this.getUTCFullYear() } }
       const failure = new Failure('m')
       return [List.of(1, 2).sum(), new List(3).length, Array.isArray(new List()), failure instanceof TypeError, failure.cause, String(failure), new When().year()]`,
      [3, 3, true, true, 'cause', 'TypeError: m', 1970],
    ));
});

describe('what is wrong with a class', () => {
  it('that inherits from a name not yet known is a ReferenceError', () =>
    fails(
      'host(1); class Child extends Parent {} class Parent {}',
      "ReferenceError: Cannot access 'Parent' before initialization",
      [1],
    ));

  it('in a field stops constructing there', () =>
    comesTo(
      `class Own { a = log('a'); b = host(null).member; c = log('never') }
       try { new Own() } catch (error) { return error.name }`,
      'TypeError',
      ['a', null],
    ));

  it('in a static part leaves its name unusable', () =>
    comesTo(
      `let read
       try { class Own { static f = (read = () => Own, host(1)); static { throw new RangeError(host('static')) } } } catch (error) { log(error.name) }
       try { read() } catch (error) { return error.name }`,
      undefined,
      [1, 'static', 'RangeError'],
    ));
});
