// How much memory bodies may take together while they are read.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BodyBudget, UNBOUNDED } from './body-budget.ts';

describe('a budget', () => {
  test('has room up to its limit and no octet further, and takes nothing where it has none', () => {
    const budget = new BodyBudget(100);
    assert.equal(budget.reserve(60), true);
    assert.equal(budget.reserve(41), false);
    assert.equal(budget.reserve(40), true);
    assert.equal(budget.reserve(1), false);
    budget.release(1);
    assert.equal(budget.reserve(1), true);
  });

  test('is one for all that count in the same place, whoever of them asks', () => {
    let all = 0;
    const change = (by: number): number => (all += by);
    const [one, two] = [new BodyBudget(100, change), new BodyBudget(100, change)];
    assert.equal(one.reserve(70), true);
    assert.equal(two.reserve(40), false);
    assert.equal(all, 70, 'what was refused is not counted');
    one.release(70);
    assert.equal(two.reserve(100), true);
    two.release(100);
    assert.equal(all, 0);
  });

  test('is not made larger by giving back what was never taken', () => {
    const budget = new BodyBudget(10);
    for (const octets of [0, -5]) budget.release(octets);
    assert.equal(budget.reserve(11), false);
  });

  test('says its limit in the unit in which it was meant', () => {
    for (const [limit, text] of [
      [2e9, '2 GB'],
      [1_500_000, '1.5 MB'],
      [64_000, '64 kB'],
      [1_048_576, '1048576 bytes'],
      [999, '999 bytes'],
    ] as const) {
      const { code, message } = new BodyBudget(limit).exceeded();
      assert.equal(code, 1702);
      assert.match(message, new RegExp(`over the limit of ${text},.*maxResponseBytes`), message);
    }
  });

  test('without a limit always has room', () => {
    for (let i = 0; i < 3; i++) assert.equal(UNBOUNDED.reserve(Number.MAX_SAFE_INTEGER), true);
  });
});
