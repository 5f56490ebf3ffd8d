// What a run has measured so far, as the database keeps it.
import type { Reader } from '../storage/database.ts';
import type { RunResultTable } from '../storage/tables.ts';

export type Result = Pick<RunResultTable, 'record' | 'seq' | 'at_ms'> &
  Partial<Pick<RunResultTable, 'summary' | 'summary_json'>>;

/** Events that lie behind the last checkpoint are kept for viewers at other servers, in ms. */
const EVENTS_KEPT_MS = 30_000;

/** @param headline JSON */
export async function keepResult(database: Reader, run: string, headline: string, result: Result): Promise<void> {
  await database
    .insertInto('run_result')
    .values({ run_id: run, summary: null, summary_json: null, ...result })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(result))
    .execute();
  await database.updateTable('run').set({ headline }).where('id', '=', run).execute();
  await database
    .deleteFrom('run_event')
    .where('run_id', '=', run)
    .where('seq', '<=', result.seq)
    .where('at_ms', '<', result.at_ms - EVENTS_KEPT_MS)
    .execute();
}
