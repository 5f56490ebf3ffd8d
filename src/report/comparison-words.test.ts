import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparedValue } from '../metrics/comparison/comparison.ts';
import type { ComparisonRecord } from './comparison-record.ts';
import {
  describeBaseline,
  describeVerdict,
  formatChange,
  judgementOf,
  listNames,
  statisticOf,
  subjectOf,
} from './comparison-words.ts';
import { findObjection } from './find-objection.ts';

function comparedValue(change: Partial<ComparedValue>): ComparedValue {
  return {
    row: null,
    metric: 'http_req_duration',
    statistic: 'p(95)',
    kind: 'time',
    contains: 'time',
    before: 1,
    after: 1,
    scale: 'relative',
    change: 0,
    low: -0.01,
    high: 0.09,
    verdict: 'same',
    ...change,
  };
}

const endpoint = (name: string, method = 'GET') => ({ kind: 'endpoint', protocol: 'http', method, name }) as const;

test('changes have as many digits as mean something, and a sign unless they are nothing', () => {
  const cases: [change: number, scale: ComparedValue['scale'], text: string][] = [
    [0, 'relative', '0 %'],
    [-0, 'relative', '0 %'],
    [0.0004, 'relative', '0 %'],
    [0.0005, 'relative', '+0.1 %'],
    [0.004, 'relative', '+0.4 %'],
    [-0.004, 'relative', '−0.4 %'],
    [0.0094, 'relative', '+0.9 %'],
    [0.0095, 'relative', '+1 %'],
    [0.124, 'relative', '+12 %'],
    [-1, 'relative', '−100 %'],
    [9.99, 'relative', '+999 %'],
    [10, 'relative', 'over +1,000 %'],
    [Number.POSITIVE_INFINITY, 'relative', 'over +1,000 %'],
    [-10, 'absolute', 'over −1,000 points'],
    [0.00004, 'absolute', '0 points'],
    [0.0005, 'absolute', '+0.05 points'],
    [0.012, 'absolute', '+1.2 points'],
    [-0.25, 'absolute', '−25 points'],
  ];
  for (const [change, scale, text] of cases) assert.equal(formatChange(change, scale), text, `${change} ${scale}`);
});

test('a verdict is in the words of what it is about', () => {
  for (const [kind, more, less] of [
    ['time', 'slower', 'faster'],
    ['failures', 'more failures', 'fewer failures'],
    ['checks', 'more failed checks', 'fewer failed checks'],
    ['value', 'higher', 'lower'],
  ] as const) {
    assert.equal(describeVerdict(comparedValue({ kind, verdict: 'more' })), more);
    assert.equal(describeVerdict(comparedValue({ kind, verdict: 'less' })), less);
  }
  assert.equal(describeVerdict(comparedValue({})), 'no relevant change');
  assert.equal(describeVerdict(comparedValue({ verdict: 'undecided' })), 'undecided: −1 % to +9 %');
  assert.match(
    describeVerdict(comparedValue({ verdict: 'undecided', low: null, high: null })),
    /fewer than three earlier runs/,
  );
});

test('more is worse of all but values that mean nothing by themselves', () => {
  for (const kind of ['time', 'failures', 'checks', 'value'] as const)
    for (const verdict of ['more', 'less', 'same', 'undecided'] as const) {
      const expected =
        kind === 'value' || verdict === 'same' || verdict === 'undecided'
          ? 'neutral'
          : verdict === 'more'
            ? 'worse'
            : 'better';
      assert.equal(judgementOf(comparedValue({ kind, verdict })), expected, `${kind} ${verdict}`);
    }
});

test('what a value is about: an endpoint by its method and name, else the metric', () => {
  assert.equal(subjectOf(comparedValue({})), 'http_req_duration');
  assert.equal(subjectOf(comparedValue({ row: endpoint('/a') })), 'GET /a');
  assert.equal(subjectOf(comparedValue({ row: endpoint('shop.Counter/Menu', '') })), 'shop.Counter/Menu');
  assert.equal(subjectOf(comparedValue({ row: { ...endpoint(''), kind: 'protocol' } })), 'http_req_duration');
  assert.equal(statisticOf(comparedValue({})), 'p(95)');
  assert.equal(statisticOf(comparedValue({ kind: 'checks', statistic: 'rate' })), 'failed');
  assert.equal(describeBaseline('last:1', 1), 'one earlier run (last:1)');
  assert.equal(describeBaseline('pinned', 3), '3 earlier runs (pinned)');
  for (const [names, text] of [
    [[], ''],
    [['a'], 'a'],
    [['a', 'b', 'c'], 'a, b, c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
  ] as const)
    assert.equal(listNames(names), text);
});

test('a run fails for what it is told to fail for, each endpoint named once', () => {
  const record = (values: ComparedValue[]): ComparisonRecord => ({
    method: 'batches',
    stretch: null,
    loads: [],
    values,
    appeared: [],
    vanished: [],
    baseline: 'last:3',
    earlier: [],
    notes: [],
  });
  const slower = (name: string, statistic: string) =>
    comparedValue({ row: endpoint(name), statistic, verdict: 'more' });
  const values = [
    slower('/a', 'med'),
    slower('/a', 'p(95)'),
    slower('/b', 'p(95)'),
    comparedValue({ kind: 'checks', metric: 'checks', verdict: 'more' }),
    comparedValue({ kind: 'value', verdict: 'more' }),
    comparedValue({ verdict: 'less' }),
  ];
  const found = (failOn: ('slower' | 'failures')[], of = values) => findObjection(record(of), failOn);
  assert.equal(found(['slower']), '--fail-on slower: it is slower than the earlier runs (last:3): GET /a, GET /b');
  assert.equal(found(['failures']), '--fail-on failures: more fails than in the earlier runs (last:3): checks');
  assert.match(found(['failures', 'slower'])!, /^--fail-on failures/, 'the first of those that are asked for');
  assert.equal(found([]), null);
  assert.equal(found(['slower', 'failures'], values.slice(4)), null, 'values without a good side and faster ones');
});
