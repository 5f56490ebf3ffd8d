// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the snippets contain templates
/** Snippets whose compiled form must do exactly what the plain one does: name → body of a function that uses `host` and `log`. */
export const SNIPPETS: Readonly<Record<string, string>> = {
  'calls in arguments, nested': 'const f = (a, b) => a + b; return f(f(host(1), host(2)), f(host(3), f(host(4), 5)))',
  'a sequence as an argument is one argument':
    'const f = (...a) => a.length; return [f((host(1), host(2))), f((1, 2), 3)]',
  'method calls keep their receiver':
    'const o = { n: 2, m(x) { return this.n * host(x) } }; const { m } = o; let e; try { m(1) } catch (x) { e = x.name } return [o.m(3), o["m"](4), (o.m)(5), e]',
  'optional calls and chains':
    'const o = { a: { f(x) { return [this === o.a, host(x)] } }, n: null }; return [o?.a?.f?.(1), o.n?.f(host(9)), o.b?.(host(8)), o.n?.x.y.z(host(7)), (o?.a.f)(2), o.a?.["f"]?.(host(3)), delete o?.a?.zz]',
  'optional call on a function value': 'let f = (x) => host(x); let g; return [f?.(1), g?.(host(2)), f?.(f?.(3))]',
  'what is not a function is named':
    'const o = {}; const r = []; for (const f of [() => o.zip(host(1)), () => undefinedThing, () => o.x.y(), () => { let q = 5; q(host(2)) }]) { try { f() } catch (e) { r.push(e.name) } } return r',
  'spread, rest and arguments':
    'function f(a, ...r) { return [a, r, arguments.length, host(r.length)] } const xs = [1, 2]; return [f(...xs, 3), f(...[host(4)], ...xs), f.length]',
  'default parameters see earlier ones':
    'function f(a = host(1), b = a + host(2), { c = host(b), d } = { d: host(9) }, [e = host(10)] = []) { return [a, b, c, d, e] } return [f(), f(5), f(1, 2, {}, [3])]',
  'a default that reads a later parameter':
    'const f = (x = y, y = host(1)) => x; try { return f() } catch (e) { return e.name }',
  'a body that redeclares a parameter':
    'function f(a = 1, b = host(2)) { var a; var b = b + 1; function c() { return host(a) } return [a, b, c()] } return f()',
  'a destructured parameter of nothing throws':
    'const f = ({ a }) => host(a); try { return f() } catch (e) { return e.name }',
  'finally overrides return':
    'const f = () => { try { return host(1) } finally { host(2) } }; const g = () => { for (;;) { try { return host(3) } finally { break } } }; const h = () => { try { throw host(4) } catch (e) { return host(e) } finally { return host(5) } }; return [f(), g(), h()]',
  'try, catch, rethrow':
    'const r = []; try { try { host(1); throw new TypeError("x") } catch (e) { r.push(e.message); throw new RangeError(host("y")) } finally { r.push(host("f")) } } catch ({ name, message }) { r.push(name, message) } return r',
  'errors of callees, blocked or not':
    'function t(x) { host(x); throw new Error("e" + x) } const r = []; for (const x of [1, 2, 3]) try { t(x) } catch (e) { r.push(e.message) } return r',
  'loops, labels, continue and break':
    'const r = []; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (host(j) === 1) continue outer; if (i === 2) break outer; r.push([i, j]) } } let n = 0; do { n += host(1) } while (host(n) < 3); while (true) { if (host(n--) < 2) break } return [r, n]',
  'closures per iteration':
    'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => host(i)); for (const k of ["a", "b"]) fs.push(() => host(k)); for (const k in { x: 1, y: 2 }) fs.push(() => host(k)); return fs.map((f) => f())',
  switch:
    'const f = (x) => { switch (host(x)) { case host(1): return "one"; case 2: { const y = host(20); return y } default: function inner() { return host("d") } return inner() } }; return [f(1), f(2), f(3)]',
  'hoisted functions, in blocks too':
    'const r = [a(), typeof b]; { r.push(c()); function c() { return host("c") } } function a() { return host("a") } var b = () => host("b"); return [r, b()]',
  'recursion and mutual recursion':
    'function even(n) { return n === 0 ? host(true) : odd(n - 1) } function odd(n) { return n === 0 ? host(false) : even(n - 1) } const fact = function self(n) { return n < 2 ? host(1) : n * self(n - 1) }; return [even(6), odd(4), fact(5), fact.name]',
  'names and lengths':
    'function a(x, y) { return host(1) } const b = (x = 1, y) => host(2); const o = { c() { return host(3) }, d: () => host(4), ["e" + 1]: function () { return host(5) } }; class K { m(a, b, c) { return host(6) } static s() { return host(7) } } return [a.name, a.length, b.name, b.length, o.c.name, o.d.name, o.c.length, new K().m.name, K.prototype.m.length, K.s.name, K.name, typeof a, Object.prototype.toString.call(a), Object.keys(a)]',
  'assignment reads its target first':
    'let t = 1; const ch = (n) => { t = 1000; return host(n) }; t += ch(5); const box = { n: 1 }; box.n += (box.n = 50, host(2)); const l = [10, 20]; let i = 0; l[i++] += host(i); l[host(1)] -= host(1); return [t, box, l, i]',
  'logical assignment and short circuits':
    'const o = { a: null, b: 1 }; o.a ??= host(1); o.b ||= host(2); o.b &&= host(3); return [o, host(0) || host(4), host(0) && host(5), null ?? host(6), host(1) ? host(7) : host(8)]',
  'destructuring with defaults':
    'const { a = host(1), b: { c = host(2) } = {}, ["d" + host(3)]: d = host(4), ...rest } = { d3: 5, z: 6 }; let x, y; ({ x = host(7), y } = { y: host(8) }); [x, y = host(9), ...d2] = [host(10)]; var d2; return [a, c, d, rest, x, y, d2]',
  'templates and tags':
    'const tag = (s, ...v) => s.raw.join("|") + v.map((x) => host(x)); const seen = []; const keep = (s) => { seen.push(s); return host(1) }; for (let i = 0; i < 2; i++) keep`x${i}`; const o = { p: 1, tag(s) { return this.p + s[0] + host(2) } }; return [tag`a${host(1)}b${2}c`, seen[0] === seen[1], o.tag`q`, `${host(3)}-${host(4)}`]',
  'new: functions, classes, natives':
    'function P(x) { this.x = host(x) } P.prototype.get = function () { return host(this.x) }; class Q { constructor(y) { this.y = host(y) } } const p = new P(1); return [p, p.get(), p instanceof P, new Q(2), new Date(5).getTime(), new Map([[1, host(2)]]).get(1), new Error("m").message, new (class { z = host(9) })().z]',
  'a constructor that returns an object':
    'function F() { return { o: host(1) } } class G { constructor() { host(2); return { g: 1 } } } class H extends G { h = host(3) } return [new F(), new G(), new H()]',
  'inheritance in order':
    'const r = []; class A { f = r.push(host("Af")); constructor(n) { r.push(host("A" + n)); this.k = new.target.name } m() { return host("Am") } static s() { return host("As") } } class B extends A { g = r.push(host("Bg")); constructor() { const n = host("n"); super(n); r.push(host("B")) } m() { return super.m() + host("Bm") } static s() { return super.s() + "B" } } class C extends B {} const c = new C(); return [r, c, c.m(), C.s(), c instanceof A, Object.getPrototypeOf(A) === Function.prototype, A.name]',
  'extends a native':
    'class E extends Error { constructor(m, s) { super(m); this.name = "E"; this.s = host(s) } } class L extends Array { sum() { return this.reduce((a, b) => a + host(b), 0) } } const e = new E("x", 1); return [e.message, e.s, e instanceof E, e instanceof Error, String(e), L.from([1, 2]).sum(), new L(3).length]',
  'private members':
    'class A { #x = 1; static #n = 0; #m(a) { return host(a) + this.#x } get #g() { return host(this.#x) } set #g(v) { this.#x = host(v) } static #s() { return host(++A.#n) } run() { this.#g = 5; return [this.#m(1), this.#g, A.#s(), A.#s(), #x in this, this.#m === this.#m] } } return new A().run()',
  'static blocks and fields':
    'const r = []; class A { static a = r.push(host(1)); static { this.b = host(2); r.push("block") } static #p = host(3); static get p() { return this.#p } static c = () => host(this.b) } return [r, A.a, A.b, A.p, A.c()]',
  'anonymous classes are named by their place':
    'const K = class { constructor() { this.v = host(1) } }; const o = { M: class extends K {} }; return [K.name, o.M.name, new o.M().v, (class { constructor() { host(2) } }).name]',
  'super in a constructor called from an arrow':
    'class A { constructor(x) { this.x = host(x) } } class B extends A { y = host("y"); constructor() { const go = () => super(host(4)); go(); this.z = host(this.x) } } let e; try { new (class extends A { constructor() { host(1); this.q = 1 } })() } catch (x) { e = x.name } return [new B(), e]',
  'computed and symbol members':
    'const s = Symbol("q"); class A { ["m" + host(1)]() { return host(2) } [s]() { return host(3) } static [Symbol.for("z")]() { return host(4) } } const a = new A(); const o = { ["k" + host(5)]() { return host(6) }, [s]: () => host(7) }; return [a.m1(), a[s](), A[Symbol.for("z")](), o.k5(), o[s](), a[s].name]',
  'super in object methods':
    'const base = { hi() { return host("base") } }; const o = { __proto__: base, hi() { return super.hi() + host("o") } }; return [o.hi(), o.hi.name]',
  'getters and setters':
    'class A { #b = 0; static get lim() { return host(500) } get bal() { return host(this.#b) } set bal(v) { this.#b = host(v) + 1 } } const l = { base: 4, get twice() { return host(this.base) * 2 }, set stored(v) { this.base = host(v) } }; const r = [l.twice]; l.stored = 9; const a = new A(); a.bal = 10; a.bal += 5; a.bal++; const k = "twice"; class B extends A { get bal() { return super.bal + host(100) } } return [r, l.twice, A.lim, a.bal, (({ twice }) => twice)(l), { ...l }, Object.values(l), new B().bal, l?.twice, `${l.twice}`]',
  'accessors defined at run time':
    'const o = Object.defineProperty({}, "now", { enumerable: true, get: () => host(77), set(v) { log(host(v)) } }); o.now = 3; const k = "now"; return [o.now, o[k], `${o.now}`, { ...o }, Object.values(o), (({ now }) => now)(o), JSON.stringify(o), Reflect.get(o, "now"), Object.assign({}, o)]',
  'a getter that throws':
    'const o = { get x() { host(1); throw new TypeError("no") } }; const r = []; try { o.x } catch (e) { r.push(e.message) } const p = { get y() { return host(2) } }; r.push(p.y); return r',
  'array callbacks':
    'const l = [3, 1, 2]; return [l.map((x) => host(x) * 2), l.filter((x) => host(x) > 1), l.reduce((a, x) => a + host(x), 10), l.find((x) => host(x) < 3), l.some((x) => host(x) === 1), l.every((x) => host(x) !== 1), l.findIndex((x) => host(x) === 2), l.flatMap((x) => [host(x), x]), [...l].sort((a, b) => host(a) - host(b)), l.forEach((x) => host(x)), Array.from(l, (x) => host(x)), l.findLast((x) => host(x) > 1), l.reduceRight((a, x) => a + host(x), "")]'.replace(
      '[...l].sort((a, b) => host(a) - host(b))',
      '[...l].sort((a, b) => a - b)',
    ),
  'collections and strings':
    'const m = new Map([[1, "a"], [2, "b"]]); const r = []; m.forEach((v, k) => r.push(host(k) + v)); new Set([5]).forEach((v) => r.push(host(v))); return [r, "a-b".replace(/[ab]/g, (x) => host(x) + x), JSON.parse("[1,{\\"a\\":2}]", (k, v) => typeof v === "number" ? host(v) * 2 : v), JSON.stringify({ toJSON() { return host("j") } }), JSON.stringify({ a: 1 }, (k, v) => k === "a" ? host(9) : v)]',
  'call, apply, bind, Reflect':
    'function f(a, b) { return [this?.n, host(a), host(b)] } const b = f.bind({ n: 1 }, 2); return [f.call({ n: 3 }, 4, 5), f.apply({ n: 6 }, [7, 8]), b(9), b.call({ n: 0 }, 1), Reflect.apply(f, { n: 2 }, [1, 2]), b.name, Reflect.construct(function (x) { this.x = host(x) }, [5])]',
  'functions as values':
    'const once = (f) => { let d, v; return (...a) => (d ? v : (d = true, v = f(...a))) }; const g = once(host); const t = { a: host, b: [host] }; return [g(1), g(2), t.a(3), t.b[0](4), (true ? host : null)(5), ((f) => f(6))(host), host.name, host.length, typeof host]',
  generators:
    'function* g(a, b) { try { for (let i = a; i <= b; i++) { const s = yield host(i); if (s) log(host(s)) } return host(99) } finally { log(host("end")) } } function* both() { const l = yield* g(1, 2); yield "l" + l; yield* [host(5)] } const seen = []; for (const n of g(1, 9)) { seen.push(n); if (host(n) === 3) break } const [x, y] = g(20, 29); const it = g(1, 3); return [seen, [...g(7, 8)], x, y, it.next(), it.next(42), it.return("r"), it.next(), [...both()], Math.max(...g(1, 3)), g.name, it[Symbol.toStringTag], it instanceof g]',
  'a generator that is thrown into':
    'function* g() { for (;;) { try { yield host(1) } catch (e) { log(host(e)) } } } const i = g(); return [i.next(), i.throw("a"), i.throw("b").value, i.return(5)]',
  'iterators of the program':
    'class R { constructor(n) { this.n = n } [Symbol.iterator]() { let i = 0; const n = this.n; return { next: () => (i < n ? { value: host(i++), done: false } : { value: undefined, done: true }), return() { log(host("closed")); return {} } } } } const r = []; for (const x of new R(2)) r.push(x); for (const x of new R(5)) { if (x) break } const [a] = new R(3); try { for (const x of new R(2)) throw new Error("t") } catch (e) { r.push(e.message) } return [r, a, [...new R(2)], Math.max(...new R(3))]',
  'continue and return in a loop over a generator':
    'function* g() { try { yield* [1, 2, 3, 4] } finally { log(host("fin")) } } const f = () => { for (const x of g()) { if (host(x) === 1) continue; if (x === 3) return "r" + x } }; l: for (const a of g()) { for (const b of g()) { if (b === 2) continue l; if (a === 2) break l } } return f()',
  conversions:
    'const v = (n) => ({ valueOf: () => host(n) }); const s = { toString() { return host("s") } }; const t = { [Symbol.toPrimitive](h) { return host(h) } }; const w = v(2); let c = v(1); c += 5; return [v(1) + 2, v(3) * v(4), `${s}`, s + "x", `${t}`, +v(5), -v(6), v(1) < v(2), v(7) == 7, t + "", String(s), c]',
  'instanceof, in and proxies':
    'class K { static [Symbol.hasInstance](x) { return host(x) === 1 } } const p = new Proxy({ a: 1 }, { get: (t, k) => host(`get ${String(k)}`), has: (t, k) => host(k) === "a", set(t, k, v) { host(`set ${k}`); t[k] = v; return true }, deleteProperty(t, k) { return host(k) === k } }); const q = new Proxy((x) => host(x), {}); const r = new Proxy(function () {}, { apply: (t, s, a) => host(a.length) }); p.z = 4; return [1 instanceof K, 2 instanceof K, p.b, "a" in p, "c" in p, delete p.a, q(5), r(1, 2), (({ m }) => m)(p)]',
  'async functions run to their first await':
    'const work = async (n) => { log(host(n + 1)); log(host(n + 2)); await null; log(host(n + 3)); await Promise.resolve(); log(host(n + 4)); return n }; const a = work("a"); log("between"); const b = work("b"); host("main"); return Promise.all([a, b])',
  'promise callbacks wait for blocking calls':
    'Promise.resolve().then(() => log("p")); host(1); log("after"); [1, 2].forEach((x) => host(x)); log("end"); return Promise.resolve(host(3)).then((x) => host(x + 1)).finally(() => host(0))',
  rejections:
    'const r = []; const f = async (x) => { try { await Promise.reject(new Error(host(x))) } catch (e) { r.push(e.message); host("c") } finally { r.push(host("f")) } return host("ret") }; return f("a").then(async (v) => { try { await (async () => { host(1); throw new TypeError("t") })() } catch (e) { r.push(e.name) } return [r, v] })',
  'promise combinators and thenables':
    'const trail = []; const ask = (n) => { trail.push(">" + n); host(n); trail.push("<" + n); return n }; return (async () => { const started = new Promise((resolve) => { resolve(ask(1)); trail.push("executor") }); trail.push("after"); const one = started.then((n) => ask(n + 1)); const two = Promise.resolve(10).then((n) => ask(n)).then((n) => { throw new Error("at " + ask(n + 1)) }).catch((e) => e.message); const s = await Promise.allSettled([one, two, Promise.reject(1)]); const t = await { then(res) { res(ask(77)) } }; const raced = await Promise.race([Promise.resolve().then(() => ask(5)), Promise.resolve().then(() => ask(6))]); return [s, t, raced, trail] })()',
  'async arrows and methods keep this':
    'class A { n = 1; async m() { await null; const f = async () => { await null; return host(this.n) }; return [await f(), arguments.length] } static async s(x = host(2)) { return x } } const o = { n: 3, async q(...a) { return [host(this.n), a.length] } }; return Promise.all([new A().m(1, 2), A.s(), o.q(1)])',
  'for await':
    'async function* g() { yield host(1); await null; yield host(2) } return (async () => { const r = []; for await (const x of g()) r.push(host(x)); for await (const x of [Promise.resolve(5), 6]) r.push(host(x)); return r })()',
  'a promise as a value is not flattened':
    'const f = () => { host(1); return Promise.resolve(5) }; const p = f(); const g = () => ({ then: 1, v: host(2) }); return [p instanceof Promise, g(), typeof p.then]',
  'shorthands of names that are rewritten':
    'globalThis.zz = host(3); const o = { zz }; const f = ({ zz = host(1) } = {}) => zz; return [o, f(), typeof nothing, typeof zz, "zz" in globalThis]',
  'statements without semicolons':
    'let a = host(1)\n;[1].forEach((x) => host(x))\nlet b = a\nhost(2)\nif (b) host(3)\nelse host(4)\ndo host(5)\nwhile (false)\nhost(6)\nreturn b',
  'internal names do not collide':
    'const $$ = host(1), $$p = host(2), $ = host(3); const $$v = ($$w) => host($$w); return [$$, $$p, $, $$v(4)]',
  'void, comma, typeof, delete':
    'const o = { a: 1, f() { return host(1) } }; return [void host(1), (host(2), host(3)), typeof host(4), delete o[host("a")], !host(0), -host(5), o]',
  'deep nesting of what blocks': 'const f = (n) => (n === 0 ? host(0) : host(n) + f(n - 1)); return f(40)',
  'new.target in a function that blocks':
    'function F(x) { this.n = new.target === F; this.t = typeof new.target; const g = () => new.target?.name; this.v = host(x); this.w = g() } function G() { host(1); return new.target === undefined } function H() { G.call(this); this.g = G.call(this); return F.call(this, 5) } const B = F.bind(null, 9); const r = Reflect.construct(F, [1], class Q {}); class S { constructor() { this.s = host(new.target.name) } } const SB = S.bind(null); return [new F(3), G(), new H(), new B(), r.n, r.constructor.name, new SB() instanceof S, new SB()]',
  'a class that extends a function that blocks':
    'function P(x) { this.x = host(x); this.t = new.target.name } P.prototype.hi = function () { return host(this.x) + 1 }; class C extends P { f = host("f"); constructor(a) { super(a + 1); this.c = host(3) } hi() { return super.hi() + host(10) } } class D extends C {} function O() { host(1); return { other: host(2) } } class E extends O { #q = 1; static is(o) { return #q in o } } const d = new D(4); return [d, d.hi(), d instanceof P, new E(), E.is(new E())]',
  'updates of objects whose conversion blocks':
    'const v = (n) => ({ valueOf() { return host(n) } }); let a = v(1); const r = [a++, a]; let b = v(5); r.push(--b, b); const o = { k: v(7), get g() { return v(host(8)) }, set g(x) { log(x) } }; r.push(o.k++, o.k, ++o.g, o["k"]--); const l = [v(1)]; let i = 0; r.push(l[i++]++, l, i); let big = { valueOf: () => host(5n) }; r.push(big++, big); const c = v(2); try { c++ } catch (e) { r.push(e.name) } r.push(v(2) ** v(3), v(4) << 1, ~v(1), v(1) > v(0), v(2) != 2, v(1) === v(1)); let s = { toString() { return host("s") } }; s += v(2); r.push(s); return r',
  'property keys whose conversion blocks':
    'const k = { toString() { return host("key") } }; const o = { [k]: 1 }; o[k] = 2; const { [k]: x } = o; return [o, o[k], k in o, delete o[k], o, x]',
  'computed reads of getters that block':
    'const o = { get a() { return host("a") }, b: 2, set c(v) { log(host(v)) } }; const r = []; for (const k of ["a", "b"]) r.push(o[k], o?.[k]); const k = "c"; o[k] = 5; const f = (p) => o[p]; r.push(f("a")); class K { static get z() { return host("z") } } r.push(K["z"], K["" + "z"]); return r',
  'computed keys of fields':
    'const made = []; for (const n of [1, 2]) made.push(class { a = 0; [host("k" + n)] = host(n); ["m" + host(n)]() { return host(7) } static [host("s" + n)] = host("sv" + n); [Symbol.for("q")] = host(8); b = host(3); static [host("t")] }); const [A, B] = made; const a = new A(); const b = new B(); const b2 = new B(); return [a, b, b2, Object.keys(a), A.s1, B.s2, Object.keys(B), Reflect.ownKeys(A).map(String), Reflect.ownKeys(a).map(String), a.m1(), b.m2()]',
  'generators evaluate their parameters when they are called':
    'function* g(a = host("default"), [b] = [host(a)], ...c) { log("body"); yield* [a, b, c.length] } const it = g(); log("called"); try { g(1, null) } catch (e) { log(e.name) } return [[...it], [...g(1, [2], 3)], g.length]',
  'async generators evaluate their parameters when they are called':
    'async function* g(a = host("default"), [b] = [host(a)], ...c) { log("body"); yield host(a); yield [b, c, arguments.length] } const fail = (x) => { throw new Error(host(x)) }; async function* bad({ x = fail("no") } = {}) { log("never") } return (async () => { const it = g(); log("called"); const r = []; for (const call of [() => g(1, null), () => bad(), () => bad(null), () => bad(...[{ get x() { return fail("got") } }])]) try { call(); log("went on") } catch (e) { log(e.name + (e.message.length < 9 ? e.message : "")) } for await (const x of it) r.push(x); for await (const x of g(1, [2], 3, 4)) r.push(x); const q = g(5, [6]); r.push(await q.return(7), await q.next()); try { await g(host(8), [9]).throw(new Error("thrown")) } catch (e) { r.push(e.message) } return [...r, g.length, g.name, bad.length] })()',
  'async generators share what their parameters declare with what is declared there':
    'async function* g(a = host(1), up = () => ++a, see = () => a) { yield [a, up(), a, see()]; a = host(10); yield [see(), this === undefined, arguments.length, arguments[0]] } async function* again(a = host(2), f = () => a, b = a) { var a, b = host(b + 1); { function f2() { return a } } yield [a, b, f(), f2()]; a = 5; yield [a, f()] } async function* hides(f = () => host("f")) { function f() { return host("own") } yield f() } async function* dead(a = host(b), b = 1) { yield a } return (async () => { const r = []; for (const it of [g(), g(3), again(), again(7), hides()]) for await (const x of it) r.push(x); try { dead() } catch (e) { r.push(e.name) } for await (const x of dead(4)) r.push(x); return r })()',
  'methods that are async generators evaluate their parameters when they are called':
    'const key = "k" + host(1); class B { p() { return host("parent") } get v() { return host("B.v") } static s(x) { return host("B.s" + x) } set w(x) { log(host(x)) } } class C extends B { #own = 3; async *m(a = super.p(), b = this.#own) { yield [a, b, super.p(), super.v]; super.w = host("w"); yield this.#own } async *#h(a = host("private")) { yield* [a, this.#own] } h(...a) { return this.#h(...a) } static async *st(a = super.s(1)) { yield [a, super.s(2), this === C] } async *[key]([a] = [host("computed")]) { yield a } async *[Symbol.asyncIterator]({ n } = { n: host("n") }) { yield n } } const o = { __proto__: { x: 5, y() { return host("y" + this.x) } }, async *m(a = super.y()) { yield [a, super.x, super.y()] }, async *[key + "o"](a = host("o")) { yield a }, async *plain({ a } = { a: 1 }) { yield [a, this === o] } }; const list = async (i) => { const r = []; for await (const x of i) r.push(x); return r }; return (async () => { const c = new C(); const its = [c.m(), c.m(1, 2), c.h(), C.st(), c[key](), c, o.m(), o[key + "o"](), o.plain()]; log("all called"); const r = []; for (const it of its) r.push(await list(it)); return [...r, c.m.name, C.st.length, c[key].name, o[key + "o"].name] })()',
  'async generators that evaluate parameters are what others are':
    'const f = async function* named(a = host(1)) { yield typeof named; yield a }; const AG = Object.getPrototypeOf(async function* () {}); const own = async function* (a = host(2)) {}; const refused = (call) => { try { call() } catch (e) { return e.name } }; return (async () => { const it = f(); const r = [Object.getPrototypeOf(f) === AG, Object.getPrototypeOf(it) === f.prototype, it instanceof f, Object.getPrototypeOf(f.prototype) === AG.prototype, JSON.stringify(Object.getOwnPropertyDescriptor(f, "prototype")), refused(() => new f()), f.name, own.name, String(own), Object.keys(f), it[Symbol.asyncIterator]() === it, Object.prototype.toString.call(it), "caller" in f]; f.prototype = { mine: 1 }; r.push(f().mine); f.prototype = null; r.push(Object.getPrototypeOf(f()) === AG.prototype); r.push([5, undefined].map(f).length, [..."ab"].map((x) => own(x)).length, await f.call(null, 9).next(), await Array.fromAsync(f())); const { g } = { g: async function* ({ x } = {}, y = x) { yield y } }; r.push(g.name, await Array.fromAsync(g({ x: 1 })), await Array.fromAsync(g(undefined, 2))); return r })()',
  'a replaced Object.create is none of the concern of what the language makes':
    'const { create } = Object; Object.create = () => { throw new Error("replaced") }; try { function* g() { yield host(1); yield host(2) } class R extends RegExp { exec(s) { host("exec"); return super.exec(s) } } return [g().map((x) => host(x)).toArray(), Object.groupBy(g(), (x) => host(x % 2 ? "odd" : "even")), [..."aba".matchAll(new R("a", "g"))].length] } finally { Object.create = create }',
  'async generators hold their caller':
    'async function* g() { log("in"); host(1); log("still"); yield host(2); log("two"); host(3); await null; log("after await"); host(4); yield 5 } const i = g(); const p = i.next(); log("called"); const q = i.next(); log("called twice"); return (async () => { const r = [await p, await q]; for await (const x of g()) r.push(host(x)); r.push(await i.return(9), await i.next()); return r })()',
  'async generators: delegation, throw, return, finally':
    'async function* inner() { try { const x = yield host("i1"); log(x); yield host("i2") } catch (e) { log(host("caught " + e)); yield "c" } finally { host("fin"); await null; host("fin2") } return host("ret") } async function* outer() { log(host("o")); const r = yield* inner(); log(r); yield* [host(7), Promise.resolve(8)]; } return (async () => { const r = []; const a = outer(); r.push(await a.next(), await a.next("sent"), await a.next(), await a.next(), await a.next(), await a.next()); const b = outer(); await b.next(); r.push(await b.throw("boom"), await b.return(3), await b.next()); const c = outer(); await c.next(); r.push(await c.return("x")); for await (const x of outer()) { r.push(x); if (x === "i2") break } return r })()',
  'functions show their source text':
    'function a(x, y = () => host(1)) { return host(x) } const b = (x) => host(x), c = async x => host(await x), q = (x = (y) => host(y)) => ({ x, z: host }); const o = { m(a) { return host(a) }, get g() { return host(1) }, async *ag() { yield host(1) }, ["k" + 1]: function () { return host(5) }, *gen() { yield host(2) }, *gen2(a = host(1)) { yield a }, async *ag2({ a } = host(1)) { yield a } }; class K extends Array { #p() { return host(1) } static s ( ) { return host(7) } f = host(1); m() { return this.#p().toString() } constructor() { super(); this.c = this.#p } } class E { get v() { return typeof nothing } } const get = (o, k) => Object.getOwnPropertyDescriptor(o, k); return [a, b, c, q, o.m, get(o, "g").get, o.ag, o.k1, o.gen, o.gen2, o.ag2, K, K.s, K.prototype.m, E, get(E.prototype, "v").get, b.bind(1), [].map, Function.prototype.toString, Promise.prototype.then, Object.getPrototypeOf].map(String)',
  'changes of built-ins':
    'const r = []; Array.prototype.last = function () { return host(this[this.length - 1]) }; Object.defineProperty(String.prototype, "shout", { value() { return host(this.toUpperCase()) } }); for (const p of [Number.prototype]) p.twice = function () { return host(this * 2) }; const now = Date.now; Date.now = () => host(42); Math.max = (...x) => host(x.length); const ap = Array.prototype; ap.first ??= function () { return host(this[0]) }; Object.assign(Map.prototype, { keysOf() { return [...this.keys()].map((k) => host(k)) } }); try { r.push([1, 2].last(), "a".shout(), (4).twice(), Date.now(), Math.max(7, 8), [5].first(), new Map([[1, 2]]).keysOf(), "last" in [], Object.hasOwn(Array.prototype, "last")) } finally { delete Array.prototype.last; delete ap.first; Date.now = now } return [...r, typeof [].last, Array.prototype.last === undefined]',
  'getter, generator and class in all':
    'class T { *[Symbol.iterator]() { yield host(1); yield this.x } get x() { return host(2) } toJSON() { return [...this] } } return JSON.stringify({ t: new T(), u: [new T()] })',
  'what a destructuring assignment gives':
    'const o = { get k() { return host(1) }, *[Symbol.iterator]() { yield host(2); yield host(3) } }; let a, b; return [({ k: a } = o) === o, ({} = o) === o, ([a, b] = o) === o, a, b, ((x = ([a] = [5, 6])) => x)()]',
  'a line break between two cases': 'switch (host(1)) { case 1: let v = 2\ncase 8: host(v)\ndefault: return v\n}',
  'delete of a meta property': 'return (function () { return delete new.target })() && host(delete new.target)',
  'a derived constructor that returns a primitive value':
    'class B { constructor() { host(1) } } const r = []; for (const v of [1, null, undefined, { z: 1 }, "s"]) { class C extends B { constructor() { super(); this.n = 1; return host(v) } } try { r.push(new C()) } catch (e) { r.push(e.name) } } return r',
  'private methods that are called what ours could be':
    'class A { g = host(1); ["k"] = host(2); #f() { return host(3) } #y0() { return host(4) } r() { return [this.#f(), this.#y0()] } } class B { static g = host(5); static ["k" + 1] = host(6); static #s() { return host(7) } static #y0() { return host(8) } static r() { return [B.#s(), B.#y0()] } } return [new A().r(), B.r()]',
  'defaults of members in destructuring assignments':
    'const o = { get k() { return host(1) }, q: 2 }; const a = {}; ({ z: a.x = o.k, [host("y")]: a[host("w")] = o.k } = { z: undefined }); [a.v = o?.k, a["u"] = o.k] = []; for ({ z: a.t = o.k } of [{}]) log(a); return [a, Object.keys(o)]',
  'resources that are disposed of':
    'const o = []; for (using a of [{ [Symbol.dispose]() { o.push(host(1)) } }]) { using b = { [Symbol.dispose]() { host(2); throw new Error("b") } }; try { using c = { [Symbol.dispose]() { throw host(3) } }; o.push("c") } catch (e) { o.push(e); return o } }',
  'resources that are awaited':
    'return (async () => { const o = []; { await using a = { async [Symbol.asyncDispose]() { o.push(await host(1)) } }; using b = { [Symbol.dispose]() { o.push(host(2)) } } } return o })()',
};
