import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../comparison/simulated-run.fixture.ts';
import { GrowingColumn, sum } from './growing-column.ts';

const KINDS = [Uint32Array, Uint16Array, Float64Array] as const;

test('what was never set is 0, wherever the column ends', () => {
  for (const kind of KINDS) {
    const column = new GrowingColumn(kind);
    assert.deepEqual(Array.from(column.read(3)), [0, 0, 0]);
    assert.equal(column.at(1e6), 0);
    column.set(40, 7);
    assert.deepEqual([column.at(39), column.at(40), column.at(41)], [0, 7, 0]);
    assert.deepEqual(Array.from(column.read(0)), []);
    assert.equal(column.read(100).length, 100);
    assert.equal(column.total(40), 0);
    assert.equal(column.total(41), 7);
    assert.equal(column.total(1000), 7);
  }
});

test('a zero far out makes the column no longer, and one within takes back what was there', () => {
  const column = new GrowingColumn(Uint32Array);
  column.set(3, 9);
  column.set(1_000_000_000, 0);
  column.set(3, 0);
  assert.equal(column.total(16), 0);
});

test('what is read is a copy', () => {
  const column = new GrowingColumn(Float64Array);
  column.set(0, 1);
  const before = column.read(16);
  column.set(0, 2);
  assert.equal(before[0], 1);
});

test('a single value at any cell is in the cell that holds it after merging, sum or peak', () => {
  for (const kind of KINDS)
    for (const merge of [sum, Math.max])
      for (let cell = 0; cell < 140; cell++) {
        const column = new GrowingColumn(kind);
        column.set(cell, 5);
        for (let width = 2; width <= 8; width *= 2) {
          column.mergePairs(merge);
          const place = Math.floor(cell / width);
          assert.equal(column.at(place), 5, `${kind.name}, ${merge.name} of cell ${cell} by ${width}`);
          assert.equal(column.total(1000), 5);
        }
      }
});

test('columns that are filled and merged in any order are as arrays that are', () => {
  const random = seeded(5);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let round = 0; round < 300; round++) {
    const column = new GrowingColumn(Float64Array);
    const merge = random() < 0.5 ? sum : Math.max;
    let plain: number[] = [];
    for (let step = 0; step < 30; step++) {
      if (below(8) === 0) {
        column.mergePairs(merge);
        plain = Array.from({ length: Math.ceil(plain.length / 2) }, (_, cell) =>
          merge(plain[2 * cell] ?? 0, plain[2 * cell + 1] ?? 0),
        );
        continue;
      }
      const [cell, value] = [below(plain.length + 40), below(1000)];
      while (plain.length <= cell) plain.push(0);
      plain[cell] = value;
      column.set(cell, value);
    }
    assert.deepEqual(Array.from(column.read(plain.length)), plain, `round ${round}`);
  }
});
