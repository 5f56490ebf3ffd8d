// Lists by pages: by the names of rows, which sort by time, so that nothing is skipped or shown twice while rows come.
import { Problem } from './problem.ts';

const DEFAULT_LIMIT = 20;
const MOST = 100;

export interface PageWish {
  readonly limit: number;
  /** The last row of the page before; null: the first page. */
  readonly after: string | null;
}

/** @throws Problem for a number that is none */
export function readPageWish({ limit, after }: Readonly<Record<string, string | undefined>>): PageWish {
  const wanted = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST)
    throw new Problem('invalid', `limit must be a whole number from 1 to ${MOST}, not "${limit}"`);
  if (after !== undefined && !/^[\w-]{1,64}$/.test(after))
    throw new Problem('invalid', 'after must be what "next" of the page before says');
  return { limit: wanted, after: after ?? null };
}

/** @param rows one more than wanted, where there are so many */
export function toPage<R extends { readonly id: string }, T>(
  rows: readonly R[],
  { limit }: PageWish,
  show: (row: R) => T,
): { items: T[]; next: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map(show), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
