// When schedules are due, above all on the days on which clocks are changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSchedule, nextTime } from './next-time.ts';

/** @returns the next times in UTC, to the minute */
function times(cron: string, zone: string, after: string, count = 3): string[] {
  const found: string[] = [];
  let last = Date.parse(after);
  for (let i = 0; i < count; i++) {
    last = nextTime(cron, zone, last)!;
    found.push(new Date(last).toISOString().slice(0, 16));
  }
  return found;
}

test('the pattern counts in its own zone', () => {
  assert.deepEqual(times('30 2 * * *', 'UTC', '2026-01-10T00:00Z', 1), ['2026-01-10T02:30']);
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2026-01-10T00:00Z', 1), ['2026-01-10T01:30']);
  assert.deepEqual(times('30 2 * * *', 'Asia/Kolkata', '2026-01-10T00:00Z', 1), ['2026-01-10T21:00']);
  assert.deepEqual(times('0 9 * * 1', 'Pacific/Auckland', '2026-01-10T00:00Z', 1), ['2026-01-11T20:00']);
});

test('a time that the clock skips comes once, an hour later', () => {
  // Berlin: 2026-03-29, 02:00 becomes 03:00.
  assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z'), [
    '2026-03-28T01:30',
    '2026-03-29T01:00',
    '2026-03-30T00:30',
  ]);
  // New York: 2026-03-08, 02:00 becomes 03:00.
  assert.equal(
    times('30 2 * * *', 'America/New_York', '2026-03-07T08:00Z', 2).filter((at) => at.startsWith('2026-03-08')).length,
    1,
  );
});

test('a time that comes twice is due once', () => {
  // Berlin: 2026-10-25, 03:00 becomes 02:00.
  const found = times('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:00Z');
  assert.equal(found.filter((at) => at.startsWith('2026-10-25')).length, 1);
  assert.deepEqual(found.at(-1), '2026-10-26T01:30');
  // New York: 2026-11-01, 02:00 becomes 01:00.
  const there = times('30 1 * * *', 'America/New_York', '2026-10-31T12:00Z');
  assert.equal(there.filter((at) => at.startsWith('2026-11-01')).length, 1);
});

test('where the clock is changed by half an hour', () => {
  // Lord Howe: 2026-10-04, 02:00 becomes 02:30.
  const found = times('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T20:00Z');
  assert.equal(new Set(found).size, 3);
  const [, before, after] = found.map((at) => Date.parse(`${at}Z`));
  assert.ok(after! - before! <= 24 * 3_600_000, 'the day is shorter, none is left out');
});

test('an hourly one comes each hour, whatever the clock does', () => {
  for (const after of ['2026-03-28T22:30Z', '2026-10-24T21:30Z']) {
    const found = times('0 * * * *', 'Europe/Berlin', after, 8).map((at) => Date.parse(`${at}Z`));
    for (const [i, at] of found.entries())
      if (i > 0) assert.ok(at - found[i - 1]! <= 2 * 3_600_000 && at > found[i - 1]!, new Date(at).toISOString());
  }
});

test('leap days and ends of months', () => {
  assert.deepEqual(times('0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', 2), ['2028-02-29T00:00', '2032-02-29T00:00']);
  assert.deepEqual(times('0 0 31 * *', 'UTC', '2026-01-31T00:00Z', 2), ['2026-03-31T00:00', '2026-05-31T00:00']);
  assert.equal(nextTime('0 0 31 2 *', 'UTC', Date.now()), null);
});

test('what is no schedule is refused with what is wrong with it', () => {
  const now = Date.UTC(2026, 0, 1);
  const refuse = (cron: string, zone: string, expected: RegExp): void =>
    assert.throws(() => checkSchedule(cron, zone, now), { kind: 'unusable', message: expected });
  refuse(
    '0 0 * * *',
    'Mars/Olympus',
    /there is no time zone "Mars\/Olympus": use a name such as Europe\/Berlin or UTC/,
  );
  refuse('nonsense', 'UTC', /"nonsense" is no schedule: .*Use five fields/);
  refuse('61 * * * *', 'UTC', /"61 \* \* \* \*" is no schedule/);
  refuse('0 0 31 2 *', 'UTC', /is never due/);
  refuse('* * * * * *', 'UTC', /is due more than once a minute/);
  refuse('*/30 * * * * *', 'UTC', /is due more than once a minute/);
});

test('what is one says when it is due first', () => {
  const now = Date.UTC(2026, 0, 1, 10, 0, 30);
  assert.equal(checkSchedule('* * * * *', 'UTC', now), Date.UTC(2026, 0, 1, 10, 1));
  assert.equal(checkSchedule('30 2 * * 1-5', 'UTC', now), Date.UTC(2026, 0, 2, 2, 30));
  assert.equal(checkSchedule('15 0 0 1 1 *', 'UTC', now), Date.UTC(2027, 0, 1, 0, 0, 15), 'seconds may come first');
});
