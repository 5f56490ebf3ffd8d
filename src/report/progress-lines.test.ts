import assert from 'node:assert/strict';
import { test } from 'node:test';
import stringWidth from 'string-width';
import { formatClock, renderAnnouncement, renderProgress, type ScenarioBar } from './progress-lines.ts';

test('the announcement tells what is going to happen', () => {
  const text = renderAnnouncement({
    execution: 'local',
    script: 'a.js',
    outputs: ['json (x)', 'csv (y)'],
    share: 0.5,
    maxVus: 12,
    maxDurationMs: 90_000,
    scenarios: [
      { name: 'one', description: '2 looping VUs for 1m0s' },
      { name: 'two', description: 'more' },
    ],
  });
  assert.equal(
    text,
    `     execution: local
        script: a.js
        output: json (x), csv (y)

     scenarios: (50.00%) 2 scenarios, 12 max VUs, 1m30s max duration (incl. graceful stop):
              * one: 2 looping VUs for 1m0s
              * two: more

`,
  );
});

const BAR: ScenarioBar = { name: 'default', share: 0.5, state: 'running', details: ['10 VUs', '05.0s/10s'] };
const PROGRESS = { elapsedMs: 5000, activeVus: 9, maxVus: 10, complete: 45, interrupted: 0 };

test('progress is a line of totals and a bar per scenario', () => {
  const lines = renderProgress({ ...PROGRESS, scenarios: [BAR, { ...BAR, name: 'b', share: 1, state: 'done' }] }, 120);
  assert.deepEqual(lines, [
    'running (0m05.0s), 09/10 VUs, 45 complete and 0 interrupted iterations',
    `default   [${'='.repeat(18)}>${'-'.repeat(19)}] 10 VUs  05.0s/10s`,
    `b       ✓ [${'='.repeat(38)}] 10 VUs  05.0s/10s`,
  ]);
});

test('no line is wider than the terminal', () => {
  for (const columns of [1, 10, 30, 45, 60, 200]) {
    for (const line of renderProgress(
      { ...PROGRESS, scenarios: [BAR, { ...BAR, share: 0, state: 'waiting' }] },
      columns,
    )) {
      assert.ok(line.length <= columns, `${columns}: ${line}`);
    }
  }
  assert.match(renderProgress({ ...PROGRESS, scenarios: [BAR] }, 36)[1], /default {3}50% {2}10 VUs/);
});

test('any name leaves its bar the room of one, and every bar begins in the same column', () => {
  const names = ['注文を確認する顧客のシナリオ', 'e\u0301'.repeat(30), '🍕🍕🍕 pizza', 'x'.repeat(80), 'a\nb\x1b[2J'];
  for (const columns of [60, 80, 120]) {
    const lines = renderProgress({ ...PROGRESS, scenarios: names.map((name) => ({ ...BAR, name })) }, columns).slice(1);
    const starts = lines.map((line) => stringWidth(line.slice(0, line.lastIndexOf(' ['))));
    assert.equal(new Set(starts).size, 1, lines.join('\n'));
    for (const line of lines) {
      assert.match(line, /\[=*>?-{3,}\] 10 VUs {2}05\.0s\/10s$/);
      assert.ok(stringWidth(line) <= columns, line);
      assert.doesNotMatch(line, /\p{Cc}/u);
    }
  }
});

test('the clock has tenths of a second', () => {
  assert.equal(formatClock(0), '0m00.0s');
  assert.equal(formatClock(65_430), '1m05.4s');
  assert.equal(formatClock(3_600_000 + 59_999), '1h00m59.9s');
});
