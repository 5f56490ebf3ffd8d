import type { Case } from './differences.ts';

/** Definitions that arm what the compiler rewrites only where the program may block there. */
export const ARMED: Readonly<Record<string, string>> = {
  nothing: '',
  conversions: 'class H1 { toString() { return host("s") } } ',
  accessors: 'class H2 { get k() { return host("g") } set k(v) { host(v) } } ',
  iterators:
    'class H3 { toString() { return host("s") } get k() { return host("g") } set k(v) { host(v) } *[Symbol.iterator]() { yield host(1) } } ',
  traps:
    'const H4 = (o) => new Proxy(o, { get: (t, k) => host(k), set: (t, k, v) => host(v), has: (t, k) => host(k) }); ',
};

const DEFINITIONS =
  'let a, z, i = 3; const key = "k", fk = "f", mkey = "m"; class KK { constructor(x) { this.v = x } } ' +
  'const o = { n: 2, k: 4, f: [2, 3], m(x) { return [this === undefined ? 0 : this.n, x] }, K2: KK, tag: (s) => s.raw[0] }; ' +
  'class K { n = 2; k = 4; f = [2, 3]; K2 = KK; m(x) { return [this.n, x] } tag(s) { return s.raw[0] } } ' +
  'const fn = function (x) { return x }; const tagf = (s, ...v) => v.length; ';

/** Objects whose every implicit call asks the host. */
const LIVE_DEFINITIONS =
  'const V = { n: 2, k: 4, f: [1], valueOf() { return host(7) }, toString() { return host("k") } }; ' +
  'const G = { n: 2, get k() { return host(4) }, set k(v) { host(["set", v]) }, get f() { return host([2, 3]) }, get m() { host("m"); return (x) => host(x) } }; ' +
  'const I = { n: 2, k: 4, get f() { return I }, *[Symbol.iterator]() { host("begin"); yield host(1); try { yield host(2) } finally { host("end") } } }; ' +
  'const P = new Proxy({ n: 2, k: 4, f: [2, 3], m(x) { return x } }, { get(t, k) { host(String(k)); return t[k] }, set(t, k, v) { host(["set", String(k)]); t[k] = v; return true }, has(t, k) { return host(k in t) }, deleteProperty(t, k) { host("delete"); return delete t[k] } }); ';

/** Objects: a hole § in every position where an object is used. */
const OBJECTS = list(`
(a = host(o))
(a = o)
(z || o)
(z ?? host(o))
(o && host(o))
(o ? o : z)
(o ? host(o) : z)
(0, o)
(host(0), o)
(a ||= o)
(a ??= host(o))
(new K)
(new K())
({ n: 2, k: 4, f: [2, 3], m(x) { return [this.n, x] }, K2: KK, tag: (s) => s.raw[0] })
(o)
((o))
(a = z || o)
(z ? z : a = o)
(await o)
(await host(o))
(yield o)
(yield host(o))
((() => o)())
(host(() => o)())
([o][host(0)])
(o?.q ?? o)
(class { static n = 2; static k = 4; static f = [2, 3]; static m(x) { return [this.n, x] } static K2 = KK; static tag(s) { return s.raw[0] } })
(class { static k = host(4); static f = [host(2)] })
(function () { return host(1) })
`);
const LIVE_OBJECTS = ['V', 'G', 'I', 'P', '(host(0), V)', '(a = G)', '(z ?? I)', '(new Proxy(host(o), {}))'];
const OBJECT_USES = list(`
§.k
§["k"]
§[key]
§[host("k")]
§?.k
§?.[key]
§?.[host("k")]
§.m(1)
§.m(host(1))
§["m"](1)
§[mkey](1)
§[host("m")](2)
§?.m(1)
§.m?.(host(1))
delete §.k
delete §[key]
delete §[host("k")]
delete §?.k
§.k = 5
§.k = host(5)
§[key] = 5
§[host("k")] = host(6)
§.k += 2
§.k += host(2)
§[key] += host(1)
§.k ||= host(3)
§.zz ??= host(3)
§.k &&= host(0)
§.k **= 2
§.k >>>= host(1)
§.k++
--§[key]
§[host("k")]--
typeof §.k
!§.k
-§.k
~§[key]
!§[key]
1 + §.k
1 + §[key]
§.k === 4
4 === §[key]
"k" in §
key in §
host("k") in §
§ instanceof Object
§ == 1
§ + ""
\`\${§}\`
\`\${§.k}\`
[...§.f]
[...§[fk]]
({ ...§ }).k
({ x: § }).x.k
({ [§.n]: 1 })
fn(§).k
fn(...§.f)
fn(§, host(1)).k
new §.K2(1).v
new (§.K2)(host(1)).v
new §[host("K2")](3).v
new §.K2
§.tag\`x\`
§[host("tag")]\`x\${1}\`
[§.k, §[key]]
§ ? 1 : 2
(§ || 1).k
(§ ?? 1).k
1 && §.k
void §.k
void §
({ k: §.k } = { k: 9 }, o.k)
([§.k] = [7], o.k)
([...§.k] = host([7, 8]), o.k)
({ k: §[host("k")] = host(3) } = {}, o.k)
({ [key]: §[key] } = { k: 8 }, o.k)
;for (§.k of [1, 2]); return o.k
;for (§[key] in { q: 1 }); return o.k
;for (§[host("k")] of host([1, 2])) host(o.k); return o.k
;const { k } = §; return k
;const { k = host(1), ...rest } = §; return [k, rest]
;const { [host("k")]: k } = §; return k
;switch (§.k) { case 4: return 1 } return 0
;switch (4) { case §.k: return 1 } return 0
;if (§) return 1
;if (!§) return 1; else return host(2)
;while (§) return 2
;do { host(1) } while (!§); return 3
;for (let i = §; i;) return 4
;for (const q in §) return q
;for (const q of §.f) host(q); return 1
;const [p, ...q] = §.f; return [p, q]
;try { throw § } catch (e) { return e.k }
;try { throw § } catch ({ k }) { return k } finally { host("f") }
;return §
;l: { if (§) break l; host(1) } return 2
;var v = §, w = v.k; return w
(() => { return § })().k
(() => §)().k
((p = §) => p.k)()
(({ p = § }) => p.k)({})
(({ k }) => k)(§)
(class { static [§.n]() {} })
(class { static x = §.k }).x
(class { static x = § }).x.k
(class { static { host(§.k) } })
new (class { x = §.k }).x
new (class { #x = §; get x() { return this.#x.k } }).x
(class { static #x = §.k; static has(q) { return #x in q } }).has(§)
(-§.k) ** 2
§.k ** 2
2 ** §.k
§.k < 5
§ > 1
(§.k, 1)
(1, §.k)
§.k?.toFixed(1)
§?.m?.(1)?.[0]
(§?.m)(1)
(§?.f).length
§?.f.map((x) => host(x))
§.f[§.f.length - 1]
§.f.map((x) => x + 1)
(§).k
((§))[key]
tagf\`\${§}\`
"/"===§[key]
!§[fk][0]
"a"+§.k
void§[key]
[§][0].k
(()=>§)().k
(x=>§[key])(1)
§.f.length>0&&§[key]
§.f.length?§[key]:0
z?.[0]||§[key]
§[key]?1:2
§.k--,o.k
`);

/** Functions, in every position where one is used. */
const FUNCTIONS = list(`
(a = host(fn))
(z || fn)
(z ?? host(fn))
(fn ? fn : z)
(0, fn)
(() => 5)
((x) => host(x))
(x=>x)
(async (x) => x)
(async (x) => await host(x))
(function (x) { return x })
(function named(x) { return host(x) })
(function* (x) { yield x })
(async function* (x) { yield host(x) })
(class { constructor(x) { this.v = x } })
(class { constructor(x) { this.v = host(x) } static k = 1 })
(class extends KK {})
(o.m)
(o?.m)
(o[host("m")])
(fn.bind(null))
(((x) => host(x)).bind(o, 2))
(a ||= fn)
(await fn)
(yield fn)
(new Function("x", "return x"))
`);
const FUNCTION_USES = list(`
§(1)
§(host(1))
§(...[host(1)])
§?.(1)
§?.(host(2))
new §
new §()
new §(host(1))
new §(...host([1]))
§\`a\`
§\`a\${host(1)}b\`
§.call(null, 1)
§["call"](null, 1)
§[host("call")](null, 1)
§?.call(o, 1)
§.apply(o, host([1]))
typeof §
!§
§.name
§.length
[§].map((f) => typeof f)
(§)(3)
(class extends § {}).name
(class Q extends § { constructor(x) { super(x); this.w = 1 } })
new (class Q extends § { constructor(x) { super(host(x)); this.w = host(1) } })(2)
new (class extends § { x = host(1) })(4).x
;try { return new (class extends § {})(4) } catch (e) { return e.name }
§.k
§[key]
delete §.k
§.k = 3
§.k += host(3)
key in §
[1].map(§)
§ instanceof Function
({}) instanceof §
§ || 1
void §(1)
!§(1)
-§(1)
1 + §(1)
\`\${§(1)}\`
[...[§(1)]]
§(1) ? 2 : 3
§(§(1))
({ q: § }).q(1)
({ q: § }).q.name
({ q: §, [host("r")]: § }).r(1)
;const q = §; return [q(1), q.name]
;const { q = § } = {}; return [q(1), q.name]
;return §(1)
;throw §(1)
((f = §) => f(1))()
((f = §) => f.name)()
Reflect.construct(§, [1])
[3, 1, 2].sort(§)
new Map([[1, §]]).get(1)(2)
`);

/** Expressions of every precedence. */
const VALUES = list(`
5
.5
"s"
/x/g
null
undefined
true
10n
this
new.target
\`t\${host(1)}\`
tagf\`x\${host(1)}\`
(1, host(2))
(a = host(3))
(a += host(1))
(a ??= 1)
(host(0) ? 1 : 2)
(host(1) || 2)
(host(1) && 2)
(host(null) ?? 2)
(host(1) | 2)
(host(6) ^ 2)
(host(6) & 2)
(host(1) == 1)
(host(1) < 2)
(host(1) << 2)
(host(1) + 2)
(2 - host(1))
(2 * host(3))
(host(2) ** 2)
(2 ** host(2))
("k" in o)
(o instanceof host(K))
(-host(1))
(+host("2"))
(!host(0))
(~host(1))
(typeof host(1))
(void host(1))
(delete o.q)
i++
(--i)
o.k
o?.k
o[host("k")]
host(o)?.k
o.m(1)
[1, host(2)]
({ k: host(1) })
({ k: 1 }).k
(function () {})
(() => host(1))
(x => x)
(async () => host(1))
(class { static k = host(1) })
new K
new K(host(1))
new (host(K))
(await host(1))
(await 1)
(yield host(1))
(yield)
`);
const BINARY = '+ - * / % ** | & ^ << >> >>> == != === !== < > <= >= in instanceof && || ??'.split(' ');
const ASSIGNING = '= += -= *= /= %= **= |= &= ^= <<= >>= >>>= &&= ||= ??='.split(' ');
const VALUE_USES = [
  ...BINARY.flatMap((op) => [`§ ${op} 2`, `2 ${op} §`, `host(1) ${op} §`, `§ ${op} host(o)`]),
  ...ASSIGNING.flatMap((op) => [`(a ${op} §)`, `(o.k ${op} §)`, `(o[host("k")] ${op} §)`, `(o[§] ${op} 1)`]),
  ...list(`
-§
- -§
+§
!§
!!§
~§
typeof §
void §
delete §
§ ? 1 : 2
1 ? § : 2
0 ? 1 : §
host(1) ? § : §
(§, 1)
(1, §)
fn(§)
fn(1, §)
fn(...[§])
new KK(§).v
[§]
[, §, ...[§]]
[...§]
({ a: § })
({ ...§ })
({ [§]: 1 })
({ async [§]() {} })
o[§]
o?.[§]
o.m(§)
o.m?.(§)
\`\${§}\`
\`a\${§}b\${§}c\`
tagf\`a\${§}b\`
(() => §)()
(() => { return § })()
((p = §) => p)()
(({ p = § }) => p)({})
(([p = §]) => p)([])
(async () => §)()
(async () => await §)()
((f) => f(§))(fn)
(class { static x = § }).x
(class { static [§] = 1 })
(class { [§]() {} })
(class { static { host(§) } })
(class extends § {})
new (class { x = § }).x
new (class { #x = §; get() { return this.#x } })().get()
;var v = §; return v
;let v = §, w = v; return w
;const [v = §] = []; return v
;const { v = § } = {}; return v
;const { [§]: v } = o; return v
;if (§) return 1; else return 2
;if (§) host(1); else if (§) host(2); return 3
;while (§) return 1; return 2
;do host(1); while (!§ && i-- > 0); return i
;for (let v = §; i > 0; i--) host(v)
;for (; §; ) return 1
;for (let v = 0; v < 2; v++, §) host(v)
;for (const v in §) return v
;for (const v of [§]) return v
;for (var v of §) return v
;switch (§) { case 1: return 1; default: return 2 }
;switch (1) { case §: return 1; default: return 2 }
;switch (1) { default: host(§); case 7: return 3 }
;try { throw § } catch (e) { return e }
;try { return § } finally { host("f") }
;try { host(§) } catch { host("c") } return 1
;l: for (const v of [1, 2]) { for (;;) { if (§) continue l; else break l } } return 4
;§; return 1
;return §
;return (§)
;throw §
;return[§]
;return typeof(§)
;return-§
;return!§
;{ let a = §; host(a) } return a
`),
];

function list(lines: string): string[] {
  return lines.split('\n').filter((line) => line !== '');
}

interface Family {
  readonly name: string;
  readonly definitions: string;
  readonly operands: readonly string[];
  readonly uses: readonly string[];
}

const FAMILIES: readonly Family[] = [
  { name: 'object', definitions: DEFINITIONS, operands: OBJECTS, uses: OBJECT_USES },
  { name: 'function', definitions: DEFINITIONS, operands: FUNCTIONS, uses: FUNCTION_USES },
  { name: 'value', definitions: DEFINITIONS, operands: VALUES, uses: VALUE_USES },
];
const LIVE: readonly Family[] = [
  { name: 'live object', definitions: DEFINITIONS + LIVE_DEFINITIONS, operands: LIVE_OBJECTS, uses: OBJECT_USES },
  { name: 'live value', definitions: DEFINITIONS + LIVE_DEFINITIONS, operands: ['V', 'G', 'I', 'P'], uses: VALUE_USES },
];

/** Every operand in every use, with what `armed` arms. */
export function gridCases(armed: keyof typeof ARMED): Case[] {
  return FAMILIES.flatMap((family) => casesOf(family, armed, ARMED[armed] as string));
}

/** Operands whose conversions, accessors, iterators and traps ask the host, in every use. */
export function liveGridCases(): Case[] {
  return LIVE.flatMap((family) => casesOf(family, 'live', ''));
}

function casesOf({ name, definitions, operands, uses }: Family, armed: string, head: string): Case[] {
  return operands.flatMap((operand) =>
    uses.map((use) => ({
      name: `${armed}: ${name} ${operand} in ${use}`,
      snippet: head + definitions + bodyOf(operand, use),
    })),
  );
}

function bodyOf(operand: string, use: string): string {
  const filled = use.replaceAll('§', () => operand);
  const body = use.startsWith(';') ? filled.slice(1) : `return [${filled}, o, a === undefined]`;
  if (operand.includes('yield'))
    return `function* steps() { ${body} } const it = steps(); let r = it.next(); while (!r.done) r = it.next(r.value); return r.value`;
  if (operand.includes('await')) return `return (async () => { ${body} })()`;
  return body;
}
