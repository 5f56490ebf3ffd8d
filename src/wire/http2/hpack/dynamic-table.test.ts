import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamicTable } from './dynamic-table.ts';
import { fieldSize, type HeaderField } from './header-field.ts';

/** A table as RFC 7541 section 4 tells it: a list, newest first. */
class PlainTable {
  entries: HeaderField[] = [];
  maxSize: number;

  constructor(maxSize: number) {
    this.maxSize = maxSize;
  }

  get size(): number {
    return this.entries.reduce((sum, { name, value }) => sum + fieldSize(name, value), 0);
  }

  resize(maxSize: number): HeaderField[] {
    this.maxSize = maxSize;
    return this.#evict(maxSize);
  }

  insert(field: HeaderField): HeaderField[] {
    const size = fieldSize(field.name, field.value);
    const gone = this.#evict(this.maxSize - size);
    if (size <= this.maxSize) this.entries.unshift(field);
    return gone;
  }

  #evict(size: number): HeaderField[] {
    const gone: HeaderField[] = [];
    while (this.entries.length > 0 && this.size > size) gone.push(this.entries.pop()!);
    return gone;
  }
}

function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('does what the RFC says, through growth, wrapping round, eviction and resizing', () => {
  for (const seed of [1, 2, 3, 4]) {
    const random = createRandom(seed);
    const plain = new PlainTable(4096);
    const evicted: [HeaderField, number][] = [];
    const table = new DynamicTable(4096, (field, sequence) => evicted.push([field, sequence]));
    const sequenceOf = new Map<HeaderField, number>();
    for (let step = 0; step < 3000; step++) {
      evicted.length = 0;
      const generation = table.generation;
      const before = plain.entries.length;
      let gone: HeaderField[];
      if (random(40) === 0) {
        const size = [0, 31, 32, 33, 100, 700, 4096, 65_536][random(8)]!;
        gone = plain.resize(size);
        table.resize(size);
      } else {
        // Now and then one that is larger than the whole table: it empties it.
        const length = random(60) === 0 ? 5000 : random(30);
        const field = { name: `n${random(9)}`, value: 'v'.repeat(length) };
        gone = plain.insert(field);
        if (plain.entries[0] === field) sequenceOf.set(field, table.inserted);
        table.insert(field);
      }
      assert.equal(table.count, plain.entries.length);
      assert.equal(table.size, plain.size);
      assert.equal(table.maxSize, plain.maxSize);
      for (let index = 0; index < table.count; index++) assert.equal(table.at(index), plain.entries[index]);
      assert.equal(table.at(table.count), undefined);
      assert.deepEqual(
        evicted,
        gone.map((field) => [field, sequenceOf.get(field)]),
      );
      if (gone.length > 0 || plain.entries.length !== before) assert.notEqual(table.generation, generation);
    }
  }
});
