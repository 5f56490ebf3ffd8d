import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../comparison/simulated-run.fixture.ts';
import type { MetricType } from '../metric.ts';
import { createSink } from '../sinks/sink.ts';
import { ThresholdError } from './threshold-error.ts';
import { aggregate, checkAggregation, holds, parseExpression } from './threshold-expression.ts';

const AGGREGATIONS = ['count', 'rate', 'value', 'avg', 'min', 'max', 'med', 'p(0)', 'p(50)', 'p(99.99)', 'p(100)'];
const OPERATORS = ['<', '<=', '>', '>=', '==', '===', '!='] as const;
const NUMBERS = ['0', '-0', '1', '+1', '-1', '.5', '5.', '1e3', '1E-3', '-1.5e+2', '0.1', '00012'];

test('every aggregation, operator and number is read with and without spaces', () => {
  for (const aggregation of AGGREGATIONS)
    for (const operator of OPERATORS)
      for (const number of NUMBERS)
        for (const space of ['', ' ', ' \t ']) {
          const source = `${space}${aggregation}${space}${operator}${space}${number}${space}`;
          const expected = { source, aggregation, operator, limit: Number(number) };
          assert.deepEqual(parseExpression(source), expected, JSON.stringify(source));
        }
});

test('what is nearly an expression is none', () => {
  const sources = [
    '',
    ' ',
    'avg',
    'avg<',
    '<5',
    'avg5',
    'avg=5',
    'avg=<5',
    'avg=>5',
    'avg!5',
    'avg!==5',
    'avg====5',
    'avg<<5',
    'avg<5<6',
    'avg<5,',
    'avg<5ms',
    'avg<0x10',
    'avg<1_000',
    'avg<Infinity',
    'avg<NaN',
    'avg<--5',
    'avg<1e',
    'avg<.',
    'avg<٣',
    'AVG<5',
    'a vg<5',
    'p<5',
    'p()<5',
    'p(-1)<5',
    'p(100.0001)<5',
    'p(1e1)<5',
    'p(9 5)<5',
    'p(95<5',
    'p 95<5',
    'p(95))<5',
    'p95<5',
    'q(95)<5',
    'p(NaN)<5',
    'avg()<5',
    'avg(1)<5',
    'sum<5',
    'constructor<5',
    '5>avg',
  ];
  for (const source of sources)
    assert.throws(
      () => parseExpression(source),
      (error) => error instanceof ThresholdError && error.message.includes(`"${source}"`),
      JSON.stringify(source),
    );
});

test('each type of metric has its own aggregations', () => {
  const allowed: Record<MetricType, string[]> = {
    counter: ['count', 'rate'],
    gauge: ['value'],
    rate: ['rate'],
    trend: ['avg', 'min', 'max', 'med', 'p(0)', 'p(50)', 'p(99.99)', 'p(100)'],
  };
  for (const [type, names] of Object.entries(allowed))
    for (const aggregation of AGGREGATIONS) {
      const check = (): void =>
        checkAggregation(parseExpression(`${aggregation}<1`), 'mine', { type: type as MetricType });
      if (names.includes(aggregation)) check();
      else assert.throws(check, /defined on mine; reason: unsupported/, `${aggregation} of a ${type}`);
    }
});

test('an operator holds where that of the language does', () => {
  const random = seeded(2);
  const values = [0, -0, 1, -1, 0.1 + 0.2, 0.3, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const operator of OPERATORS)
    for (let round = 0; round < 60; round++) {
      const [value, limit] = [values[Math.floor(random() * 9)], values[Math.floor(random() * 7)]];
      const expected = {
        '<': value < limit,
        '<=': value <= limit,
        '>': value > limit,
        '>=': value >= limit,
        '==': value === limit,
        '===': value === limit,
        '!=': value !== limit,
      }[operator];
      const expression = parseExpression(`avg${operator}${String(limit)}`);
      assert.equal(holds(expression, value), expected, `${value} ${operator} ${limit}`);
    }
});

test('a metric without samples has the value 0, and a run without duration no rate', () => {
  const cases: [MetricType, string, number, number | undefined][] = [
    ['counter', 'count', 0, 0],
    ['counter', 'rate', 0, undefined],
    ['counter', 'rate', 1000, 0],
    ['gauge', 'value', 0, 0],
    ['rate', 'rate', 0, 0],
    ['trend', 'avg', 0, 0],
    ['trend', 'min', 0, 0],
    ['trend', 'max', 0, 0],
    ['trend', 'p(95)', 0, 0],
  ];
  for (const [type, aggregation, durationMs, expected] of cases)
    assert.equal(
      aggregate(parseExpression(`${aggregation}<1`), createSink(type), durationMs),
      expected,
      `${aggregation} of a ${type}`,
    );
});
