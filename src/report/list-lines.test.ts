import assert from 'node:assert/strict';
import { test } from 'node:test';
import { widthOf } from './fit-text.ts';
import { listLines } from './list-lines.ts';
import type { ListedRun } from './listed-run.ts';
import { textStyle } from './text-style.ts';

const PLAIN = textStyle(false);

function runOf(change: Partial<ListedRun>): ListedRun {
  return {
    id: '20261128-091204-7f3c2e',
    name: 'script.js',
    startedAtMs: new Date(2026, 10, 28, 9, 2).getTime(),
    state: 'ended',
    exitCode: 0,
    isPinned: false,
    headline: {
      durationMs: 61_049,
      iterations: 1,
      failedIterations: 0,
      requests: 1_234_567,
      failed: 12,
      protocol: 'http',
      p95: 12.345,
      thresholds: 0,
      crossed: 0,
    },
    ...change,
  } as ListedRun;
}

test('no run is a head alone', () => {
  const [head, ...others] = listLines([], PLAIN);
  assert.match(head!, /^ +run +began +script +took +requests +failed +p95 +result$/);
  assert.deepEqual(others, []);
});

test('a run has its numbers in their columns, and nothing where there is none', () => {
  const bare = { ...runOf({}).headline!, requests: 0, p95: null };
  const lines = listLines([runOf({ isPinned: true }), runOf({ headline: null }), runOf({ headline: bare })], PLAIN);
  assert.match(
    lines[1]!,
    /^\* +20261128-091204-7f3c2e +2026-11-28 09:02 +script\.js +1m1s +1,234,567 +0\.00% +12\.34ms +/,
  );
  assert.match(lines[2]!, /^ +20261128-091204-7f3c2e +2026-11-28 09:02 +script\.js {5,}\S/);
  assert.match(lines[3]!, /script\.js +1m1s +0 {5,}\S/);
});

test('columns stand below each other whatever the names of scripts are', () => {
  const names = [
    'a.js',
    'größe.js',
    '比萨饼.js',
    '🍕🍕.js',
    'e\u0301te\u0301.js',
    'x'.repeat(60),
    '比'.repeat(40),
    '🍕'.repeat(40),
    '',
  ];
  const lines = listLines(
    names.map((name) => runOf({ name })),
    PLAIN,
  );
  const at = lines.slice(1).map((line) => widthOf(line.slice(0, line.indexOf('1m1s'))));
  assert.equal(new Set(at).size, 1, String(at));
  for (const line of lines) assert.ok(line.isWellFormed(), 'no character is cut in two');
});

test('what a terminal would obey is shown, not obeyed', () => {
  const [, line] = listLines([runOf({ name: 'a\x1b[31m\x07\r\n.js' })], PLAIN);
  assert.ok(!/\p{Cc}/u.test(line!), JSON.stringify(line));
});
