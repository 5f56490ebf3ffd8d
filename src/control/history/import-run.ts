// A run of another machine, from a report or an exported file.
import { headlineOf } from '../../report/headline.ts';
import { unpackRun } from '../../report/unpack-run.ts';
import type { HistoryStore } from './history-store.ts';

/**
 * @param run as `deflateRun` gives it
 * @returns its id, and whether it was not there yet
 * @throws Error for bytes that are no run
 */
export function importRun(store: HistoryStore, run: Uint8Array): { readonly id: string; readonly isNew: boolean } {
  const { record, data } = unpackRun(run);
  const { id, script, version, fingerprint, startedAtMs, durationMs, exitCode, reason, host } = record;
  const isNew = store.import(
    {
      id,
      name: script,
      version,
      fingerprint: fingerprint ?? '',
      startedAtMs: Math.round(startedAtMs),
      host: host.name,
    },
    {
      endedAtMs: Math.round(startedAtMs + durationMs),
      exitCode,
      reason,
      headline: headlineOf(record, data),
      run,
    },
  );
  return { id, isNew };
}
