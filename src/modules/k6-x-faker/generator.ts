// What every table of generators is written in: a function of the source of chance and of the script's arguments.
import type { Faker } from '@faker-js/faker';

/** Makes one value: plain data. */
export type Generator = (faker: Faker, given: Arguments) => unknown;

/** The generators of a category by name. */
export type Category = Readonly<Record<string, Generator>>;

/** A script's arguments, each converted once; errors name the function. */
export class Arguments {
  readonly #name: string;
  readonly #values: readonly unknown[];

  constructor(name: string, values: readonly unknown[]) {
    this.#name = name;
    this.#values = values;
  }

  /** @throws TypeError for what is no finite number */
  number(at: number, otherwise: number): number {
    const value = this.#values[at];
    if (value === undefined || value === null) return otherwise;
    const number = typeof value === 'number' ? value : Number(value);
    if (Number.isFinite(number)) return number;
    throw this.#refuse(at, 'a number');
  }

  /** As {@link number}, for what is counted. @throws RangeError for less than 0 or more than `most` */
  count(at: number, otherwise: number, most: number): number {
    const count = Math.trunc(this.number(at, otherwise));
    if (count >= 0 && count <= most) return count;
    throw new RangeError(`${this.#name}() takes 0 to ${most} as its ${ordinal(at)} argument, not ${count}`);
  }

  /** Two numbers, the lower first. @throws RangeError where they are the other way round */
  range(at: number, low: number, high: number): { min: number; max: number } {
    const min = this.number(at, low);
    const max = this.number(at + 1, Math.max(high, min));
    if (min <= max) return { min, max };
    throw new RangeError(`${this.#name}() takes the lower bound first: ${min} is over ${max}`);
  }

  /** As {@link range}, of whole numbers. */
  integers(at: number, low: number, high: number): { min: number; max: number } {
    const { min, max } = this.range(at, low, high);
    const whole = { min: Math.ceil(min), max: Math.floor(max) };
    if (whole.min <= whole.max) return whole;
    throw new RangeError(`${this.#name}() finds no whole number from ${min} to ${max}`);
  }

  text(at: number, otherwise: string): string {
    const value = this.#values[at];
    return value === undefined || value === null ? otherwise : String(value);
  }

  flag(at: number, otherwise: boolean): boolean {
    const value = this.#values[at];
    return value === undefined || value === null ? otherwise : Boolean(value);
  }

  /** @throws TypeError for what is no list, or an empty one */
  texts(at: number): string[] {
    return this.#list(at).map(String);
  }

  /** @throws TypeError for what is no list of numbers, or an empty one */
  numbers(at: number): number[] {
    return this.#list(at).map((item) => {
      const number = Number(item);
      if (Number.isFinite(number)) return number;
      throw this.#refuse(at, 'a list of numbers');
    });
  }

  #list(at: number): unknown[] {
    const value = this.#values[at];
    if (!Array.isArray(value) || value.length === 0) throw this.#refuse(at, 'a list with something in it');
    const items: unknown[] = [];
    for (let i = 0; i < value.length; i++) items.push(value[i]);
    return items;
  }

  #refuse(at: number, wanted: string): TypeError {
    const value = this.#values[at];
    const shown = typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : typeof value;
    return new TypeError(`${this.#name}() takes ${wanted} as its ${ordinal(at)} argument, not ${shown}`);
  }
}

function ordinal(at: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'][at] ?? `${at + 1}th`;
}

/** A generator that draws from a list. */
export function oneOf(list: readonly string[]): Generator {
  return (faker) => faker.helpers.arrayElement(list);
}

/** A list written as one line of text. */
export function list(text: string): readonly string[] {
  return text.split(', ');
}
