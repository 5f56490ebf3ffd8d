import { Draw } from './random-draw.ts';

/** What a program may block in beyond plain calls. */
export const PROFILES = ['plain', 'conversions', 'accessors', 'iterators', 'traps'] as const;
export type Profile = (typeof PROFILES)[number];

/** The object that each profile adds. */
const LIVE: Readonly<Record<Profile, string>> = {
  plain: 'const L = { k: 2, n: 1, f: [1], m(x) { return x } }; ',
  conversions:
    'const L = { k: 2, n: 1, f: [1], m(x) { return x }, valueOf() { return host(7) }, toString() { return host("k") } }; ',
  accessors:
    'const L = { get k() { return host(4) }, set k(v) { host("set") }, n: 1, get f() { return host([2]) }, m(x) { return host(x) } }; ',
  iterators: 'const L = { k: 2, n: 1, f: [1], m(x) { return x } }; ',
  traps:
    'const L = new Proxy({ k: 2, n: 1, f: [1], m(x) { return x } }, { get(t, k) { host(typeof k); return t[k] }, set(t, k, v) { host("set"); t[k] = v; return true }, has(t, k) { return host(k in t) }, deleteProperty(t, k) { host("delete"); return delete t[k] } }); ',
};

/** A small seeded generator (mulberry32), so that a failing program can be made again from its number. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A random snippet for the prelude of any profile: it terminates, is valid in strict mode, and asks the host all over the place. */
export function randomProgram(random: () => number): string {
  const draw = new Draw(random, {
    values: ['w'],
    mutable: ['w'],
    objects: ['O', 'L'],
    functions: ['id'],
    classes: ['B'],
    labels: [],
    inLoop: false,
    inSwitch: false,
    inAsync: false,
    inGenerator: false,
    hasThis: false,
    hasArguments: false,
    mayReturn: true,
  });
  const code = draw.statements(3 + draw.below(3));
  return (
    `let w = 1; const main = (${GIVEN.join(', ')}) => { ${code} return (${draw.expression()}); }; ` +
    'return runMain(host, log, main, () => w)'
  );
}

/** What a program is given: see `preludeOf`. */
const GIVEN = ['tick', 'text', 'id', 'tag', 'O', 'B', 'L', 'I', 'later'] as const;

/**
 * A function that runs the main function of a program with what it needs, made anew, and brings its result when all that it has begun has
 * ended. It stands once in a module of many programs: it would be half of each.
 */
export function preludeOf(profile: Profile): string {
  const iterable =
    profile === 'iterators'
      ? 'const I = { *[Symbol.iterator]() { try { yield host(1); yield 2 } finally { host("end") } } }; '
      : 'const I = { *[Symbol.iterator]() { yield 1; yield 2 } }; ';
  return (
    'const runMain = (host, log, main, w) => { ' +
    'let fuel = 60; const tick = () => { if (fuel-- < 0) throw new Error("fuel") }; ' +
    'const text = (x) => x instanceof Error ? x.name + (x.name === "Error" ? x.message : "") : typeof x; ' +
    // Where several asynchronous functions run at a time, the order in which they go on is not kept: each begins when the one before has ended.
    'let last = null; const settled = () => { const seen = last; return Promise.resolve(seen).then(() => last === seen ? [r, w()] : settled()) }; ' +
    'const later = (f) => { const before = last; let done; last = new Promise((go) => { done = go }); ' +
    '(before === null ? new Promise((go) => go(f())) : before.then(f)).then(log, (x) => log(text(x))).then(done) }; ' +
    'const id = (x) => x; const tag = (s, ...v) => s.raw[0] + s.raw.length + v.length; ' +
    'const O = { k: 4, n: 2, f: [2, 3], m(x) { return [typeof this, x] } }; ' +
    'class B { constructor(n) { this.n = n } m(x) { return x } static s(x) { return x } } ' +
    `${LIVE[profile]}${iterable}` +
    `let r; try { r = main(${GIVEN.join(', ')}) } catch (x) { r = text(x) } return settled() }`
  );
}
