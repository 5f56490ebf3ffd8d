// How a run ended, written as one unit: its row, what is kept of it, the event that viewers wait for, and what webhooks are told.

import { EXIT } from '../../exit/exit-error.ts';
import type { RunState } from '../api/documents.ts';
import { queueHooks } from '../hooks/hook-queue.ts';
import type { Reader } from '../storage/database.ts';
import type { RunEventTable } from '../storage/tables.ts';
import type { FromChild } from './child-protocol.ts';
import { keepResult } from './keep-result.ts';
import { dataWithin, lineWithin, textWithin } from './kept-size.ts';
import { withoutNull } from './kept-text.ts';
import { ACTIVE_STATES } from './run-documents.ts';
import { filesWithin, keepFiles } from './run-files.ts';
import type { RunRow } from './run-queue.ts';

export type Ending = Extract<FromChild, { type: 'end' }>;

/** Whose run it has to be, so that this ending counts. */
export interface EndingOf {
  readonly run: string;
  readonly leader: string | null;
  /** Only where its lease has ended before, in ms since the epoch. */
  readonly lostBefore?: number;
}

/** When it ended, and what comes before the end. */
export interface EndingMoment {
  readonly atMs: number;
  /** The number of its last event; missing: that which the database knows. */
  readonly seq?: number;
  /** Lines of its log that were not kept. */
  readonly leftOut?: string | null;
}

/** @returns what an exit code says of a run */
function stateOfCode(code: number): Extract<RunState, 'passed' | 'failed' | 'aborted' | 'error'> {
  switch (code) {
    case EXIT.ok:
      return 'passed';
    case EXIT.thresholdsFailed:
    case EXIT.markedFailed:
    case EXIT.workNotDone:
      return 'failed';
    case EXIT.stoppedOverApi:
    case EXIT.interrupted:
    case EXIT.scriptAborted:
      return 'aborted';
    default:
      return 'error';
  }
}

/** @returns how a run ended that has nothing more to show than this */
export function bareEnding(exitCode: number, reason: string): Ending {
  return {
    type: 'end',
    exitCode,
    reason,
    record: null,
    headline: null,
    fingerprint: null,
    summary: null,
    summaryData: null,
    files: [],
  };
}

/**
 * To be called in a transaction: all of it happens, or nothing.
 * @param publicUrl what links begin with
 * @returns the event that says so; null: the run is over already, or somebody else's
 */
export async function writeEnding(
  database: Reader,
  publicUrl: string,
  { run, leader, lostBefore }: EndingOf,
  ending: Ending,
  { atMs, seq: given, leftOut = null }: EndingMoment,
): Promise<RunEventTable | null> {
  const { exitCode, reason, record, headline, fingerprint, summary, summaryData, files } = storable(ending);
  const state = stateOfCode(exitCode);
  const row: RunRow | undefined = await database
    .updateTable('run')
    .set({
      state,
      exit_code: exitCode,
      reason,
      ended_ms: atMs,
      lease_ms: null,
      progress: null,
      cluster: null,
      ...(fingerprint !== null && { fingerprint }),
    })
    .where('id', '=', run)
    .where('leader', leader === null ? 'is' : '=', leader)
    .where('state', 'in', ACTIVE_STATES)
    .$if(lostBefore !== undefined, (rest) => rest.where('lease_ms', '<', lostBefore!))
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  await database
    .updateTable('run_order')
    .set({ outcome: JSON.stringify({ ok: false, message: 'the run is over' }) })
    .where('run_id', '=', run)
    .where('outcome', 'is', null)
    .execute();
  const seq = (given ?? (await lastSeq(database, run))) + 1;
  if (record !== null && headline !== null)
    await keepResult(database, run, JSON.stringify(headline), {
      record: Buffer.from(record),
      seq: seq - 1,
      at_ms: atMs,
      summary,
      summary_json: summaryData,
    });
  await keepFiles(database, run, files);
  if (leftOut !== null) await logLast(database, run, atMs, leftOut);
  await database.deleteFrom('run_event').where('run_id', '=', run).execute();
  const event = { run_id: run, seq, at_ms: atMs, type: 'end', data: '{}' };
  await database.insertInto('run_event').values(event).execute();
  const told = { ...row, headline: headline === null ? row.headline : JSON.stringify(headline) };
  await queueHooks(database, told, `run.${state}`, publicUrl);
  return event;
}

/** Who made it may have cut and cleaned it already; it runs a stranger's script. @returns what the database takes of it */
function storable(ending: Ending): Ending {
  const { reason, fingerprint, summary, summaryData, files } = ending;
  return {
    ...ending,
    reason: reason === null ? null : lineWithin(withoutNull(reason)),
    fingerprint: fingerprint === null ? null : withoutNull(fingerprint),
    summary: summary === null ? null : textWithin(withoutNull(summary)),
    summaryData: summaryData === null ? null : dataWithin(withoutNull(summaryData), () => {}),
    files: filesWithin(files, () => {}),
  };
}

/** @returns the number of the last event that the database knows of */
export async function lastSeq(database: Reader, run: string): Promise<number> {
  const { seq } = await database
    .selectFrom('run_event')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('run_id', '=', run)
    .executeTakeFirstOrThrow();
  const kept = await database.selectFrom('run_result').select('seq').where('run_id', '=', run).executeTakeFirst();
  return Math.max(Number(seq ?? 0), kept?.seq ?? 0);
}

/** Adds a line at the end of a log. */
async function logLast(database: Reader, run: string, atMs: number, message: string): Promise<void> {
  const { seq } = await database
    .selectFrom('run_log')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('run_id', '=', run)
    .executeTakeFirstOrThrow();
  await database
    .insertInto('run_log')
    .values({ run_id: run, seq: Number(seq ?? 0) + 1, at_ms: atMs, level: 'warning', message, fields: '{}' })
    .execute();
}
