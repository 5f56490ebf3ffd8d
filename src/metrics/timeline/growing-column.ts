// A value per cell, in a fraction of what an array of numbers takes; what was never set is 0.
import type { Numbers } from './timeline-data.ts';

type Values = Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export class GrowingColumn {
  #values: Values;

  /** @param kind of an array that can hold every value */
  constructor(kind: Uint32ArrayConstructor | Uint16ArrayConstructor | Float64ArrayConstructor) {
    this.#values = new kind(16);
  }

  set(cell: number, value: number): void {
    if (value === 0 && cell >= this.#values.length) return;
    if (cell >= this.#values.length) {
      const Kind = this.#values.constructor as new (length: number) => Values;
      const larger = new Kind(Math.max(cell + 1, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[cell] = value;
  }

  at(cell: number): number {
    return cell < this.#values.length ? this.#values[cell] : 0;
  }

  /** Makes a cell of every two. */
  mergePairs(merge: (a: number, b: number) => number): void {
    const values = this.#values;
    // Of an odd number of cells the last one has no other.
    for (let cell = 0; cell < values.length; cell++) values[cell] = merge(this.at(2 * cell), this.at(2 * cell + 1));
  }

  /** Of the first cells. */
  total(cells: number): number {
    const end = Math.min(cells, this.#values.length);
    let total = 0;
    for (let cell = 0; cell < end; cell++) total += this.#values[cell];
    return total;
  }

  /** @returns the first cells, a copy */
  read(cells: number): Numbers {
    const copy = this.#values.slice(0, cells);
    if (copy.length === cells) return copy;
    const Kind = copy.constructor as new (length: number) => Values;
    const whole = new Kind(cells);
    whole.set(copy);
    return whole;
  }
}

export const sum = (a: number, b: number): number => a + b;
