import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScriptBench } from '../../../test/script-bench.ts';
import { createLaggedFibonacci } from './lagged-fibonacci.ts';
import { TABLE } from './lagged-fibonacci-table.ts';

const LENGTH = 607;
const MASK = 2n ** 64n - 1n;
const mod = (n: bigint): number => Number(((n % 607n) + 607n) % 607n);

/** The generator's state, begun with 1. */
function firstState(): bigint[] {
  let x = 1;
  const next = (): bigint => BigInt((x = (x * 48_271) % (2 ** 31 - 1)));
  for (let i = 0; i < 20; i++) next();
  return Array.from({ length: LENGTH }, () => (next() << 20n) ^ (next() << 10n) ^ next());
}

/** A polynomial of powers of x modulo x⁶⁰⁷ = x³³⁴ + 1. */
function reduce(coefficients: bigint[]): bigint[] {
  for (let i = coefficients.length - 1; i >= LENGTH; i--) {
    const c = coefficients[i]!;
    coefficients[i - LENGTH] = (coefficients[i - LENGTH]! + c) & MASK;
    coefficients[i - LENGTH + 334] = (coefficients[i - LENGTH + 334]! + c) & MASK;
  }
  return coefficients.slice(0, LENGTH);
}

/** Its square, by that of one large number with room enough for each coefficient. */
function square(coefficients: readonly bigint[]): bigint[] {
  const digits = 36;
  const packed = BigInt(
    `0x${[...coefficients]
      .reverse()
      .map((c) => c.toString(16).padStart(digits, '0'))
      .join('')}`,
  );
  const count = 2 * LENGTH - 1;
  const text = (packed * packed).toString(16).padStart(digits * count, '0');
  return reduce(
    Array.from(
      { length: count },
      (_, i) => BigInt(`0x${text.slice(text.length - digits * (i + 1), text.length - digits * i)}`) & MASK,
    ),
  );
}

/** The state after `steps` numbers, by the power of x that they are. */
function skip(state: readonly bigint[], steps: bigint): bigint[] {
  const sequence = Array.from({ length: LENGTH }, (_, i) => state[mod(333n - BigInt(i - LENGTH))]!);
  for (let i = LENGTH; i < 2 * LENGTH; i++) sequence.push((sequence[i - LENGTH]! + sequence[i - 273]!) & MASK);
  let power = Array.from({ length: LENGTH }, (_, i): bigint => (i === 0 ? 1n : 0n));
  for (const bit of steps.toString(2)) {
    power = square(power);
    if (bit === '1') power = reduce([0n, ...power]);
  }
  const skipped: bigint[] = [];
  for (let i = 0; i < LENGTH; i++) {
    let sum = 0n;
    for (const [c, factor] of power.entries()) sum += factor * sequence[c + i]!;
    skipped[mod(333n - steps - BigInt(i) + 607n)] = sum & MASK;
  }
  return skipped;
}

test('the table is the generator’s own state after 7.8 · 10¹² numbers', () => {
  const bytes = Buffer.alloc(LENGTH * 8);
  for (const [i, word] of skip(firstState(), 7_800_000_000_000n).entries()) bytes.writeBigUInt64LE(word, i * 8);
  assert.equal(bytes.toString('base64'), TABLE);
});

test('the numbers are those that k6 and Go give for the seed', () => {
  const take = (seed: number): number[] => Array.from({ length: 2 }, createLaggedFibonacci(seed));
  assert.deepEqual(take(1), [0.6046602879796196, 0.9405090880450124]);
  assert.deepEqual(take(12345), [0.8487305991992138, 0.6451080292174168]);
  assert.deepEqual(take(12345.9), take(12345));
  assert.deepEqual(take(Number.NaN), take(0));
  assert.deepEqual(take(2 ** 31), take(1));
  assert.deepEqual(take(-1), take(2 ** 31 - 2));
  assert.notDeepEqual(take(42), take(43));
  const next = createLaggedFibonacci(7);
  for (let i = 0; i < 10_000; i++) {
    const n = next();
    assert.ok(n >= 0 && n < 1);
  }
});

test('randomSeed makes Math.random give them, to each virtual user its own', async () => {
  const bench = await createScriptBench(`import { randomSeed } from 'k6'; randomSeed(12345);
    export default () => [Math.random(), (randomSeed(1), Math.random()), Math.random()];`);
  assert.deepEqual(await bench.run(), [0.8487305991992138, 0.6046602879796196, 0.9405090880450124]);
});
