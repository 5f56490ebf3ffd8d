// The tables of the history, and how a file of an earlier version becomes one of this.
import type { DatabaseSync } from 'node:sqlite';

/** Each step leads from the version of its place to the next; what has been published stays as it is. */
const STEPS: readonly string[] = [
  `CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    version TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ended_at INTEGER,
    exit_code INTEGER,
    reason TEXT,
    pinned INTEGER NOT NULL DEFAULT 0,
    headline TEXT,
    run BLOB
  ) STRICT;
  CREATE INDEX runs_by_fingerprint ON runs (fingerprint, started_at);
  CREATE INDEX runs_by_start ON runs (started_at);`,
];

/**
 * Brings a file to the version that this program knows; several programs may try at once.
 * @param steps those of this program
 * @throws Error for a file of a later version
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = STEPS): void {
  const versionOf = (): number => Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (versionOf() === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf();
    if (version > steps.length)
      throw new Error(
        `a later version of Sixfold made it (schema ${version}; this one knows ${steps.length}): update Sixfold, or name another file in SIXFOLD_HISTORY`,
      );
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
