/**
 * The text of a snippet (see compare-with-plain.ts) that uses a bundled package and logs what each call brings. It becomes part
 * of the script: the functions below must refer to nothing outside of it.
 */
export function packageSnippet(
  bundled: string,
  calls: readonly string[],
  leaveOut: RegExp | undefined,
  seed: number,
): string {
  const thunks = calls.map((call) => `() => ${call.startsWith('{') ? `(${call})` : call}`).join(',\n');
  return `${SURROUNDINGS}
${bundled}
const P = exported.it;
${LOOK}
${WALK}
const results = [];
const callAll = (calls) => {
  for (const [i, call] of calls.entries()) {
    let result;
    try { result = call() } catch (error) { result = error }
    if (result instanceof Promise) results.push(result.then((x) => ['late', i, look(x, 0)], (x) => ['failed', i, look(x, 0)]));
    else log(['call', i, look(result, 0)]);
  }
};
callAll([
${thunks}
]);
walk(P, ${leaveOut ?? '/^$/'}, ${seed});
return Promise.all(results);`;
}

/** What a browser has and the bare language has not; the same on both sides. */
const SURROUNDINGS = `
const silent = () => {};
const console = { log: silent, warn: silent, error: silent, info: silent, debug: silent };
const process = undefined, Buffer = undefined, window = undefined, self = undefined, document = undefined, global = undefined, navigator = undefined;
const setTimeout = silent, clearTimeout = silent, setInterval = silent, clearInterval = silent, setImmediate = undefined, queueMicrotask = undefined;
const performance = { now: () => 1 };
const crypto = { getRandomValues: (a) => a.fill(7), randomUUID: () => '00000000-0000-4000-8000-000000000000' };
class EventTarget { addEventListener() {} dispatchEvent() { return true } }
class Event { constructor(type) { this.type = type } }
const URL = undefined, URLSearchParams = undefined, TextEncoder = undefined, TextDecoder = undefined, Blob = undefined, Worker = undefined, File = undefined;
const define = undefined, exports = undefined, module = undefined, require = () => ({});
`;

/** A value as plain data of bounded size. */
const LOOK = `
const look = (x, depth) => {
  if (typeof x === 'function') return 'function ' + x.length;
  if (typeof x !== 'object' || x === null) return typeof x === 'string' && x.length > 300 ? x.slice(0, 300) + x.length : x;
  if (x instanceof Error) return 'error ' + x.name;
  if (x instanceof Date) return 'date ' + Date.prototype.getTime.call(x);
  if (x instanceof RegExp) return String(x);
  if (depth > 3) return 'deep';
  if (x instanceof Map || x instanceof Set) return [x.constructor.name, look([...x], depth + 1)];
  if (Array.isArray(x)) return [x.length, ...Array.prototype.slice.call(x, 0, 8).map((y) => look(y, depth + 1))];
  const found = {};
  try {
    for (const key of Object.keys(x).slice(0, 12)) found[key] = look(x[key], depth + 1);
  } catch (error) {
    found.unreadable = String(error && error.name);
  }
  return found;
};
`;

/** Calls everything that is exported with arguments from a pool, as functions, constructors and methods. */
const WALK = `
const walk = (root, leaveOut, seed) => {
  let state = seed, fuel = 0;
  const below = (n) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0, (state >>> 8) % n);
  const ask = (x) => { if (--fuel < 0) throw new Error('fuel'); return host(x); };
  const pool = [
    () => 0, () => 1, () => 2, () => 3, () => -1, () => 1.5, () => '', () => 'a', () => 'Hello World', () => 'a-b_c', () => 'a.b',
    () => '2024-02-29T12:34:56Z', () => '1.2.3', () => null, () => undefined, () => true, () => [], () => [3, 1, 2], () => ['b', 'a'],
    () => [['a', 1], ['b', 2]], () => [{ a: 1 }, { a: 2 }], () => ({}), () => ({ a: 1, b: { c: [1, 2] } }), () => ({ length: 2, 0: 'x', 1: 'y' }),
    () => (x) => (ask(typeof x), x), () => (x) => ask(typeof x === 'number' && x > 1), () => (x, y) => (ask(1), x < y ? -1 : x > y ? 1 : 0),
    () => () => ask('v'), () => (...a) => ask(a.length), () => () => { throw new RangeError(ask('t')) }, () => async (x) => ask(typeof x),
    () => function* () { yield ask(1); yield 2 }, () => ({ valueOf() { return ask(5) }, toString() { return ask('k') } }),
    () => ({ get a() { return ask(4) } }), () => ({ *[Symbol.iterator]() { yield ask(1); yield 2 } }),
    () => /b/g, () => new Date(86400000), () => new Map([[1, 2]]), () => new Set([1, 'x']), () => new Uint8Array([1, 2, 3]),
  ];
  const draw = (n) => Array.from({ length: n }, () => pool[below(pool.length)]());
  const late = (x, where) => {
    if (x instanceof Promise) x.then((y) => log([where, 'late', look(y, 0)]), (y) => log([where, 'failed', look(y, 0)]));
    return x;
  };
  const attempt = (where, run) => {
    fuel = 40;
    try {
      const result = late(run(), where);
      log([where, look(result, 0)]);
      return result;
    } catch (error) {
      log([where, 'threw', look(error, 0)]);
    }
  };
  const seen = new Set();
  let methods = 120;
  const visit = (holder, path, depth) => {
    for (const key of Object.getOwnPropertyNames(holder).sort()) {
      if (/^(?:length|name|prototype|caller|arguments|constructor|__.*)$/.test(key) || leaveOut.test(key)) continue;
      let value;
      try { value = holder[key] } catch (error) { log([path + key, 'unreadable', look(error, 0)]); continue }
      if ((typeof value !== 'function' && typeof value !== 'object') || value === null || seen.has(value)) continue;
      seen.add(value);
      const where = path + '.' + key;
      if (typeof value === 'object') {
        if (depth < 2) visit(value, where, depth + 1);
        continue;
      }
      for (let n = 0; n < 4; n++) {
        const args = draw(Math.max(1, Math.min(3, value.length || 2)));
        const result = attempt(where + n, () => holder[key](...args));
        if (n < 2 && typeof result === 'function') attempt(where + n + '()', () => result(...draw(2)));
      }
      if (/^[A-Z]/.test(key)) {
        const made = attempt('new ' + where, () => new value(...draw(2)));
        for (let at = made; at && at !== Object.prototype && methods > 0; at = Object.getPrototypeOf(at))
          for (const name of Object.getOwnPropertyNames(at)) {
            if (name === 'constructor' || leaveOut.test(name) || methods-- < 0) continue;
            let method;
            try { method = made[name] } catch { continue }
            if (typeof method === 'function') attempt(where + '#' + name, () => made[name](...draw(2)));
          }
      }
      if (depth < 1) visit(value, where, depth + 1);
    }
  };
  visit(root, '', 0);
};
`;
