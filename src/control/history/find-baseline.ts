// Earlier runs to compare with, as the user names them.
import { existsSync, readFileSync } from 'node:fs';
import { EXIT, ExitError, invalidConfig } from '../../exit/exit-error.ts';
import type { KeptRun } from '../../report/compare-records.ts';
import { findRun, unpackRun } from '../../report/unpack-run.ts';
import type { HistoryStore, StoredRun } from './history-store.ts';

/** So many earlier runs are compared with where nobody says anything, provided that there are enough to show how runs differ. */
const DEFAULT_COUNT = 5;
const FEWEST_BY_DEFAULT = 3;
const MOST_RUNS = 50;

/** What to compare with. */
export type Baseline =
  | { readonly kind: 'last'; readonly count: number }
  | { readonly kind: 'pinned' }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'none' }
  /** Nobody said anything. */
  | { readonly kind: 'default' };

export interface FoundBaseline {
  /** As the user says it. */
  readonly name: string;
  readonly runs: readonly KeptRun[];
}

/** @throws ExitError 104 for what cannot be meant */
export function parseBaseline(text: string): Baseline {
  const last = /^last(?::(.*))?$/.exec(text);
  if (last !== null) {
    const count = Number(last[1] ?? 1);
    if (!/^\d+$/.test(last[1] ?? '1') || count < 1 || count > MOST_RUNS)
      throw invalidConfig(`--baseline "${text}": say how many, from last:1 to last:${MOST_RUNS}`);
    return { kind: 'last', count };
  }
  if (text === 'pinned') return { kind: 'pinned' };
  if (text === 'none') return { kind: 'none' };
  if (/[\\/]|\.\w+$/.test(text) || existsSync(text)) return { kind: 'file', file: text };
  if (/^[\w-]+$/.test(text)) return { kind: 'id', id: text };
  throw invalidConfig(`--baseline "${text}": use last:5, pinned, none, the id of a run or a file`);
}

/**
 * @param store null: the history is switched off
 * @param run that is to be compared
 * @returns null: there is nothing to compare with
 * @throws ExitError 104 for a run or a file that is named and not there
 */
export function findBaseline(
  baseline: Baseline,
  store: HistoryStore | null,
  run: Pick<StoredRun, 'id' | 'fingerprint' | 'startedAtMs'>,
): FoundBaseline | null {
  switch (baseline.kind) {
    case 'none':
      return null;
    case 'file':
      return { name: baseline.file, runs: [readFile(baseline.file)] };
    case 'default': {
      const rows = store === null ? [] : listBefore(store, run, DEFAULT_COUNT);
      return rows.length < FEWEST_BY_DEFAULT ? null : readAll(store!, rows, `last:${rows.length}`);
    }
    case 'last': {
      const rows = listBefore(expect(store), run, baseline.count);
      return rows.length === 0 ? null : readAll(store!, rows, `last:${baseline.count}`);
    }
    case 'pinned': {
      const pinned = expect(store)
        .listPinned()
        .filter(({ id }) => id !== run.id);
      const same = pinned.filter((row) => row.fingerprint === run.fingerprint);
      if (same.length === 0)
        throw invalidConfig(
          pinned.length === 0
            ? '--baseline pinned: no run is pinned: "sixfold runs pin ID" pins one'
            : '--baseline pinned: no pinned run is of this script with these options: name one by its id to compare all the same',
        );
      return readAll(store!, same, 'pinned');
    }
    case 'id': {
      const row = findNamed(expect(store), baseline.id);
      if (row.size === 0)
        throw invalidConfig(`--baseline ${baseline.id}: that run was lost, and has nothing to compare with`);
      return { name: row.id, runs: [readNamed(store!, row.id)] };
    }
  }
}

/**
 * @returns the run whose id begins or ends with a text; `last` is the latest
 * @throws ExitError 255 where there is none, or several
 */
export function findOne(store: HistoryStore, text: string): StoredRun {
  const found = text === 'last' ? store.list(1) : text === '' ? [] : store.search(text);
  if (found.length === 1) return found[0];
  const ids = found.slice(0, 3).map(({ id }) => id);
  throw new ExitError(
    EXIT.other,
    found.length > 1
      ? `"${text}" may be ${ids.join(', ')}${found.length > 3 ? ' and others' : ''}: write more of it`
      : text === 'last'
        ? 'there are no runs yet'
        : `there is no run "${text}": "sixfold runs list" lists them`,
  );
}

/** @throws ExitError 104 */
function findNamed(store: HistoryStore, id: string): StoredRun {
  try {
    return findOne(store, id);
  } catch (error) {
    throw invalidConfig(`--baseline: ${(error as Error).message}`);
  }
}

function expect(store: HistoryStore | null): HistoryStore {
  if (store !== null) return store;
  throw invalidConfig('--baseline needs the history, which is switched off or cannot be opened: name a file instead');
}

function listBefore(
  store: HistoryStore,
  run: Pick<StoredRun, 'fingerprint' | 'startedAtMs'>,
  count: number,
): StoredRun[] {
  return store.listComplete(run.fingerprint, run.startedAtMs, count);
}

/** Runs that cannot be read take no part. */
function readAll(store: HistoryStore, rows: readonly StoredRun[], name: string): FoundBaseline | null {
  const runs = rows.flatMap(({ id }): KeptRun[] => {
    const run = store.read(id);
    try {
      return run === null ? [] : [unpackRun(run)];
    } catch {
      return [];
    }
  });
  return runs.length === 0 ? null : { name, runs };
}

/** @throws ExitError 104 */
function readNamed(store: HistoryStore, id: string): KeptRun {
  try {
    return unpackRun(store.read(id) ?? new Uint8Array());
  } catch (error) {
    throw invalidConfig(`--baseline ${id}: ${(error as Error).message}`);
  }
}

function readFile(file: string): KeptRun {
  try {
    return unpackRun(findRun(readFileSync(file)));
  } catch (error) {
    throw invalidConfig(`--baseline: cannot read "${file}": ${(error as Error).message}`);
  }
}
