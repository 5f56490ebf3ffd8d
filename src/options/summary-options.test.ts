import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trendStat } from '../metrics/sinks/trend-stat.ts';
import { checkTimeUnit, checkTrendStats, DEFAULT_TREND_STATS } from './summary-options.ts';

test('every statistic that is let through is one that a trend has', () => {
  const texts = [
    ...DEFAULT_TREND_STATS,
    'count',
    'p(0)',
    'p(100)',
    'p(99.999)',
    'p(050)',
    'p(95) ',
    ' p(95)',
    ' avg',
    'avg ',
    'AVG',
    'P(95)',
    'p( 95 )',
    'p(95.)',
    'p(.5)',
    'p(100.1)',
    'p(-1)',
    'p()',
    'p95',
    'p(1e1)',
    'sum',
    'rate',
    'toString',
    '',
  ];
  const passed = texts.filter((text) => {
    try {
      checkTrendStats([text]);
    } catch (error) {
      assert.ok((error as Error).message.startsWith(`summaryTrendStats has "${text}"`));
      return false;
    }
    return true;
  });
  assert.deepEqual(passed, [...DEFAULT_TREND_STATS, 'count', 'p(0)', 'p(100)', 'p(99.999)', 'p(050)']);
  for (const text of passed) assert.ok(trendStat(text), text);
});

test('one that there is not is refused among those that there are', () => {
  assert.throws(() => checkTrendStats(['avg', 'p(101)', 'max']), /has "p\(101\)"/);
  checkTrendStats([]);
});

test('units of time are three, and none of them is the one that suits', () => {
  for (const unit of ['', 's', 'ms', 'us']) checkTimeUnit(unit);
  for (const unit of ['S', 'm', 'µs', 'ns', ' s', 'seconds'])
    assert.throws(() => checkTimeUnit(unit), /none of s, ms and us/);
});
