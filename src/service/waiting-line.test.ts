// Who waits, who is sent away, and who leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineFull, WaitingLine } from './waiting-line.ts';

test('a few work at a time, some wait in the order in which they came, and the rest are sent away', async () => {
  const line = new WaitingLine(2, 2);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const add = (name: string, signal?: AbortSignal) =>
    line.run(() => {
      begun.push(name);
      return new Promise<void>((resolve) => void ends.push(resolve));
    }, signal);
  const leaver = new AbortController();
  const works = [add('a'), add('b'), add('c', leaver.signal), add('d')];
  await assert.rejects(add('e'), LineFull);
  leaver.abort(new Error('gone'));
  await assert.rejects(works[2]!, /gone/);
  assert.deepEqual(begun, ['a', 'b']);
  works[2] = add('f');
  ends[0]!();
  await works[0];
  assert.deepEqual(begun, ['a', 'b', 'd']);
  ends[1]!();
  await works[1];
  for (const end of ends.slice(2)) end();
  await works[3];
  assert.deepEqual(begun, ['a', 'b', 'd', 'f']);
  ends[3]!();
  await works[2];
  assert.ok(line.isEmpty);
  await assert.rejects(
    line.run(async () => {
      throw new Error('it failed');
    }),
    /it failed/,
  );
  assert.ok(line.isEmpty);
  await assert.rejects(add('g', leaver.signal), /gone/);
});
