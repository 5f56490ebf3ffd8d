import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSelector, SelectorError } from './submetric.ts';

test('a selector names a metric and the tags that its samples must have', () => {
  const cases: [string, string, [string, string][]][] = [
    ['took', 'took', []],
    ['took{kind:page}', 'took', [['kind', 'page']]],
    [
      'took{kind:page,zone:eu}',
      'took',
      [
        ['kind', 'page'],
        ['zone', 'eu'],
      ],
    ],
    ['took{ kind : "font" }', 'took', [['kind', 'font']]],
    ["took{'a b':'c:d'}", 'took', [['a b', 'c:d']]],
    ['checks{group:::outer::inner}', 'checks', [['group', '::outer::inner']]],
    ['http_reqs{name:http://a.b/{id}}', 'http_reqs', [['name', 'http://a.b/{id}']]],
  ];
  for (const [text, metric, tags] of cases) assert.deepEqual(parseSelector(text), { metric, tags }, text);
});

test('a selector that cannot be read is refused with its reason', () => {
  const cases: [string, RegExp][] = [
    ['took{kind:page', /closing brace/],
    ['took}', /no opening one/],
    ['took{}', /selects by no tag/],
    ['took{kind}', /tag without a value: "kind"/],
    ['took{a:1,}', /tag without a value/],
  ];
  for (const [text, reason] of cases)
    assert.throws(
      () => parseSelector(text),
      (error) => error instanceof SelectorError && reason.test(error.message),
      text,
    );
});

test('a tag needs a value', () => {
  for (const text of ['took{kind:}', 'took{kind: ,a:b}']) assert.throws(() => parseSelector(text), /malformed.*"kind"/);
});
