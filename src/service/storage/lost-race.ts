// Whether a statement failed only because somebody else was faster: between a look and a change there is time.
import { NoResultError } from 'kysely';

/** SQLite's numbers (https://www.sqlite.org/rescode.html) and PostgreSQL's (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const TAKEN: ReadonlySet<unknown> = new Set([1555, 2067, '23505']);
const TARGET_GONE: ReadonlySet<unknown> = new Set([787, '23503']);

/**
 * @returns `taken`: another row has what has to be unique; `gone`: the row, or one that it refers to, is not there any more; null: it failed
 * for another reason
 */
export function lostRace(error: unknown): 'taken' | 'gone' | null {
  if (error instanceof NoResultError) return 'gone';
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown };
  if (TAKEN.has(errcode) || TAKEN.has(code)) return 'taken';
  return TARGET_GONE.has(errcode) || TARGET_GONE.has(code) ? 'gone' : null;
}
