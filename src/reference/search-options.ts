import type { Options } from 'minisearch';
import { stem } from './stem.ts';

/** A page as the search knows it. */
export interface SearchEntry {
  /** Path from the folder of the language on. */
  readonly id: string;
  /** Its number as shown, and all numbers that lead to it. */
  readonly number: string;
  readonly numbers: string;
  readonly title: string;
  /** Names, constants, errnos. */
  readonly names: string;
  readonly text: string;
  /** What it is, for the reader: "gRPC status". */
  readonly kind: string;
  /** How much more than others it is wanted: of equal numbers gRPC's come first. */
  readonly weight: number;
}

/** How the index is made and asked: the same in both places. */
export const SEARCH_OPTIONS: Options<SearchEntry> = {
  fields: ['numbers', 'title', 'names', 'text'],
  storeFields: ['number', 'title', 'kind', 'weight'],
  processTerm: (term) => stem(term),
  searchOptions: {
    boost: { numbers: 8, title: 3, names: 3 },
    prefix: true,
    // A slip in a number is another number.
    fuzzy: (term) => (term.length >= 5 && !/^\d+$/.test(term) ? 0.2 : false),
    boostDocument: (_id, _term, stored) => Number(stored?.['weight'] ?? 1),
    combineWith: 'AND',
  },
};
