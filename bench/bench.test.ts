import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureProcess, parseTimes } from './measure-process.ts';
import { parseH2load, parseWrk } from './programs.ts';
import { renderTable, replaceTable } from './result-table.ts';
import { median } from './rounds.ts';
import { WORKLOADS } from './workload-table.ts';

test('the CPU time, the memory and the exit of a process are its own', async () => {
  const busy =
    'const kept = Buffer.alloc(64e6, 1); while (process.cpuUsage().user < 300e3) kept[0]++; process.stdout.write("done"); process.exitCode = 3;';
  const cost = await measureProcess(process.execPath, ['-e', busy]);
  assert.ok(cost.cpuSeconds >= 0.2 && cost.cpuSeconds < 5, String(cost.cpuSeconds));
  assert.ok(cost.wallMs >= 200);
  assert.deepEqual([cost.exit, cost.stdout], [3, 'done']);
  if (process.platform === 'linux') assert.ok(cost.peakBytes > 64e6, String(cost.peakBytes));
});

test('the line of the children counts', () => {
  assert.equal(parseTimes('0m9.00s 0m9.00s\n1m1.50s 0m0.25s\n'), 61.75);
});

test('the counts of the peers are read from what they print', () => {
  assert.equal(parseWrk('Running 1s test\n  123456 requests in 1.00s, 20MB read\n'), 123456);
  assert.throws(() => parseWrk('  9 requests in 1.00s\n  Non-2xx or 3xx responses: 9\n'));
  assert.equal(parseH2load('status codes: 777 2xx, 0 3xx, 0 4xx, 0 5xx\n'), 777);
});

test('the median is the one in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

test('the table says how Sixfold stands, where more and where less is better', () => {
  const [http] = WORKLOADS;
  const memory = WORKLOADS.find(({ number }) => number === 5)!;
  const lines = renderTable([
    { workload: http!, name: 'Sixfold', figures: [50_000, 60_000, 55_000] },
    { workload: http!, name: 'wrk', figures: [110_000] },
    { workload: memory, name: 'Sixfold', figures: [20] },
    { workload: memory, name: 'k6', figures: [200] },
  ]).split('\n');
  assert.match(lines[2]!, /\| 1 +\| HTTP.*\| Sixfold \| 55,000 +\| 50,000 · 60,000 · 55,000 \|/);
  assert.match(lines[3]!, /wrk .*0\.50 × +\|$/);
  assert.match(lines[5]!, /k6 .*10 × +\|$/);
  assert.equal(new Set(lines.map((line) => line.length)).size, 1);
});

test('a new table takes the place of the last one, and nothing else', () => {
  const page = replaceTable('# Performance\n\nWhy.\n', 'old');
  const later = replaceTable(`${page}\nWhere the time goes.\n`, 'new');
  assert.match(later, /Why\.[\s\S]*new[\s\S]*Where the time goes\./);
  assert.doesNotMatch(later, /old/);
});
