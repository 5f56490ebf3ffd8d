// All generators: by category, and by name alone.
import type { Category, Generator } from './generator.ts';
import { app, error, file, hacker, internet, language } from './machines.ts';
import { time } from './moments.ts';
import { celebrity, person } from './people.ts';
import { address } from './places.ts';
import { animal, beer, book, car, color, emoji, food, minecraft, movie } from './things.ts';
import { company, finance, payment, product } from './trade.ts';
import { game, numbers, strings } from './values.ts';
import { hipster, word } from './words.ts';

const CATEGORIES = {
  address,
  animal,
  app,
  beer,
  book,
  car,
  celebrity,
  color,
  company,
  emoji,
  error,
  file,
  finance,
  food,
  game,
  hacker,
  hipster,
  internet,
  language,
  minecraft,
  movie,
  numbers,
  payment,
  person,
  product,
  strings,
  time,
  word,
} as const satisfies Readonly<Record<string, Category>>;

/** Every generator by its name, which none shares with another: what `zen` and `call()` know. */
export const ALL_GENERATORS: Category = Object.assign({}, ...Object.values(CATEGORIES)) as Category;

/** The categories that a Faker has as properties; `zen` is all of them in one. */
export const CATEGORIES_WITH_ZEN: Readonly<Record<string, Category>> = { ...CATEGORIES, zen: ALL_GENERATORS };

/** @returns undefined for a name that there is not */
export function findGenerator(name: string): Generator | undefined {
  return Object.hasOwn(ALL_GENERATORS, name) ? ALL_GENERATORS[name] : undefined;
}
