// The runs of this user, in one SQLite file that several runs may write at once. A row is there from the start of a run, so that one
// which never ended shows.
import { closeSync, openSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '../../node/make-folder.ts';
import type { Headline } from '../../report/headline.ts';
import { migrate } from './history-schema.ts';

/** Another program may write for so long, in ms. */
const BUSY_MS = 5000;
/** What is kept of runs that nobody has pinned. */
const MOST_RUNS = 200;
const MOST_BYTES = 500 * 1024 * 1024;
/** A run that has not been heard of for so long is over, in ms: its rows are touched every few seconds. */
const SILENCE_MS = 90_000;

/** `lost`: the process is gone and has not said how the run ended. */
export type StoredState = 'running' | 'ended' | 'lost';

export interface StoredRun {
  readonly id: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly version: string;
  readonly host: string;
  /** The process of the run, on its host; 0: it came from elsewhere. */
  readonly pid: number;
  readonly startedAtMs: number;
  /** When it was last heard of. */
  readonly seenAtMs: number;
  readonly endedAtMs: number | null;
  readonly state: StoredState;
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly isPinned: boolean;
  /** null: it was lost before it had any. */
  readonly headline: Headline | null;
  /** Octets of what is kept of it; 0: nothing but this. */
  readonly size: number;
}

export interface NewRun extends Pick<StoredRun, 'id' | 'name' | 'fingerprint' | 'version' | 'startedAtMs'> {
  readonly host: string;
}

export interface EndedRun {
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly headline: Headline;
  /** As `deflateRun` gives it. */
  readonly run: Uint8Array;
}

/** How much is kept; tests want less. */
export interface HistoryLimits {
  readonly runs: number;
  readonly bytes: number;
}

const COLUMNS =
  'id, name, fingerprint, version, host, pid, started_at, seen_at, ended_at, exit_code, reason, pinned, headline, coalesce(length(run), 0) AS size';

export class HistoryStore {
  readonly #database: DatabaseSync;
  readonly #limits: HistoryLimits;

  /**
   * Opens the file, and makes it where there is none: nobody else may read it.
   * @throws Error where that is impossible, and for a file of a later version
   */
  constructor(file: string, limits: HistoryLimits = { runs: MOST_RUNS, bytes: MOST_BYTES }) {
    makeFolder(path.dirname(file), 0o700);
    closeSync(openSync(file, 'a', 0o600));
    this.#limits = limits;
    this.#database = new DatabaseSync(file, { timeout: BUSY_MS });
    try {
      // Before there are tables, else it has no effect: what was deleted is given back.
      this.#database.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
      migrate(this.#database);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** A run begins: what is here is seen if it never ends. */
  begin({ id, name, fingerprint, version, host, startedAtMs }: NewRun): void {
    this.#database
      .prepare(
        'INSERT INTO runs (id, name, fingerprint, version, host, pid, started_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(id, name, fingerprint, version, host, process.pid, startedAtMs, startedAtMs);
  }

  /** The run is still there, and so far. */
  touch(id: string, headline: Headline, now: number): void {
    this.#database
      .prepare('UPDATE runs SET seen_at = ?, headline = ? WHERE id = ?')
      .run(now, JSON.stringify(headline), id);
  }

  /** Keeps how a run ended, and lets go of what is too much. */
  finish(id: string, { endedAtMs, exitCode, reason, headline, run }: EndedRun): void {
    this.#database
      .prepare(
        'UPDATE runs SET ended_at = ?, seen_at = ?, exit_code = ?, reason = ?, headline = ?, run = ? WHERE id = ?',
      )
      .run(endedAtMs, endedAtMs, exitCode, reason, JSON.stringify(headline), run, id);
    this.#prune();
  }

  /** Takes in a run that another machine made. @returns whether it was not there yet */
  import(row: NewRun, ended: EndedRun): boolean {
    const { changes } = this.#database
      .prepare(
        `INSERT OR IGNORE INTO runs (id, name, fingerprint, version, host, pid, started_at, seen_at, ended_at, exit_code, reason, headline, run)
         VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        row.id,
        row.name,
        row.fingerprint,
        row.version,
        row.host,
        row.startedAtMs,
        ended.endedAtMs,
        ended.endedAtMs,
        ended.exitCode,
        ended.reason,
        JSON.stringify(ended.headline),
        ended.run,
      );
    return changes > 0;
  }

  /** The latest first. @param limit at most so many */
  list(limit = -1): StoredRun[] {
    return this.#select('ORDER BY started_at DESC, id DESC LIMIT ?', limit);
  }

  find(id: string): StoredRun | null {
    return this.#select('WHERE id = ?', id)[0] ?? null;
  }

  /** @returns those whose id begins or ends with a text */
  search(text: string): StoredRun[] {
    const exact = this.#select('WHERE id = ?', text);
    if (exact.length > 0) return exact;
    return this.#select('WHERE substr(id, 1, length(?1)) = ?1 OR substr(id, -length(?1)) = ?1 ORDER BY id', text);
  }

  /**
   * @param before epoch ms before which they began
   * @returns runs that came to their end, whether their thresholds held or not; the latest first
   */
  listComplete(fingerprint: string, before: number, limit: number): StoredRun[] {
    return this.#select(
      'WHERE fingerprint = ? AND started_at < ? AND run IS NOT NULL AND exit_code IN (0, 99) ORDER BY started_at DESC, id DESC LIMIT ?',
      fingerprint,
      before,
      limit,
    );
  }

  listPinned(): StoredRun[] {
    return this.#select('WHERE pinned = 1 AND run IS NOT NULL ORDER BY started_at DESC, id DESC');
  }

  /** @returns what is kept of a run; null: nothing but its row */
  read(id: string): Uint8Array | null {
    return (this.#database.prepare('SELECT run FROM runs WHERE id = ?').get(id)?.['run'] ?? null) as Uint8Array | null;
  }

  pin(id: string, isPinned: boolean): void {
    this.#database.prepare('UPDATE runs SET pinned = ? WHERE id = ?').run(Number(isPinned), id);
  }

  remove(id: string): void {
    this.#database.prepare('DELETE FROM runs WHERE id = ?').run(id);
    this.#database.exec('PRAGMA incremental_vacuum');
  }

  close(): void {
    this.#database.close();
  }

  #select(rest: string, ...values: (string | number)[]): StoredRun[] {
    return this.#database
      .prepare(`SELECT ${COLUMNS} FROM runs ${rest}`)
      .all(...values)
      .map(toStoredRun);
  }

  /** Of runs that nobody has pinned only the latest stay; the last one whatever its size. */
  #prune(): void {
    const { changes } = this.#database
      .prepare(
        `DELETE FROM runs WHERE id IN (
           SELECT id FROM (
             SELECT id, row_number() OVER latest AS place,
               sum(coalesce(length(run), 0)) OVER latest AS bytes
             FROM runs WHERE pinned = 0
             WINDOW latest AS (ORDER BY started_at DESC, id DESC)
           ) WHERE place > ? OR (bytes > ? AND place > 1)
         )`,
      )
      .run(this.#limits.runs, this.#limits.bytes);
    if (changes > 0) this.#database.exec('PRAGMA incremental_vacuum');
  }
}

function toStoredRun(row: Record<string, unknown>): StoredRun {
  const endedAtMs = row['ended_at'] as number | null;
  const headline = row['headline'] as string | null;
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    fingerprint: row['fingerprint'] as string,
    version: row['version'] as string,
    host: row['host'] as string,
    pid: row['pid'] as number,
    startedAtMs: row['started_at'] as number,
    seenAtMs: row['seen_at'] as number,
    endedAtMs,
    state: endedAtMs === null ? (isAlive(row) ? 'running' : 'lost') : 'ended',
    exitCode: row['exit_code'] as number | null,
    reason: row['reason'] as string | null,
    isPinned: row['pinned'] === 1,
    headline: headline === null ? null : (JSON.parse(headline) as Headline),
    size: row['size'] as number,
  };
}

/** Whether the process of a run is still there; of other machines' only the time tells. */
function isAlive(row: Record<string, unknown>): boolean {
  if (Date.now() - (row['seen_at'] as number) > SILENCE_MS) return false;
  if (row['host'] !== os.hostname()) return true;
  try {
    process.kill(row['pid'] as number, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
