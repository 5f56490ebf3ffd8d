// Programs as people write them, of several lines each: what they show must not depend on whether, where and how long the host waits.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the programs contain templates
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flavour } from '../../src/script/compiler/compare-with-plain.ts';
import { describeDifferences, findDifferences, isValid, MODES } from './differences.ts';

/** By what they try; each a list of bodies of functions. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'semicolons that are not written': [
    `
      let a = host(1)
      let b = host(2)
      const list = [a, b]
      ;[a, b] = [b, a]
      ;(function () { log(a) })()
      let c = a
      ++b
      const d = () => {
        return
        host('never')
      }
      let e = list
      [0]
      return [a, b, c, d(), e]`,
    `
      const f = host
      (1)
      const g = (x) => x
      const t = g
      ` +
      '`a${host(2)}`' +
      `
      let n = 1
      const m = n
      / host(3) / 1
      return [typeof f, t, m]`,
    `
      let i = 0
      do i++; while (host(i) < 3) log(i)
      for (var k of [1, 2]) if (host(k)) log('k')
      else log('never')
      var yes = host(true)
      if (yes) ; else log('no')
      outer:
      while (true)
        for (;;)
          break outer
      return i`,
    `
      class A {
        a = host(1)
        'b' = 2
        static
        c = host(3)
        get
        d() { return host(4) }
        *e() { yield host(5) }
        get
        ;set
        ;static
      }
      const x = new A()
      return [Object.keys(x), Object.keys(A), x.d, typeof A.prototype.e]`,
    `
      const o = {
        async: host(1), get: 2, set: 3, static: 4, of: 5, await: 6, yield: 7, let: 8,
        async await() { return host(9) }
      }
      const { async, get, set, of } = o
      var from = async
      return [async, get, set, of, from, typeof o.await, o.yield, o.let]`,
  ],
  'names that are written otherwise': [
    String.raw`const \u0061b = host(1); const \u{62}c = host(2); return [ab, bc, \u{61}\u0062 + b\u{63}]`,
    String.raw`const o = { \u0061: host(1), 'b\u0063': 2, ["d\x65"]: 3, 0x10: 4, 1e3: 5, .5: 6, 2_000: 7 }; o.\u{66} = host(8); return [o, o.f, o[16], o[1000], o["0.5"]]`,
    String.raw`class \u0041 { #p\u0071 = host(1); \u0067et() { return this.#\u0070q } static \u{73} = host(2) } return [new A().get(), A.s, A.name]`,
    `const ünïcödé = host('ü'), 変数 = host(2), $ = host(3), _ = host(4), ಠ_ಠ = host(5), ℮ = 6; return [ünïcödé, 変数, $, _, ಠ_ಠ, ℮, { ünïcödé, 変数 }]`,
    String.raw`l\u0061bel: for (const x of [1, 2]) { for (const y of [1, 2]) { if (host(y) === 2) continue label; if (x === 2) break l\u{61}bel; log(x) } } return 1`,
    `const $e = host(1), $s = host(2), $p = 3, $v = 4, $w = 5, $a = 6, $t = 7, $m = 8, $o = 9, $g = 10, $d = 11; const f = ($0, $1 = host($0)) => [$0, $1, $e, $s, $p, $v, $w, $a, $t, $m, $o, $g, $d]; return f(12)`,
    `const runtime = host(1), module = 2, exports = 3, host2 = host, arguments_ = 4, eval_ = 5, undefined_ = 6; return ((undefined) => [undefined, host2(runtime), module, exports, arguments_, eval_, undefined_])(host(7))`,
    `const NaN_ = ((NaN, Infinity) => [NaN, Infinity, host(NaN)])(1, 2); const Array = host(3), Object_ = Object, Promise = 4; return [NaN_, Array, Promise, [1].map((Map) => host(Map)), Object_.keys({ a: 1 })]`,
  ],
  'loops in generators, with labels': [
    `
      function* rows(n) {
        outer: for (let i = 0; i < n; i++) {
          try {
            for (let j = 0; ; j++) {
              if (j === 2) continue outer
              const sent = yield host([i, j].join())
              if (sent === 'next') continue outer
              if (sent === 'stop') break outer
            }
          } finally { log(host('row ' + i)) }
        }
        return host('end')
      }
      const it = rows(4)
      return [it.next(), it.next(), it.next('next'), it.next(), it.next('next'), it.next('stop'), it.next()]`,
    `
      function* inner() { try { yield host(1); yield host(2) } finally { yield host('cleaning'); log('cleaned') } }
      function* outer() { const r = []; for (const x of inner()) { r.push(x); if (host(x) === 1) { yield r; continue } yield x } return r }
      const a = outer(); const seen = [a.next(), a.return('early'), a.next()]
      const b = inner(); seen.push(b.next(), b.return('r'), b.next(), b.next())
      const c = inner(); c.next(); try { c.throw(new Error('t')); seen.push(c.next()) } catch (e) { seen.push(e.message) }
      return seen`,
    `
      function* fib() { let [a, b] = [host(0), host(1)]; for (;;) { yield a; [a, b] = [b, a + b] } }
      const take = (n, it) => { const r = []; for (const x of it) { if (r.length === n) break; r.push(x) } return r }
      function* zip(...its) { its = its.map((i) => i[Symbol.iterator]()); while (true) { const r = its.map((i) => i.next()); if (r.some((x) => x.done)) return host('done'); yield r.map((x) => x.value) } }
      const [first, , third = host('d'), ...rest] = take(6, fib())
      return [first, third, rest, [...zip([1, 2, 3], take(2, fib()), 'abc')]]`,
    `
      const g = { *[Symbol.iterator]() { yield* [host(1), [host(2), host(3)]] } }
      const tree = { v: 1, c: [{ v: 2, c: [{ v: 3, c: [] }] }, { v: 4, c: [] }], *[Symbol.iterator]() { yield host(this.v); for (const c of this.c) yield* tree[Symbol.iterator].call(c) } }
      let n = 0
      for (const [a = host('a'), b = host('b')] of [[...g], [undefined, 5], []]) { n++; if (n === 2) continue; log([a, b]) }
      return [...tree]`,
    `
      function* f() { let x = yield* g(); try { x = yield host(x) } catch (e) { x = yield host(e.message) } finally { yield 'f' } return x }
      function* g() { try { return yield host('g') } finally { log('g over') } }
      const a = f(); const r = [a.next(), a.next('to g'), a.throw(new Error('in f')), a.next('last'), a.next(), a.next()]
      return r`,
    `
      const o = { n: 2, *m() { const { n } = this; for (let i = n; i--; ) yield [i, host(this === o), arguments.length, new.target === undefined] } }
      class K { static *s(x = host('dflt'), { y = x } = {}) { yield x; yield y; yield super.toString === Function.prototype.toString } *[host('comp')]() { yield host(5) } }
      return [[...o.m(1, 2)], [...K.s()], [...K.s(1, { y: 3 })], [...new K().comp()]]`,
  ],
  'classes and what belongs to them': [
    `
      const order = []
      const key = (k) => (order.push(k), host(k))
      class A { [key('a')] = order.push('fa'); static [key('b')] = order.push('sb'); get [key('c')]() { return host('gc') } set [key('c')](v) { order.push(v) } static { order.push('block ' + host(this.b)) } static [key('d')]() { return new.target } }
      const a = new A(); a.c = host('set')
      return [order, a.a, a.c, A.b, A.d()]`,
    `
      class Temp { #c = 0; static #made = 0; static from(f) { const t = new Temp(); t.f = f; return t }
        constructor() { Temp.#made++ } get f() { return host(this.#c * 9 / 5 + 32) } set f(v) { this.#c = (host(v) - 32) * 5 / 9 }
        static get made() { return host(Temp.#made) } #priv() { return host('p') } get #acc() { return this.#c } set #acc(v) { this.#c = host(v) }
        bump() { this.#acc += 10; this.#acc++; ++this.#acc; this.#acc **= 1; this.#acc ||= host(99); this.#acc &&= host(7); this.#acc ??= 1; return [this.#acc, this.#priv?.(), this?.#c, #priv in this] } }
      const t = Temp.from(212)
      return [t.f, t.bump(), t.f, Temp.made, (() => { try { Temp.prototype.bump.call({}) } catch (e) { return e.name } })()]`,
    `
      class A { who = host('A'); hi() { return this.who + host('!') } static make(...a) { return new this(...a) } toString() { return '<' + this.hi() + '>' } }
      class B extends A { who = super.hi?.() ?? 'none'; hi() { return [super.hi(), super['hi'](), super.nope?.()].join() } get [Symbol.toStringTag]() { return host('tag') } }
      class C extends (host(B)) { constructor(...args) { const f = () => super(...args); f(); return host(null) ?? this } static make() { return super.make(1, 2) } }
      const c = C.make()
      return [c.hi(), String(c), c + '', Object.prototype.toString.call(c), c.constructor.name, C.length, B.prototype.hi.name]`,
    `
      const log2 = []
      function Mixin(Base) { return class extends Base { constructor(...a) { super(...a); log2.push(host('mixin')) } both() { return super.both?.() + host('m') } } }
      class Root { both() { return host('root') } }
      class Leaf extends Mixin(Mixin(Root)) { both() { return super.both() + '.' } }
      const l = new Leaf()
      return [l.both(), log2, l instanceof Root, Leaf.name, Object.getPrototypeOf(Leaf).name]`,
    `
      class Counter { static #instances = new Map(); static of(k) { let c = Counter.#instances.get(k); if (!c) Counter.#instances.set(k, c = new Counter(k)); return c }
        constructor(k) { this.k = k; this.n = host(0) } inc(by = host(1)) { this.n += by; return this } valueOf() { return host(this.n) } toJSON() { return { [this.k]: host(this.n) } } }
      Counter.of('a').inc().inc(5); Counter.of('b').inc()
      return [Counter.of('a') > Counter.of('b'), Counter.of('a') + Counter.of('b'), JSON.stringify([Counter.of('a'), Counter.of('b')]), +Counter.of('a'), Counter.of('a') == 6]`,
    `
      const r = []
      class P { constructor() { r.push(new.target.name); this.init?.() } }
      class Q extends P { f = host('field'); init() { r.push(this.f); r.push(host('init')) } }
      new Q(); new P()
      const made = Reflect.construct(P, [], Q); r.push(made instanceof Q, made.f)
      try { Q() } catch (e) { r.push(e.name) }
      try { new (class extends Q { constructor() { } })() } catch (e) { r.push(e.name) }
      try { new (class extends Q { constructor() { super(); super() } })() } catch (e) { r.push(e.name) }
      return r`,
    `
      let o = { a: 1, get b() { return host(this.a) }, set b(v) { this.a = host(v) * 2 }, __proto__: { get inherited() { return host(this.a + 100) }, set inherited(v) { this.a = v } } }
      o.b = 5; o.inherited += 1; o.b--; ({ b: o.a } = { b: host(3) }); [o.b] = [4]; for (o.b of [1, 2]) log(o.b)
      const { b, inherited = 9, ...rest } = o; const copy = { ...o, b: 0 }
      delete o.b; o?.b; o.b ??= host(7)
      return [b, inherited, rest, copy, o.b, Object.entries(o)]`,
  ],
  'defaults and patterns that wait': [
    `
      const f = ({ a = host('a'), b: { c = host('c'), ...d } = { c: host('cc'), e: 1 }, [host('key')]: k = a + c } = {}, [x, , y = x, ...[z = host('z')]] = [host('x')], ...{ length: n = host('n') }) => [a, c, d, k, x, y, z, n]
      return [f(), f({ a: 1, b: {}, key: 2 }, [3, 4, 5, 6], 7, 8), f.length]`,
    `
      let a, b, c; const o = {}
      ;[a = host(1), [b = host(2)] = [], { c = host(3), ...o.rest } = { d: 4 }] = []
      ;({ [host('k')]: o.k = host(5), x: [o.x0, o['x' + host(1)] = host(6)] } = { x: [7] })
      ;[a, b] = [b, a]; [o.k, ...o.more] = [host(8), 9, 10]; [[[[c]]]] = [[[[host(11)]]]]
      const r = []; for ({ a, b = host(a) } of [{ a: 1 }, { a: 2, b: 3 }]) r.push([a, b]); for ([a = host('fa')] of [[], [1]]) r.push(a); for (const { length = 5, [length - 1]: last } of ['ab', [1, 2, host(3)]]) r.push(last)
      return [a, b, c, o, r]`,
    `
      const it = (name, n) => ({ [Symbol.iterator]() { let i = 0; return { next() { log(name + ' next'); return { value: i, done: i++ >= n } }, return() { log(name + ' return ' + host(i)); return {} } } } })
      const [a, b = host('b')] = it('one', 1); const [c] = it('two', 5); const [...d] = it('three', 2); const [] = it('four', 3); const [, , e = host('e')] = it('five', 2)
      let x; try { [x = (() => { throw new Error(host('boom')) })()] = it('six', 0) } catch (err) { log(err.message) }
      try { const [{ y }] = it('seven', 1), [{ z }] = it('eight', 0) } catch (err) { log(err.name) }
      return [a, b, c, d, e]`,
    `
      function f(a, b = () => host(a), c = function () { return arguments.length + host(a) }, d = class { static v = host(a) }) { a = 10; var e = b(); { function a2() { return host(e) } } return [a, b(), c(1, 2), d.v, a2(), arguments.length, arguments[0]] }
      const g = (a, b = a++, c = host(a)) => { var a; return [a, b, c] }
      const h = function self(n = host(3), again = self) { return n <= 0 ? [again === self] : [n, ...again(n - host(1))] }
      return [f(1), g(1), h(), f.length, h.length]`,
    `
      const r = []
      for (const f of [() => { const { a } = host(null) }, () => { const [a] = host({}) }, () => { let { x: { y } } = { x: host(undefined) } }, () => { (({ q }) => q)() }, () => { const [[z]] = [host(null)] }, () => { for (const { p } of [null]) host(p) }, () => { let v = v + host(1) }, () => { ({ a: [] } = { a: host(1) }) }])
        try { f(); r.push('none') } catch (e) { r.push(e.name) }
      return r`,
    `
      const deep = (o, ...path) => path.reduce((v, k) => v?.[k] ?? host(k), o)
      const merge = ({ ...a }, { ...b } = host({})) => ({ ...a, ...b, ...(host(false) && { no: 1 }), ...(host(true) && { yes: 1 }), ...null, ...'ab', ...[host('x')] })
      return [deep({ a: { b: 0 } }, 'a', 'b'), deep({}, 'a', 'b'), merge({ q: 1 }), Math.max(...[1, host(9)], ...new Set([3, host(4)]), ...(function* () { yield host(11) })())]`,
  ],
  'what stops, and what is done on the way out': [
    `
      const f = (n) => { l: try { try { if (n === 1) return host('r'); if (n === 2) throw new Error(host('t')); if (n === 3) break l; log('through') } catch (e) { log(e.message); if (n === 2) return host('caught') } finally { log(host('inner ' + n)); if (n === 4) return 'overridden' } } finally { log(host('outer ' + n)) } return 'after' }
      return [0, 1, 2, 3, 4].map(f)`,
    `
      const r = []; let i = 0
      a: for (;;) { try { for (;;) { try { if (host(i++) < 3) continue a; break a } finally { r.push('f' + i); if (i === 2) continue a } } } finally { r.push(host('g' + i)) } }
      b: do { try { continue b } finally { r.push('h'); if (host(i) > 100) break b } } while (host(i++) < 6)
      return r`,
    `
      const e1 = new Error('one'); const r = []
      try { try { throw e1 } catch (e) { throw new Error(host('two'), { cause: e }) } finally { r.push(host('f')) } } catch ({ message, cause: { message: inner } }) { r.push(message, inner) }
      try { throw host(undefined) } catch (e) { r.push(e === undefined) } try { throw null } catch { r.push(host('no binding')) }
      try { null.x(host(1)) } catch (e) { r.push(e.name) } try { undefined[host('k')] } catch (e) { r.push(e.name) } try { (void 0)?.x.y(host('skipped')); r.push('fine') } catch (e) { r.push(e.name) }
      try { new (host(1)) } catch (e) { r.push(e.name) } try { host(2)() } catch (e) { r.push(e.name) } try { [].reduce((a) => host(a)) } catch (e) { r.push(e.name) } try { null[Symbol.iterator] } catch (e) { r.push(e.name) } try { [...host(5)] } catch (e) { r.push(e.name) }
      return r`,
    `
      const x = 1; const f = () => { switch (host(x)) { case 0: return 'zero'; case 1: { const x = host(2); switch (x) { case 2: if (host(0)) break; { let x = host(3); log(x); break } default: log('never') } log(x) } case 5: log('fell'); default: try { return host('d') } finally { log('fin') } } }
      return f()`,
    `
      const once = (f) => { let done = false; return function (...a) { if (done) return; done = true; return f.apply(this, a) } }
      const retry = (n, f) => { for (let i = 1; ; i++) try { return f(i) } catch (e) { if (i === n) throw e; log(e.message + host(i)) } }
      const o = { v: 1, go: once(function (x) { return [this.v, host(x)] }) }
      const r = [o.go(5), o.go(6), retry(3, (i) => { if (host(i) < 3) throw new Error('try '); return i })]
      try { retry(2, (i) => { throw new RangeError('all ' + host(i)) }) } catch (e) { r.push(e.name, e.message) }
      return r`,
  ],
  'operators between which something waits': [
    `let x = 1; const r = [x + host(x = 5) + x, x++ + host(x) + x--, (-x) ** 0 === host(1), x = host(2), x += x += host(3), (x, host(x)), x ? host('t') : host('f'), !host(0), typeof host(1), void host(2), x << host(1), host(7) & 3 | 8, host(5) % 3, 2 ** host(3) ** 2]; return [r, x]`,
    `const o = { n: 1, get g() { log('get'); return this.n }, set g(v) { log('set ' + v); this.n = v } }; o.g += host(2); o.g++; o.g **= host(2); o.g ??= host('no'); o.g &&= host(3); o.g ||= host('no'); o[host('g')] -= host(1); const p = (k) => (log('key'), o); p().g = host(9); p()[host('n')] *= host(2); delete p()[host('n')]; return o`,
    `const a = [1, 2, 3]; let i = 0; a[i++] = host(i); a[i++] += host(i++) + i; a[host(i - 3)] ||= 7; a.length = host(2); const [p = i = 9] = []; return [a, i, p, a[host(0)]?.[host('toString')]?.(), a?.[host(5)]?.x[host('never')], a.at?.(host(-1))]`,
    `const n = host(null); return [n ?? host('d'), n?.a.b.c(host('never')), (() => { try { return (n?.a).b } catch (e) { return e.name } })()]`,
    `const b = (v) => { log('b ' + v); return host(v) }; return [b(1) < b(2) === b(true), b('a') in { a: b(1) }, [] instanceof b(Array), b(1) == b('1'), b(null) == b(undefined), b(NaN) != b(NaN), b(10n) > b(9), b('b') > b('a') && b('x') || b('y'), b(1) + b('2') - b(3), b([]) + b({}), [b(3), b(1)] + '']`,
    `let s = ''; for (const c of 'añ😀') s += host(c) + c.length; const t = (s, ...v) => s.raw.join('|') + v.join(); return [s, t` +
      '`\\u{41}${host(1)}\\n${`in ${host(2)}`}`' +
      `, ` +
      '`${host(1)}${host(2)}`' +
      `, 'a' + host('b') + 'c', host('x')[0], host('abc').at(-1), host('a-b').split('-').map((p) => host(p)).join('+')]`,
  ],
  'functions that are given away': [
    `
      const pipe = (...fs) => (x) => fs.reduce((v, f) => f(v), x); const curry = (f) => function c(...a) { return a.length >= f.length ? f(...a) : (...b) => c(...a, ...b) }
      const memo = (f, m = new Map()) => (k) => m.has(k) ? m.get(k) : (m.set(k, f(k)), m.get(k)); const slow = memo((k) => host(k * 2))
      return [pipe((x) => x + 1, host, (x) => x * 2)(1), curry((a, b, c) => host(a + b + c))(1)(2)(3), slow(2), slow(2), slow(3), [3, 1, 2].sort((a, b) => host(a) - b), [1, 2].map(host), ['1', '2'].map(Number).map((x) => host(x))]`,
    `
      const debounceLike = (() => { let calls = 0; return { call: () => ++calls, get count() { return host(calls) } } })()
      const table = { get: (k) => host('get ' + k), post: function (k) { return this === table ? host('post ' + k) : 'lost' }, ['del' + 'ete'](k) { return host('delete ' + k) } }
      const names = ['get', 'post', 'delete']; const r = names.map((n) => table[n](1)); const { post } = table; r.push(post?.(2), (0, table.post)(3), table.post.call(table, 4), Reflect.apply(table.post, table, [5]), [6].map(table.post, table)[0], table.post.bind(table, 7)())
      debounceLike.call(); return [r, debounceLike.count]`,
    `
      const store = (() => { let s = { n: host(0) }; const subs = new Set(); return { sub: (f) => (subs.add(f), () => subs.delete(f)), set: (p) => { s = { ...s, ...(typeof p === 'function' ? p(s) : p) }; for (const f of subs) f(s) }, get: () => s } })()
      const seen = []; const off = store.sub(({ n }) => seen.push(host(n))); store.set({ n: 1 }); store.set(({ n }) => ({ n: host(n) + 1, m: host('m') })); off(); store.set({ n: 9 })
      return [seen, store.get()]`,
    `
      const walk = (v, f, path = []) => Array.isArray(v) ? v.map((x, i) => walk(x, f, [...path, i])) : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, x]) => [host(k), walk(x, f, [...path, k])])) : f(v, path.join('.'))
      const groups = Object.groupBy([1, 2, 3, 4], (n) => (host(n) % 2 ? 'odd' : 'even')); const m = Map.groupBy(['a', 'bb'], (s) => host(s.length))
      return [walk({ a: [1, { b: 2 }], c: null }, (v, p) => host(p + '=' + v)), groups, [...m], [[1, [2]]].flat(host(Infinity)), Array.from({ length: 3 }, (_, i) => host(i)), [5, 6].entries().toArray().map(([i, v]) => host(i + v))]`,
  ],
  'asynchronous code among what waits': [
    `
      const wait = (v) => new Promise((done) => done(host(v)))
      const f = async (n) => { let sum = 0; for await (const x of [wait(1), 2, wait(n)]) { if (x === 2) continue; sum += host(x) } return sum }
      return (async () => { const r = []; for (const n of [3, 4]) r.push(await f(n)); return r })()`,
    `
      return (async () => { const r = []; try { await Promise.reject(new TypeError(host('no'))) } catch ({ name, message }) { r.push(name, message) } finally { r.push(await host('fin')) }
        const { a = await host('a'), b = await Promise.resolve(host('b')) } = await { }; r.push(a, b, await (async () => host('inner'))(), (await [host(1)])[0], typeof await null)
        label: for (let i = 0; ; i++) { switch (await host(i)) { case 0: continue; case 1: break; case 2: break label } r.push(i) }
        return r })()`,
    `
      async function* pages(n) { try { for (let p = 1; p <= n; p++) { const cmd = yield host('page ' + p); if (cmd) log(cmd) } } finally { await null; log(host('closed')) } }
      return (async () => { const seen = []; for await (const p of pages(5)) { seen.push(p); if (seen.length === 2) break } const it = pages(2); seen.push(await it.next(), await it.next('cmd'), await it.next(), await it.return(5)); return seen })()`,
    `
      const all = (...fs) => Promise.allSettled(fs.map((f) => f())).then((l) => l.map((x) => x.status + (x.value ?? x.reason)))
      return all(() => Promise.resolve(host(1)), () => ({ then(y) { y(host(5)) } }), () => new Promise((y, n) => { y(host(3)); n(4) }), () => new Promise((y, n) => { n(host(2)); y(4) })).then(async (l) => [...l, await Promise.race([host(6), new Promise(() => {})]), await Promise.any([host(7)])])`,
    `
      class Q { #items = []; #run = Promise.resolve(); add(f) { return (this.#run = this.#run.then(async () => { const v = await f(); this.#items.push(host(v)); return this.#items.length })) } }
      const q = new Q(); return (async () => { const n = await q.add(() => host('a')); return [n, await q.add(async () => 'b'), await q.add(() => Promise.resolve('c'))] })()`,
  ],
};

const FLAVOURS: readonly Flavour[] = ['mixed', 'microtask', 'timer'];

/** The same numbers each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const [what, programs] of Object.entries(PROGRAMS))
  describe(`whole programs: ${what}`, () => {
    const cases = programs.map((snippet) => ({ name: snippet, snippet }));
    for (const [turn, mode] of MODES.entries())
      it(`in mode ${mode}`, async () => {
        for (const { snippet } of cases) assert.ok(isValid(snippet), snippet);
        const { differences } = await findDifferences(cases, {
          modes: [mode],
          flavour: FLAVOURS[turn]!,
          random: createRandom(turn),
        });
        assert.equal(differences.length, 0, describeDifferences(differences));
      });
  });
