/** A package: what is imported, and what is called by hand: expressions over `P` (its exports) and `host`. */
export interface PackageCalls {
  readonly specifier: string;
  readonly calls: readonly string[];
  /** Exports that the walk leaves out: they draw from the clock or from chance, or never end on odd arguments. */
  readonly leaveOut?: RegExp;
  /** Calls in which text that the package makes at run time (`new Function`) waits: compared, or refused by name. */
  readonly generated?: readonly string[];
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

const of = (specifier: string, calls: string, leaveOut?: RegExp, generated = ''): PackageCalls => ({
  specifier,
  calls: lines(calls),
  generated: lines(generated),
  ...(leaveOut === undefined ? {} : { leaveOut }),
});

/** Each package with a few typical calls. What answers the host's questions is the host. */
export const PACKAGES: readonly PackageCalls[] = [
  of(
    'lodash',
    `
P.default.chunk([1, 2, 3, 4, 5], 2)
P.default.map({ a: 1, b: 2 }, (v, k) => host(k + v))
P.default.sortBy([{ n: 3 }, { n: 1 }, { n: 2 }], (x) => host(x.n))
P.default([1, 2, 3, 4]).filter((x) => host(x) % 2).map((x) => host(x * 2)).value()
P.default.groupBy([1.2, 1.8, 2.1], (x) => host(Math.floor(x)))
P.default.template("a <%= x %> b <% _.forEach(l, function (y) { %>[<%- y %>]<% }) %>")({ x: 1, l: ["<", "&"] })
P.default.merge({ a: { b: [1, 2] } }, { a: { b: [3], c: 4 } })
P.default.memoize((x) => host(x))(3)
P.default.flow([(x) => host(x + 1), (x) => host(x * 2)])(3)
P.default.curry((a, b, c) => host(a + b + c))(1)(2)(3)
P.default.cloneDeep({ a: [1, { b: new Map([[1, 2]]) }], d: new Date(5) })
P.default.isEqualWith([1, "2"], ["1", 2], (a, b) => host(typeof a === "object" ? undefined : String(a) === String(b)))
P.default.chain([3, 1, 2]).sortBy().tap((x) => host(x.length)).last().value()
P.default.orderBy([{ a: 1, b: 2 }, { a: 1, b: 1 }], ["a", (o) => host(o.b)], ["desc", "asc"])
P.default.reduceRight([1, 2, 3], (s, x) => host(s + "-" + x), "")
`,
    /^(?:now|delay|defer|debounce|throttle|random|sample|shuffle|runInContext|noConflict|uniqueId)/,
  ),
  of(
    'underscore',
    `
P.default.map([1, 2, 3], (x) => host(x))
P.default.chain([1, 2, 3]).map((x) => host(x * 2)).filter((x) => x > 2).value()
P.default.template("<% for (const x of list) { %><%= x %>,<% } %>")({ list: [1, 2] })
P.default.sortBy(["b", "a"], (x) => host(x))
P.default.every([1, 2], (x) => host(x))
`,
    /^(?:now|delay|defer|debounce|throttle|random|sample|shuffle|noConflict|uniqueId|times)/,
  ),
  of(
    'lodash-es',
    `
P.map([1, 2], (x) => host(x))
P.debounce.length
P.partition([1, 2, 3], (x) => host(x) > 1)
P.mapValues({ a: 1 }, (v) => host(v + 1))
P.uniqWith([1, 1, 2], (a, b) => host(a === b))
`,
    /^(?:now|delay|defer|debounce|throttle|random|sample|shuffle|uniqueId|times|lodash|default)/,
  ),
  of(
    'ramda',
    `
P.map((x) => host(x))([1, 2, 3])
P.pipe(P.filter((x) => host(x) > 1), P.map((x) => x * 2), P.sum)([1, 2, 3])
P.transduce(P.compose(P.map((x) => host(x + 1)), P.take(2)), P.flip(P.append), [], [1, 2, 3, 4])
P.over(P.lensPath(["a", "b"]), (x) => host(x * 2), { a: { b: 3 } })
P.sortWith([P.descend(P.prop("a")), P.ascend((o) => host(o.b))], [{ a: 1, b: 2 }, { a: 1, b: 1 }])
P.evolve({ a: (x) => host(x + 1) }, { a: 1, b: 2 })
P.useWith((a, b) => host(a + b), [(x) => host(x), P.inc])(1, 2)
`,
    /^(?:until|unfold|times|iterate|default)/,
  ),
  of(
    'rambda',
    'P.map((x) => host(x))([1, 2])\nP.pipe([1, 2, 3], P.filter((x) => host(x) > 1), P.map((x) => x * 2))',
    /^(?:until|unfold|times|delay|debounce|throttle|default|random|shuffle|permutations)/,
  ),
  of(
    'ajv',
    `
new P.default().compile({ type: "object", properties: { a: { type: "integer", minimum: 2 }, b: { type: "array", items: { enum: [1, "x"] }, uniqueItems: true } }, required: ["a"], additionalProperties: false })({ a: 3, b: [1, "x"] })
(() => { const v = new P.default({ allErrors: true }).compile({ type: "object", properties: { a: { type: "string", pattern: "^x" } }, required: ["b"] }); return [v({ a: "y" }), v.errors] })()
(() => { const a = new P.default(); a.addKeyword({ keyword: "even", validate: (s, d) => d % 2 === 0 }); return a.compile({ even: true })(3) })()
(() => { const a = new P.default({ useDefaults: true, coerceTypes: true }); const o = { n: "5" }; return [a.validate({ type: "object", properties: { n: { type: "number" }, d: { default: [1] } } }, o), o] })()
(() => { const a = new P.default(); a.addSchema({ $id: "q", definitions: { s: { oneOf: [{ type: "string" }, { type: "null" }] } } }); return a.validate({ $ref: "q#/definitions/s" }, null) })()
`,
    undefined,
    '(() => { const a = new P.default(); a.addKeyword({ keyword: "even", validate: (s, d) => host(d % 2 === 0) }); return a.compile({ even: true })(3) })()',
  ),
  of(
    'moment',
    `
P.default.utc("2024-02-29T12:34:56.789Z").format("dddd, MMMM Do YYYY, h:mm:ss a SSS Z")
P.default.utc("2024-01-31").add(1, "month").toISOString()
P.default.duration(3723, "seconds").humanize()
P.default.utc([2020, 5, 7]).diff(P.default.utc([2019, 1, 1]), "days", true)
P.default.utc("12-25-1995", "MM-DD-YYYY").startOf("week").calendar(P.default.utc("1995-12-26"))
P.default.utc("2013-W06-5").isoWeek()
`,
    /^(?:now|default|fn|min|max)$/,
  ),
  of(
    'dayjs',
    'P.default("2024-02-29T12:34:56Z").add(1, "year").toISOString()\nP.default("2020-01-01").format("YYYY [y] MMM D dddd HH:mm")\nP.default(0).isBefore(P.default(1))',
  ),
  of(
    'luxon',
    `
P.DateTime.fromISO("2024-02-29T12:34:56Z", { zone: "utc" }).plus({ months: 1, days: 3 }).toISO()
P.Interval.fromISO("2020-01-01/2020-02-01", { zone: "utc" }).splitBy({ weeks: 1 }).map((i) => host(i.toISO()))
P.Duration.fromObject({ hours: 30, minutes: 90 }).normalize().toObject()
P.DateTime.fromFormat("May 25 1982", "LLLL dd yyyy", { zone: "utc", locale: "en" }).toSQL()
`,
    /^(?:Settings)$/,
  ),
  of(
    'date-fns',
    'P.format(P.addMonths(new Date(Date.UTC(2024, 0, 31, 12)), 1), "yyyy-MM-dd EEEE")\nP.eachDayOfInterval({ start: new Date(0), end: new Date(3e8) }).map((d) => host(d.getTime()))\nP.formatDistance(new Date(0), new Date(1e9))',
    /(?:Today|Tomorrow|Yesterday|ToNow|isPast|isFuture|isThis|fp$|^each|constructNow|intlFormatDistance)/,
  ),
  of(
    'chai',
    `
P.expect([1, 2, 3]).to.include(2).and.have.lengthOf(3).and.not.be.empty
P.expect(() => P.expect({ a: { b: 1 } }).to.deep.equal({ a: { b: 2 } })).to.throw(P.AssertionError, /deep/)
P.assert.throws(() => { host(1); throw new TypeError("x") }, TypeError)
(() => { try { P.expect(3).to.be.within(4, host(5)) } catch (e) { return [e.name, e.message, e.actual] } })()
(() => { try { P.assert.closeTo(1, 2, 0.5) } catch (e) { return e.message } })()
P.expect({ a: 1, get b() { return host(2) } }).to.have.property("b", 2)
P.expect(new Map([[1, { x: 1 }]])).to.deep.equal(new Map([[1, { x: 1 }]]))
P.expect("x").to.satisfy((s) => host(s === "x"))
P.expect([{ a: 1 }, { a: 2 }]).to.have.deep.members([{ a: 2 }, { a: 1 }])
`,
    /^(?:use|should|Should)$/,
  ),
  of(
    'handlebars/dist/handlebars.js',
    `
P.default.compile("{{#each xs}}{{@index}}:{{this.n}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}} {{{raw}}} {{raw}}")({ xs: [{ n: 1 }, { n: 2 }], raw: "<b>" })
(() => { P.default.registerHelper("up", (x) => x.toUpperCase()); return P.default.compile("{{up name}} {{#if ok}}y{{else}}n{{/if}}")({ name: "é", ok: false }) })()
(() => { P.default.registerPartial("p", "<{{x}}>"); return P.default.compile("{{> p}}{{#with o}}{{y}}{{/with}}")({ x: 1, o: { y: 2 } }) })()
P.default.parse("a {{b.c d=1}}").body.length
P.default.precompile("x {{y}}").length
`,
    /^default$/,
    '(() => { P.default.registerHelper("up", (x) => host(x.toUpperCase())); return P.default.compile("{{up name}} {{#if ok}}y{{else}}n{{/if}}")({ name: "é", ok: false }) })()',
  ),
  of(
    'mustache',
    'P.default.render("{{#xs}}{{n}}{{^last}}, {{/last}}{{/xs}} {{{r}}} {{r}} {{>p}}", { xs: [{ n: 1 }, { n: () => host(2), last: true }], r: "<&>" }, { p: "[{{r}}]" })\nP.default.render("{{#b}}hi {{x}}{{/b}}", { x: 1, b: () => (t, r) => host("<" + r(t) + ">") })\nP.default.parse("a{{b}}c{{#d}}e{{/d}}")',
  ),
  of(
    'nunjucks/browser/nunjucks.js',
    'P.default.renderString("{% for x in xs %}{{ loop.index }}{{ x | upper }}{% endfor %} {{ 1 if y else 2 }} {{ z | default(\'q\') | replace(\'q\', \'w\') }}", { xs: ["a", "b"] })\n(() => { const e = new P.default.Environment(); e.addFilter("h", (x) => x + "!"); return e.renderString("{{ a | h }}{% set b = [1, 2] %}{{ b | join(\'-\') }}{% macro m(x, y=3) %}{{ x }}{{ y }}{% endmacro %}{{ m(1) }}", { a: "x" }) })()',
    /^default$/,
    '(() => { const e = new P.default.Environment(); e.addFilter("h", (x) => host(x + "!")); return e.renderString("{{ a | h }}", { a: "x" }) })()',
  ),
  of(
    'ejs',
    'P.default.render("<% for (const x of xs) { %><%= f(x) %><%- x %>,<% } %>", { xs: ["<", 2], f: (x) => x + "!" })',
    undefined,
    'P.default.render("<%= f(1) %>", { f: (x) => host(x) })',
  ),
  of(
    'fast-xml-parser',
    `
new P.XMLParser({ ignoreAttributes: false }).parse("<a x='1'><b>2</b><b>three</b><![CDATA[q<>]]><c/></a>")
new P.XMLParser({ tagValueProcessor: (n, v) => host(n + v) }).parse("<a><b>2</b></a>")
new P.XMLBuilder({ format: true, ignoreAttributes: false }).build({ a: { "@_x": 1, b: [1, { c: "<" }] } })
P.XMLValidator.validate("<a><b></a>")
`,
  ),
  of(
    'crypto-js',
    'P.default.SHA256("abc").toString()\nP.default.MD5("abc").toString(P.default.enc.Base64)\nP.default.HmacSHA512("m", "k").toString()\nP.default.AES.decrypt(P.default.AES.encrypt("text", P.default.enc.Hex.parse("000102030405060708090a0b0c0d0e0f"), { iv: P.default.enc.Hex.parse("101112131415161718191a1b1c1d1e1f") }), P.default.enc.Hex.parse("000102030405060708090a0b0c0d0e0f"), { iv: P.default.enc.Hex.parse("101112131415161718191a1b1c1d1e1f") }).toString(P.default.enc.Utf8)\nP.default.PBKDF2("p", "s", { keySize: 4, iterations: 3 }).toString()\nP.default.SHA3("x").toString()\nP.default.RIPEMD160("x").toString()',
    /./,
  ),
  of(
    'yaml',
    `
P.parse("a: 1\\nb:\\n  - x\\n  - {y: [1, 2.5, null, true]}\\nc: |\\n  text\\n  more\\nd: &q 3\\ne: *q\\n")
P.stringify({ a: [1, { b: "x: y" }], c: null, d: "multi\\nline" })
P.parse("a: 1", (k, v) => host(typeof v === "number" ? v + 1 : v))
(() => { const d = P.parseDocument("a: [1, 2] # c\\n"); d.setIn(["a", 0], 9); P.visit(d, { Scalar: (k, n) => { host(String(n.value)) } }); return String(d) })()
(() => { try { P.parse("a: [1") } catch (e) { return [e.name, e.code] } })()
`,
  ),
  of(
    'js-yaml',
    'P.load("a: 1\\nb: [x, {y: 2020-01-01}]\\nc: !!binary aGk=\\n")\nP.dump({ a: [1, { b: "x: y" }], c: null })\n(() => { try { P.load("a: b: c") } catch (e) { return [e.name, e.reason] } })()',
  ),
  of(
    'marked',
    'P.marked.parse("# T *e*\\n\\n- a\\n- b `c`\\n\\n> q [l](u \\"t\\")\\n\\n|a|b|\\n|-|-|\\n|1|2|\\n\\n```js\\nx < 1\\n```\\n")\n(() => { const m = new P.Marked({ renderer: { em: (t) => host("!" + t.text) } }); return m.parse("a *b* c") })()\nP.marked.lexer("* x\\n  1. y").length',
    /^(?:marked|use|setOptions|options)$/,
  ),
  of(
    'zod',
    `
P.z.object({ a: P.z.string().min(2), b: P.z.array(P.z.number().int()).optional() }).safeParse({ a: "x", b: [1.5] }).error.issues
P.z.string().transform((s) => host(s.length)).parse("abc")
P.z.union([P.z.string(), P.z.literal(3)]).safeParse(4).success
P.z.number().refine((n) => host(n > 1), "small").safeParse(0).error.issues[0].message
P.z.discriminatedUnion("k", [P.z.object({ k: P.z.literal("a"), v: P.z.coerce.number() }), P.z.object({ k: P.z.literal("b") })]).parse({ k: "a", v: "7" })
P.z.record(P.z.string(), P.z.tuple([P.z.number(), P.z.boolean()])).parse({ x: [1, true] })
P.z.lazy(() => P.z.enum(["a", "b"])).safeParse("c").success
P.z.string().refine(async (s) => host(s === "x")).parseAsync("x")
`,
    /./,
  ),
  of(
    'jsonpath-plus',
    'P.JSONPath({ path: "$.a[*].b", json: { a: [{ b: 1 }, { b: 2 }] } })\nP.JSONPath({ path: "$..b", json: { a: [{ b: 1 }, { b: { b: 3 } }] }, callback: (v) => host(typeof v) })\nP.JSONPath({ path: "$.a[?(@.b>1)]", json: { a: [{ b: 1 }, { b: 2 }] }, eval: "safe" })',
  ),
  of(
    'acorn',
    'P.parse("a => { for (const [x = 1] of y) z?.[`t`] ?? class { #p = 1 } }", { ecmaVersion: "latest" })\n[...P.tokenizer("1 + /x/g", { ecmaVersion: 6 })].map((t) => host(t.type.label))\n(() => { try { P.parse("a b", { ecmaVersion: 6 }) } catch (e) { return [e.name, e.pos] } })()',
    /./,
  ),
  of(
    'uuid',
    'P.validate("6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b")\nP.v5("hello", P.v5.URL)\nP.v3("hello", P.v3.DNS)\nP.parse("6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b")\nP.v4({ random: new Uint8Array(16).fill(7) })\nP.version("6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b")',
    /./,
  ),
  of(
    'immutable',
    'P.Map({ a: 1, b: 2 }).map((v) => host(v + 1)).toJS()\nP.List([3, 1, 2]).sortBy((x) => host(x)).toArray()\nP.fromJS({ a: [{ b: 1 }] }).updateIn(["a", 0, "b"], (x) => host(x * 5)).toJS()\nP.Range(0, 20).filter((x) => host(x) % 3 === 0).take(3).toArray()\nP.OrderedSet([3, 1, 3]).union([4]).join()\nnew (P.Record({ x: 1, y: 2 }))({ y: 5 }).toObject()\nP.Seq([1, 2, 3]).flatMap((x) => [x, host(x)]).toList().toString()\nP.is(P.Map([[1, P.Set([2])]]), P.Map([[1, P.Set([2])]]))',
    /^(?:default|Range|Repeat|version)$/,
  ),
  of(
    'bignumber.js',
    'new P.BigNumber("123456789.987654321").times("9.1").toFormat(3)\nnew P.BigNumber(2).pow(100).toString(16)\nnew P.BigNumber(1).div(3).toFixed(15)\nP.BigNumber.sum(1, "2.5", 3).toString()',
    /random|clone|config|set/,
  ),
  of(
    'decimal.js',
    'new P.Decimal("0.1").plus("0.2").toString()\nP.Decimal.exp(2).toString()\nnew P.Decimal(2).sqrt().toSD(30).toString()\nP.Decimal.sin(1).toHexadecimal()',
    /./,
  ),
  of(
    'big-integer',
    'P.default("123456789012345678901234567890").multiply("987654321").toString()\nP.default(2).modPow(100, 1000007).toString()\nP.default(-17).divmod(5)',
    /./,
  ),
  of(
    'long',
    'P.default.fromString("9223372036854775807").div(7).toString()\nP.default.fromBits(1, 2, true).shl(3).toString(16)\nP.default.fromNumber(-5).mul(3).toBytes()',
    /./,
  ),
  of(
    'papaparse',
    'P.default.parse("a,b\\n1,\\"x,y\\"\\n2,z", { header: true, dynamicTyping: true }).data\nP.default.unparse([{ a: 1, b: "q\\"r" }, { a: 2 }])\nP.default.parse("a;b\\n1;2", { step: (r) => host(r.data), transform: (v) => host(v) })',
  ),
  of(
    'qs',
    'P.default.parse("a[b][]=1&a[b][]=2&c=%20x&d[0]=q")\nP.default.stringify({ a: { b: [1, 2] }, c: null, d: new Date(0) }, { arrayFormat: "brackets" })\nP.default.parse("a=1&b=2", { decoder: (s, d) => host(d(s)) })\nP.default.stringify({ b: 1, a: 2 }, { sort: (x, y) => host(x < y ? -1 : 1), filter: (k, v) => host(v) })',
  ),
  of(
    'query-string',
    'P.default.parse("?a=1&b[]=2&b[]=3", { arrayFormat: "bracket", parseNumbers: true })\nP.default.stringify({ b: [1, 2], a: null, c: undefined })\nP.default.parseUrl("https://x.y/z?q=1#h")',
  ),
  of(
    'url-parse',
    'P.default("https://user:pw@example.com:8080/a/../b?x=1&y=2#frag", {}, true).query\nP.default("//h/p", "http://q/").href\nP.default.qs.stringify({ a: 1, b: "x y" })',
  ),
  of(
    'validator',
    'P.default.isEmail("foo@bar.com")\nP.default.isURL("http://x.y/z?q")\nP.default.escape("<a href=\'x\'>")\nP.default.isIBAN("DE89370400440532013000")\nP.default.normalizeEmail("Some.Name+tag@GMAIL.com")',
    /^(?:default)$/,
  ),
  of(
    'he',
    'P.default.encode("foo © bar ≠ <baz>", { useNamedReferences: true })\nP.default.decode("foo &copy; &#x1D306; &ampx &lt")\nP.default.escape("<&>\\"")',
  ),
  of('entities', 'P.encodeHTML("ä < ©")\nP.decodeHTML("&auml;&lt;&notit;&#65;")\nP.escapeUTF8("<&>")'),
  of(
    'semver',
    'P.default.satisfies("1.2.3", "^1.1 || >=3 <4")\nP.default.inc("1.2.3-beta.1", "prerelease")\nP.default.sort(["2.0.0", "1.0.0", "1.0.0-a"])\nP.default.minVersion(">1.2 <3").version\nnew P.default.Range("~1.2 || 2.x").range',
  ),
  of(
    'minimatch',
    'P.minimatch("a/b/c.js", "a/**/*.{js,ts}")\nP.minimatch.braceExpand("a{1..3}{x,y}")\nP.makeRe("!(a|b)*.?s").source\n["a.js", "b.txt"].filter(P.filter("*.js"))',
  ),
  of(
    'pako',
    'P.default.ungzip(P.default.gzip("hello hello hello"), { to: "string" })\n[...P.default.deflate(new Uint8Array([1, 2, 3, 1, 2, 3, 1, 2, 3]))]\n(() => { const i = new P.default.Inflate(); const n = []; i.onData = (c) => { n.push(host(c.length)) }; i.push(P.default.deflate("x".repeat(50)), true); return [n, i.err] })()',
    /./,
  ),
  of(
    'fflate',
    'P.strFromU8(P.gunzipSync(P.gzipSync(P.strToU8("hi hi hi hi"), { mtime: 0 })))\n[...P.deflateSync(P.strToU8("abcabcabcabc"))]\nP.strFromU8(P.unzipSync(P.zipSync({ "a.txt": P.strToU8("A") }, { mtime: "2020-01-01" }))["a.txt"])',
    /./,
  ),
  of(
    'seedrandom',
    'Array.from({ length: 5 }, P.default("hello."))\nP.default.alea("x")()\nP.default.xor128("x").int32()',
    /./,
  ),
  of(
    'sjcl',
    'P.default.codec.hex.fromBits(P.default.hash.sha256.hash("abc"))\nP.default.codec.base64.fromBits(P.default.misc.pbkdf2("p", "s", 5, 128))\nP.default.codec.utf8String.fromBits(P.default.codec.hex.toBits("616263"))',
    /./,
  ),
  of(
    'tweetnacl',
    '[...P.default.hash(new Uint8Array([1, 2, 3]))].slice(0, 8)\n[...P.default.sign.keyPair.fromSeed(new Uint8Array(32)).publicKey]\n[...P.default.secretbox(new Uint8Array([1, 2]), new Uint8Array(24), new Uint8Array(32))]',
    /./,
  ),
  of('js-md5', 'P.default("abc")\nP.default.create().update("a").update("bc").hex()\nP.default.array("")'),
  of('js-sha256', 'P.default.sha256("abc")\nP.default.sha224.hex("x")\nP.default.sha256.hmac("k", "m")'),
  of(
    'lz-string',
    'P.default.decompress(P.default.compress("hello hello hello"))\nP.default.compressToBase64("aaaaabbbbb")\nP.default.decompressFromEncodedURIComponent(P.default.compressToEncodedURIComponent("xyz"))',
    /./,
  ),
  of(
    '@faker-js/faker/locale/en',
    '(() => { P.faker.seed(7); return [P.faker.person.fullName(), P.faker.number.int(100), P.faker.lorem.sentence(), P.faker.helpers.shuffle([1, 2, 3])] })()\n(() => { P.faker.seed(8); return P.faker.helpers.multiple(() => host(P.faker.string.alpha(3)), { count: 3 }) })()\n(() => { P.faker.seed(9); return P.faker.helpers.fake("{{animal.type}} {{color.human}}") })()',
    /./,
  ),
  of(
    'nanoid',
    'P.customRandom("abc", 5, (n) => new Uint8Array(n).map((_, i) => host(i)))()\nP.customAlphabet("x", 4)()\nP.nanoid(0)',
    /./,
  ),
  of(
    'color',
    'P.default("#7743CE").alpha(0.5).lighten(0.5).hsl().string()\nP.default.rgb(255, 255, 0).mix(P.default("blue")).hex()\nP.default({ r: 1, g: 2, b: 3 }).contrast(P.default("white"))',
  ),
  of(
    'mathjs',
    'P.evaluate("sqrt(3^2 + 4^2) + det([1, 2; 3, 4]) i").toString()\nP.simplify("2 x + x").toString()\nP.derivative("x^2 sin(x)", "x").toString()\nP.unit("5 cm").to("inch").toString()\nP.map([1, 2], (x) => host(x))\nP.format(P.fraction(1, 3))\nP.parse("f(x) = x^2; f(3)").compile().evaluate().entries',
    /./,
  ),
];
