// Headers as https://fetch.spec.whatwg.org, section 5.1, has them; from compiled scripts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runBody } from '../../../test/script-bench.ts';
import { HeaderFields } from './headers-class.ts';

const HEAD = `const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.name; } };`;
const run = (body: string): Promise<unknown> => runBody(body, HEAD);

describe('Headers are made', () => {
  test('of nothing, pairs, records, maps and others, whose later changes they do not see', async () => {
    assert.deepEqual(
      await run(`
        const source = new Headers({ a: '1' });
        const copy = new Headers(source);
        source.set('a', '2');
        const show = (v) => [...new Headers(v)];
        return [show(), show([]), show({}), show([['B', 2], ['b', 3]]), show({ X: null, y: undefined }), show(new Map([['m', true]])), [...copy]];`),
      [
        [],
        [],
        [],
        [['b', '2, 3']],
        [
          ['x', 'null'],
          ['y', 'undefined'],
        ],
        [['m', 'true']],
        [['a', '1']],
      ],
    );
  });

  test('of the own and enumerable members of a record only', async () => {
    assert.deepEqual(
      await run(`
        const record = Object.create({ inherited: '1' }, { hidden: { value: '2' }, shown: { value: '3', enumerable: true } });
        return [...new Headers(record)];`),
      [['shown', '3']],
    );
  });

  test('of no text, no number, no null and no pairs of another length', async () => {
    assert.deepEqual(
      await run(
        `return [null, 'a: 1', 5, true, [['a']], [['a', 'b', 'c']], ['ab'], [5], [[]]].map((v) => thrown(() => new Headers(v)));`,
      ),
      Array(9).fill('TypeError'),
    );
  });
});

describe('names of headers', () => {
  test('are the same whatever the case', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers({ 'Content-TYPE': 'a/b' });
        h.append('X-Z', '1');
        return [h.get('content-type'), h.has('CONTENT-TYPE'), [...h.keys()], (h.delete('x-z'), h.has('X-Z'))];`),
      ['a/b', true, ['content-type', 'x-z'], false],
    );
  });

  test('are tokens of HTTP: whatever else is asked for or set is a TypeError', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers();
        const calls = [(n) => h.get(n), (n) => h.has(n), (n) => h.delete(n), (n) => h.set(n, '1'), (n) => h.append(n, '1'), (n) => new Headers([[n, '1']]), (n) => new Headers({ [n]: '1' })];
        const bad = ['', ' ', 'a b', 'a:', 'ä', 'a\\n', '(a)', 'a/b', '"', '\\u{1F600}'];
        return [calls.every((call) => bad.every((name) => thrown(() => call(name)) === 'TypeError')), calls.map((call) => thrown(() => call("!#$%&'*+-.^_\`|~09AZaz")))];`),
      [true, Array(7).fill('nothing')],
    );
  });

  test('are required', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers();
        return [thrown(() => h.get()), thrown(() => h.has()), thrown(() => h.delete()), thrown(() => h.set('a')), thrown(() => h.append('a')), thrown(() => h.append())];`),
      Array(6).fill('TypeError'),
    );
  });
});

describe('values of headers', () => {
  test('lose the white space around them, and keep what is within', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers();
        h.set('a', ' \\t\\r\\n x  y \\n'); h.set('b', ''); h.set('c', '   '); h.set('d', '\\u00a0x');
        return [...h.values()];`),
      ['x  y', '', '', '\u00a0x'],
    );
  });

  test('have no line break, no NUL and nothing beyond Latin-1 in them', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers();
        return [['a\\nb', 'a\\rb', 'a\\0b', '\\0', '€', '\\u{1F600}'].map((v) => thrown(() => h.set('x', v))), ['ÿ', '\\x01', '\\x7f', '"', 'a\\tb'].map((v) => thrown(() => h.append('x', v)))];`),
      [Array(6).fill('TypeError'), Array(5).fill('nothing')],
    );
  });

  test('become text as the language makes it', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers({ n: 1.50, o: { toString: () => 'own' }, l: [1, 2] });
        return [...h.values(), thrown(() => h.set('s', Symbol('s')))];`),
      ['1,2', '1.5', 'own', 'TypeError'],
    );
  });
});

describe('several values of one header', () => {
  test('are one text, but set() leaves one', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers([['a', '1'], ['b', 'x'], ['A', '2'], ['a', '']]);
        const joined = h.get('a');
        h.set('A', '3');
        return [joined, h.get('a'), [...h], h.get('none')];`),
      [
        '1, 2, ',
        '3',
        [
          ['a', '3'],
          ['b', 'x'],
        ],
        null,
      ],
    );
  });

  test('that set cookies stand apart, in their order, and each of them in the iteration', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers([['set-cookie', 'b=1'], ['z', '1'], ['Set-Cookie', 'a=2; Path=/'], ['a', '0']]);
        const copy = new Headers(h);
        h.set('set-cookie', 'c=3');
        return [copy.getSetCookie(), copy.get('set-cookie'), [...copy.keys()], h.getSetCookie(), new Headers().getSetCookie()];`),
      [['b=1', 'a=2; Path=/'], 'b=1, a=2; Path=/', ['a', 'set-cookie', 'set-cookie', 'z'], ['c=3'], []],
    );
  });
});

describe('iterating over Headers', () => {
  test('goes by name, and sees what changes meanwhile', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers({ c: '3', a: '1' });
        const seen = [];
        for (const [name] of h) { seen.push(name); if (name === 'a') { h.set('b', '2'); h.delete('c'); } }
        return seen;`),
      ['a', 'b'],
    );
  });

  test('gives a callback the value, the name and the headers, and no `this` but the one asked for', async () => {
    assert.deepEqual(
      await run(`
        const h = new Headers({ a: '1' });
        const self = {};
        const seen = [];
        h.forEach(function (...args) { seen.push(args.length, args[0], args[1], args[2] === h, this === self); }, self);
        h.forEach(function () { seen.push(this === undefined); });
        return [seen, thrown(() => h.forEach()), thrown(() => h.forEach({})), thrown(() => Headers.prototype.forEach.call({}, () => {}))];`),
      [[2 + 1, '1', 'a', true, true, true], 'TypeError', 'TypeError', 'TypeError'],
    );
  });

  test('is done by iterators of the language, with a name of their own', async () => {
    assert.deepEqual(
      await run(`
        const i = new Headers({ a: '1' }).keys();
        return [i[Symbol.iterator]() === i, i.map((k) => k + '!').toArray(), i.next(), Object.prototype.toString.call(i), Headers.prototype.entries === Headers.prototype[Symbol.iterator]];`),
      [true, ['a!'], { done: true }, '[object Headers Iterator]', true],
    );
  });
});

test('a copy of fields is another list, fixed or not as is asked for', () => {
  const fields = new HeaderFields([['a', '1']], true);
  const copy = fields.copy();
  copy.append('A', '2');
  assert.deepEqual(
    [fields.get('a'), copy.get('a'), copy.isFixed, fields.copy(true).isFixed],
    ['1', '1, 2', false, true],
  );
});
