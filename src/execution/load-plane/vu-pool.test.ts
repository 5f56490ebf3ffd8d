import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PooledVu } from './pooled-vu.ts';
import { VuPool } from './vu-pool.ts';

const vuOf = (index: number): PooledVu => ({ id: index + 1 }) as PooledVu;

test('the lowest numbers are lent first, though they become ready in any order', async () => {
  const waiting: (() => void)[] = [];
  const pool = new VuPool((index) => new Promise((resolve) => waiting.push(() => resolve(vuOf(index)))));
  const ready = pool.initialise(3);
  for (const release of waiting.reverse()) release();
  await ready;
  const lent: number[] = [];
  for (let i = 0; i < 3; i++) pool.request((vu) => lent.push(vu.id));
  assert.deepEqual(lent, [1, 2, 3]);
});

test('who finds none waits for its turn; what came back last is lent first', async () => {
  const pool = new VuPool(async (index) => vuOf(index));
  await pool.initialise(2);
  const held: PooledVu[] = [];
  pool.request((vu) => held.push(vu));
  pool.request((vu) => held.push(vu));
  const lent: string[] = [];
  pool.request((vu) => lent.push(`first ${vu.id}`));
  pool.request((vu) => lent.push(`second ${vu.id}`));
  assert.equal(lent.length, 0);
  pool.release(held[1]!);
  pool.release(held[0]!);
  assert.deepEqual(lent, ['first 2', 'second 1']);
  pool.release(held[0]!);
  pool.release(held[1]!);
  pool.request((vu) => lent.push(`third ${vu.id}`));
  assert.equal(lent.at(-1), 'third 2');
});

test('few are initialised at a time, and the first failure is that of all', async () => {
  let atOnce = 0;
  let most = 0;
  const pool = new VuPool(async (index) => {
    most = Math.max(most, ++atOnce);
    await null;
    atOnce--;
    if (index === 100) throw new Error('no more');
    return vuOf(index);
  });
  await assert.rejects(pool.initialise(200), /no more/);
  assert.ok(most > 1 && most <= 64, String(most));
});

test('one beyond the plan belongs to who asked for it', async () => {
  const pool = new VuPool(async (index) => vuOf(index));
  await pool.initialise(1);
  assert.equal((await pool.requestExtra()).id, 2);
  assert.equal(pool.all.length, 2);
});

test('one beyond the plan is taken from those that an earlier scenario gave back, never from those that the plan counts on', async () => {
  const pool = new VuPool(async (index) => vuOf(index));
  await pool.initialise(2);
  const planned: PooledVu[] = [];
  pool.request((vu) => planned.push(vu));
  const extra = await pool.requestExtra();
  assert.equal(extra.id, 3, 'the free one is planned for somebody');
  pool.release(extra);
  pool.release(planned[0] as PooledVu);
  assert.equal(pool.all.length, 3);
  const again = await pool.requestExtra();
  assert.ok(again.id <= 3, 'nobody is made while one is spare');
  assert.equal((await pool.requestExtra()).id, 4);
});
