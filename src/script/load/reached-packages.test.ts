import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseScript } from './parse-module.ts';
import { findReachedPackages } from './reached-packages.ts';

/** What a script with two packages and k6's HTTP hands to which of them. */
function reached(source: string): string[] {
  const imports = `import http from 'k6/http'; import { SharedArray } from 'k6/data';
    import lists, { map } from 'sixfold:package/0'; import * as other from 'sixfold:package/1';\n`;
  return [...findReachedPackages(parseScript(imports + source))].map((name) => name.slice(-1)).sort();
}

/** All in one: each of these alone has to tell. */
function all(cases: readonly string[], expected: readonly string[]): void {
  for (const source of cases) assert.deepEqual(reached(source), expected, source);
}

describe('a package is reached by something that blocks', () => {
  test('where k6’s own function, or one of the script’s around it, is an argument', () => {
    all(
      [
        'map([1], http.get);',
        'map([1], (url) => http.get(url));',
        'map([1], function () { return [http.get("x")] });',
        'const ask = () => http.get("x"); map([1], ask);',
        'function ask() { http.get("x") } map([1], () => { if (1) { ask() } });',
        'const ask = () => http.get("x"), wrapped = () => ask(), twice = [wrapped]; map(twice);',
        'class Api { get() { return http.get("x") } } map(new Api());',
        'const api = { deep: { get: () => http.get("x") } }; map(api);',
        'const { get } = http; map([1], get);',
        'let later; later = http.get; map([1], later);',
        'map([1], ...[http.get]);',
        'new lists.Queue(http.get);',
        'lists.a.b(1)(2).c(http.get);',
        'lists`a ${' + 'http.get} b`;',
        'lists?.map?.(http.get);',
        '(await lists.load()).map(http.get);',
      ],
      ['0'],
    );
  });

  test('where it goes through a function of the script’s own', () => {
    all(
      [
        'const each = (list, fn) => map(list, fn); each([1], (x) => http.get(x));',
        'function each(fn) { map([1], fn) } function outer(fn) { each(fn) } outer(http.get);',
        'const tools = { each(fn) { map([1], fn) } }; tools.each(http.get);',
        'class Tools { each(fn) { map([1], fn) } } new Tools().each(() => http.get("x"));',
        'class Tools { each = (fn) => map([1], fn) } new Tools().each(http.get);',
      ],
      ['0'],
    );
  });

  test('where it becomes a property, or a class of the package is extended', () => {
    all(
      [
        'lists.fetcher = http.get;',
        'const queue = lists.create(); queue.worker = () => http.get("x");',
        'class Own extends lists.Base { run() { http.get("x") } }',
        'const make = () => http.get("x"); class Own extends lists.Base { field = make }',
      ],
      ['0'],
    );
  });

  test('where a variable stands for the package, or what it gave', () => {
    all(
      [
        'const own = lists; own.map(http.get);',
        'const { map: each } = lists; each(http.get);',
        'const queue = new lists.Queue(); queue.push(() => http.get("x"));',
        'const chained = lists.chain([1]).filter(Boolean); chained.map(http.get);',
      ],
      ['0'],
    );
    assert.deepEqual(reached("const required = require('sixfold:package/2'); required.run(http.get);"), ['2']);
    assert.deepEqual(reached("const named = __toESM(require('sixfold:package/3')); named.default(http.get);"), ['3']);
  });

  test('each for itself', () => {
    assert.deepEqual(reached('map([1], (x) => x); other.run(http.get);'), ['1']);
    assert.deepEqual(reached('map(http.get); other.run(http.get);'), ['0', '1']);
  });
});

describe('a package is not reached', () => {
  test('by data, whatever request it came from', () => {
    all(
      [
        'map(http.get("x").json(), (item) => item.id);',
        'export default () => { http.get(map(["a"], (x) => x + 1)[0]); };',
        'const data = new SharedArray("a", () => [1]); map(data, (x) => x);',
        'other.parse("text");',
        '',
      ],
      [],
    );
  });

  test('by a module of k6 that never waits', () => {
    assert.deepEqual(reached("import { sha256 } from 'k6/crypto'; map([1], (x) => sha256(x, 'hex'));"), []);
    assert.deepEqual(reached("import tcp from 'k6/x/tcp'; map([1], tcp.connect);"), ['0']);
    assert.deepEqual(reached("import own from 'k6/x/somebodys'; map([1], own.call);"), ['0']);
  });
});
