// A run that somebody makes elsewhere and tells of here (`sixfold cloud run --local-execution`): what comes is kept as if a server led it.
// Parts that come twice, because an answer was lost, count once: lines and events bear their numbers.
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { Headline } from '../../report/headline.ts';
import { readRecord } from '../../report/unpack-run.ts';
import type { Report, ReportAnswer } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { queueHooks } from '../hooks/hook-queue.ts';
import { Problem } from '../rest/problem.ts';
import type { Reader } from '../storage/database.ts';
import type { RunEventTable } from '../storage/tables.ts';
import { REPORT_LEASE_MS } from './create-run.ts';
import { keepResult } from './keep-result.ts';
import { withoutNullIn } from './kept-text.ts';
import { LOST_REPORTER } from './recover-runs.ts';
import { ACTIVE_STATES, isOver } from './run-documents.ts';
import type { RunRow } from './run-queue.ts';
import { type Ending, writeEnding } from './write-ending.ts';

const inflate = promisify(inflateRaw);

/** A record that inflates to more is none of ours, in octets. */
const MOST_INFLATED = 128 * 1024 * 1024;
/** Lines of a run's log that are kept. */
const MOST_LOG_LINES = 10_000;

/** What only the server itself tells viewers. */
const OWN_EVENTS = ['end', 'log'];

/**
 * @param row of the run that is told of
 * @throws Problem where it is not the caller's to tell of, or is over
 */
export async function takeReport(
  context: ServiceContext,
  row: RunRow,
  userId: string,
  given: Report,
): Promise<ReportAnswer> {
  // A script may log anything: that is no reason to refuse what is told of its run.
  const report = withoutNullIn(given);
  const { database, bus, publicUrl } = context;
  if (row.reporter === null) throw new Problem('conflict', 'a server runs it: nobody tells of it');
  if (row.reporter !== userId) throw new Problem('forbidden', 'only who has begun the run tells of it');
  for (const event of report.events ?? []) expectEvent(event);
  for (const record of [report.checkpoint?.record, report.ending?.record])
    if (record != null) await expectRecord(Buffer.from(record, 'base64'));
  const { told, orders } = await database.transact(async (transaction) => {
    const held = await hold(transaction, row.id);
    if (held === null) {
      // The end was kept, and the answer to it lost.
      if (report.ending !== undefined) return { told: [], orders: [] };
      throw new Problem('conflict', 'the run is over');
    }
    const events = await keepParts(transaction, held, report, publicUrl());
    if (report.ending === undefined) return { told: events, orders: await openOrders(transaction, row.id) };
    const whose = { run: row.id, leader: null };
    const end = await writeEnding(transaction, publicUrl(), whose, endingOf(report.ending), { atMs: Date.now() });
    return { told: end === null ? events : [...events, end], orders: [] };
  });
  bus.tell(row.id, told);
  return { orders };
}

/** @throws Problem for what viewers would take for something else: they get it as it is, in lines of `text/event-stream` */
function expectEvent({ seq, name, data }: NonNullable<Report['events']>[number]): void {
  const where = `the event ${seq}`;
  if (OWN_EVENTS.includes(name)) throw new Problem('invalid', `${where}: "${name}" is told by the server alone`);
  if (/[\r\n]/.test(data)) throw new Problem('invalid', `${where}: its data have to be on one line`);
  try {
    JSON.parse(data);
  } catch (error) {
    throw new Problem('invalid', `${where}: its data are no JSON: ${(error as Error).message}`);
  }
}

/** @throws Problem for octets that are no record of a run, before they are kept */
async function expectRecord(octets: Buffer): Promise<void> {
  try {
    // What would take all memory is not even begun to be read.
    await inflate(octets, { maxOutputLength: MOST_INFLATED });
    readRecord(octets);
  } catch (error) {
    throw new Problem('unusable', `the record: ${(error as Error).message}`);
  }
}

/** Renews its lease; a run that was written off goes on. @returns null: it is over */
async function hold(transaction: Reader, run: string): Promise<RunRow | null> {
  const row = await transaction
    .updateTable('run')
    .set({ lease_ms: Date.now() + REPORT_LEASE_MS })
    .where('id', '=', run)
    .where((where) =>
      where.or([
        where('state', 'in', ACTIVE_STATES),
        where.and([where('state', '=', 'error'), where('reason', 'like', `${LOST_REPORTER}%`)]),
      ]),
    )
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  if (!isOver(row.state)) return row;
  const state = row.begun_ms === null ? 'starting' : 'running';
  await transaction
    .updateTable('run')
    .set({ state, exit_code: null, reason: null, ended_ms: null })
    .where('id', '=', run)
    .execute();
  await takeEndBack(transaction, run);
  return { ...row, state };
}

/** Viewers are not told that it is over, and read anew what was there before: its events went with its end. */
async function takeEndBack(transaction: Reader, run: string): Promise<void> {
  const end = await transaction
    .deleteFrom('run_event')
    .where('run_id', '=', run)
    .where('type', '=', 'end')
    .returning('seq')
    .executeTakeFirst();
  // The number of the end is that of the next event that is told; the one before it is free, since that event is gone.
  if (end === undefined || end.seq <= 1) return;
  const event = { run_id: run, seq: end.seq - 1, at_ms: Date.now(), type: 'resync', data: 'null' };
  await transaction
    .insertInto('run_event')
    .values(event)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** @returns what viewers here are told */
async function keepParts(
  transaction: Reader,
  row: RunRow,
  report: Report,
  publicUrl: string,
): Promise<RunEventTable[]> {
  const { begun, progress, events = [], lines = [], checkpoint, outcomes = [] } = report;
  const now = Date.now();
  const own = () => transaction.updateTable('run').where('id', '=', row.id);
  if (begun !== undefined && row.begun_ms === null) {
    await own().set({ begun_ms: now, fingerprint: begun.fingerprint, state: 'running' }).execute();
    await queueHooks(transaction, { ...row, state: 'running' }, 'run.started', publicUrl);
  }
  if (row.stop_ms !== null) await own().set({ state: 'stopping' }).where('state', '=', 'running').execute();
  if (progress !== undefined)
    await own()
      .set({ progress: JSON.stringify(progress) })
      .execute();
  const rows = events.map(({ seq, name, data }) => ({ run_id: row.id, seq, at_ms: now, type: name, data }));
  if (rows.length > 0)
    await transaction
      .insertInto('run_event')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  const told = await keepLines(transaction, row.id, lines);
  if (checkpoint !== undefined) {
    const { record, headline, seq } = checkpoint;
    const result = { record: Buffer.from(record, 'base64'), seq, at_ms: now };
    await keepResult(transaction, row.id, JSON.stringify(headline), result);
  }
  for (const { id, ok, message } of outcomes)
    await transaction
      .updateTable('run_order')
      .set({ outcome: JSON.stringify({ ok, message }) })
      .where('id', '=', id)
      .where('run_id', '=', row.id)
      .execute();
  return [...rows, ...told];
}

/** @returns those that were not there yet, as viewers hear of them */
async function keepLines(
  transaction: Reader,
  run: string,
  lines: NonNullable<Report['lines']>,
): Promise<RunEventTable[]> {
  const kept = lines.filter(({ seq }) => seq <= MOST_LOG_LINES);
  if (kept.length === 0) return [];
  const rows = kept.map(({ seq, atMs, level, message, fields }) => ({
    run_id: run,
    seq,
    at_ms: atMs,
    level,
    message,
    fields: JSON.stringify(fields),
  }));
  const written = await transaction
    .insertInto('run_log')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning('seq')
    .execute();
  const isNew = new Set(written.map(({ seq }) => seq));
  return kept
    .filter(({ seq }) => isNew.has(seq))
    .map((line) => ({ run_id: run, seq: 0, at_ms: line.atMs, type: 'log', data: JSON.stringify(line) }));
}

/** Whoever runs it keeps apart what it has carried out already. */
async function openOrders(transaction: Reader, run: string): Promise<ReportAnswer['orders']> {
  const rows = await transaction
    .selectFrom('run_order')
    .select(['id', 'body'])
    .where('run_id', '=', run)
    .where('outcome', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ id, body }) => ({ id, order: JSON.parse(body) as Record<string, unknown> }));
}

function endingOf(ending: NonNullable<Report['ending']>): Ending {
  const { record, headline, files, ...rest } = ending;
  return {
    type: 'end',
    ...rest,
    record: record === null ? null : Buffer.from(record, 'base64'),
    headline: headline as Headline | null,
    files: files.map(({ name, data }) => ({ name, data: Buffer.from(data, 'base64') })),
  };
}
