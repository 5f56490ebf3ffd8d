// Compares a run of the history with earlier ones.
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { compareRecords, type KeptRun } from '../../report/compare-records.ts';
import type { ComparisonRecord } from '../../report/comparison-record.ts';
import { unpackRun } from '../../report/unpack-run.ts';
import { type Baseline, findBaseline } from './find-baseline.ts';
import type { HistoryStore, StoredRun } from './history-store.ts';

/** @throws ExitError for a run of which nothing is kept, and where there is nothing to compare with */
export function compareStored(store: HistoryStore, row: StoredRun, baseline: Baseline): ComparisonRecord {
  const run = unpackStored(readStored(store, row), row.id);
  const found = findBaseline(baseline, store, row);
  if (found === null)
    throw new ExitError(
      EXIT.other,
      `there is no earlier run of ${row.name} with the same options: name one by its id, as in "sixfold runs compare ${row.id} ID"`,
    );
  return compareRecords(run, found.runs, found.name);
}

/** @throws ExitError for bytes that cannot be read: a later version has made them, or somebody else */
export function unpackStored(run: Uint8Array, id: string): KeptRun {
  try {
    return unpackRun(run);
  } catch (error) {
    throw new ExitError(
      EXIT.other,
      `what is kept of the run ${id} cannot be read: ${(error as Error).message}. "sixfold runs rm ${id}" removes it`,
    );
  }
}

/** @returns the bytes of a run @throws ExitError where it was lost before there were any */
export function readStored(store: HistoryStore, { id, state }: StoredRun): Uint8Array {
  const run = store.read(id);
  if (run !== null) return run;
  throw new ExitError(
    EXIT.other,
    state === 'running'
      ? `the run ${id} is not over yet`
      : `the run ${id} was lost before its end: nothing of it is kept but when it began`,
  );
}
