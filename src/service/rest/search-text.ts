// What is searched for in lists: a part of a text, whatever its case and whatever is in it.
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Database } from '../storage/database.ts';

/** Of what is searched for, in characters. */
const LONGEST = 200;

/** @returns a condition: one of some columns has a text as a part */
export function hasText(kind: Database['kind'], columns: readonly string[], search: string): Expression<SqlBool> {
  const text = search.slice(0, LONGEST).trim();
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  // SQLite's own function knows Latin letters alone; ours knows all, and takes longer. PostgreSQL's knows what its database's locale does.
  const lower = sql.raw(kind === 'sqlite' && /[^\x00-\x7f]/.test(text) ? 'unicode_lower' : 'lower');
  const conditions = columns.map(
    (column) => sql<SqlBool>`${lower}(${sql.ref(column)}) like ${lower}(${pattern}) escape '\\'`,
  );
  return sql<SqlBool>`(${sql.join(conditions, sql` or `)})`;
}
