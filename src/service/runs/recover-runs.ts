// What becomes of runs whose server is gone: what had not begun is queued again, what had begun ends with all that is left of it. No run
// is lost, and none runs twice: its mark (`begun_ms`) is written before its load begins, and only while it is still that server's.

import { EXIT } from '../../exit/exit-error.ts';
import type { ServiceContext } from '../context.ts';
import type { Database } from '../storage/database.ts';
import type { RunEventTable } from '../storage/tables.ts';
import { deadFolders, findLeft, type LeftBehind, removeFolder, serverFolder } from './left-behind.ts';
import { ACTIVE_STATES } from './run-documents.ts';
import { LEASE_MS, type RunRow } from './run-queue.ts';
import { bareEnding, type Ending, writeEnding } from './write-ending.ts';

/** Agents make their load without anybody who leads them: for so long a server that can take them over is waited for, in ms. */
const TAKE_OVER_PATIENCE_MS = 120_000;

/** What cannot be written for so long is not worth a run that never ends, in ms. */
const WRITING_PATIENCE_MS = 60_000;

/** How the reason of a run begins that was written off. */
const LOST = 'the server that ran it has ended before the run did';

/** The same of one that somebody made elsewhere. */
export const LOST_REPORTER = 'whoever makes the run elsewhere has not been heard of for too long';

/** What recovery needs of a server. */
export type RecoveryContext = Pick<ServiceContext, 'database' | 'publicUrl' | 'serverId' | 'dataFolder' | 'log'>;

/**
 * Takes a run over whose agents nobody leads any more.
 * @param own runs that this server still has: where it was held up it renews their leases, and takes over from nobody
 * @returns null: there is none
 */
export async function claimLeaderless(
  { query }: Database,
  server: string,
  own: readonly string[] = [],
): Promise<RunRow | null> {
  const now = Date.now();
  const found = await query
    .selectFrom('run')
    .select(['id', 'lease_ms'])
    .where('state', 'in', ACTIVE_STATES)
    .where('cluster', 'is not', null)
    .where('lease_ms', '<', now)
    .$if(own.length > 0, (rest) => rest.where('id', 'not in', own))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (found === undefined) return null;
  const row = await query
    .updateTable('run')
    .set({ leader: server, lease_ms: now + LEASE_MS })
    .where('id', '=', found.id)
    .where('state', 'in', ACTIVE_STATES)
    .where('lease_ms', '=', found.lease_ms)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** @returns the ends of runs that it has written */
export async function recoverLost(context: RecoveryContext): Promise<RunEventTable[]> {
  const { database, log } = context;
  const now = Date.now();
  await queueAgain(database, now);
  const lost = await database.query
    .selectFrom('run')
    .selectAll()
    .where('state', 'in', ACTIVE_STATES)
    .where('lease_ms', '<', now)
    .execute();
  const ended: RunEventTable[] = [];
  for (const row of lost) {
    if (row.cluster !== null && row.lease_ms! > now - TAKE_OVER_PATIENCE_MS) continue;
    try {
      const event = await writeOff(context, row, now);
      if (event !== null) ended.push(event);
    } catch (error) {
      // The next one is not to wait for it.
      log('error', `writing the run ${row.id} off: ${(error as Error).message}`);
    }
  }
  return ended;
}

/** @returns null: somebody else has done it */
async function writeOff(context: RecoveryContext, row: RunRow, now: number): Promise<RunEventTable | null> {
  const { database, dataFolder, publicUrl, log } = context;
  const write = ([ending, atMs]: [Ending, number]): Promise<RunEventTable | null> => {
    const whose = { run: row.id, leader: row.leader, lostBefore: now };
    return database.transact((transaction) => writeEnding(transaction, publicUrl(), whose, ending, { atMs }));
  };
  try {
    const left = row.leader === null ? null : findLeft(serverFolder(dataFolder, row.leader), row.id);
    return await write(await endingOfLost(database, row, left, now));
  } catch (error) {
    // The database may be away for a moment.
    if (row.lease_ms! > now - WRITING_PATIENCE_MS) throw error;
    const { message } = error as Error;
    log('error', `the run ${row.id} is written off without what is left of it: ${message}`);
    const who = row.reporter === null ? lostServer(row) : LOST_REPORTER;
    return write([bareEnding(EXIT.internalError, `${who}: what is left of it cannot be kept: ${message}`), now]);
  }
}

/** What had not begun is started by whoever has room for it. */
async function queueAgain(database: Database, now: number): Promise<void> {
  await database.transact(async (transaction) => {
    const again = await transaction
      .updateTable('run')
      .set({
        state: 'queued',
        leader: null,
        lease_ms: null,
        started_ms: null,
        progress: null,
        headline: null,
        cluster: null,
      })
      .where('state', '=', 'starting')
      .where('begun_ms', 'is', null)
      .where('reporter', 'is', null)
      .where('lease_ms', '<', now)
      // Agents that are ready for it are taken over with it.
      .where((where) => where.or([where('cluster', 'is', null), where('lease_ms', '<', now - TAKE_OVER_PATIENCE_MS)]))
      .where('stop_ms', 'is', null)
      .returning('id')
      .execute();
    // Who runs it next counts its lines and events from the first one on.
    const ids = again.map(({ id }) => id);
    if (ids.length === 0) return;
    for (const table of ['run_log', 'run_event', 'run_result', 'run_file'] as const)
      await transaction.deleteFrom(table).where('run_id', 'in', ids).execute();
  });
}

/** @returns how it ended, and when */
async function endingOfLost(
  { query }: Database,
  row: RunRow,
  left: LeftBehind | null,
  now: number,
): Promise<[Ending, number]> {
  // It was over, and nobody was there to write it down.
  if (left?.message.type === 'end') return [left.message, left.atMs];
  if (row.begun_ms === null && row.stop_ms !== null && row.reporter === null)
    return [bareEnding(EXIT.stoppedOverApi, 'it was stopped before it had begun'), now];
  const who = row.reporter === null ? lostServer(row) : LOST_REPORTER;
  if (left !== null) return [endingOfLeft(left, who), left.atMs];
  const kept = await query.selectFrom('run_result').select('at_ms').where('run_id', '=', row.id).executeTakeFirst();
  const what =
    kept === undefined
      ? 'nothing that was measured is kept'
      : `what was measured until ${showTime(kept.at_ms)} is kept, the rest is lost`;
  return [bareEnding(EXIT.internalError, `${who}: ${what}`), now];
}

function lostServer({ state }: RunRow): string {
  const when = state === 'stopping' ? ', while it was being stopped' : '';
  return `${LOST}${when}`;
}

/** Of a run that saw its server go: its load ended with that, and all that it had measured is there. */
function endingOfLeft({ atMs, message }: LeftBehind, who: string): Ending {
  if (message.type === 'end') return message;
  const { record, headline } = message;
  const reason = `${who}: its load ended with the server, and what was measured until then, ${showTime(atMs)}, is kept`;
  return { ...bareEnding(EXIT.internalError, reason), record, headline };
}

function showTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/**
 * Removes folders of servers that are gone. What runs have left in them counts even where another server, on another machine, has written
 * them off meanwhile: it could not know.
 * @returns the ends of runs that it has written
 */
export async function clearDeadFolders(context: RecoveryContext): Promise<RunEventTable[]> {
  const { database, dataFolder, serverId, log } = context;
  const written: RunEventTable[] = [];
  for (const { server, folder, runs } of deadFolders(dataFolder, serverId)) {
    // Until its lease is over its runs count as going on.
    const active = await database.query
      .selectFrom('run')
      .select('id')
      .where('leader', '=', server)
      .where('state', 'in', ACTIVE_STATES)
      .executeTakeFirst();
    const seen = await database.query
      .selectFrom('server')
      .select('seen_ms')
      .where('id', '=', server)
      .executeTakeFirst();
    if (active !== undefined || (seen !== undefined && seen.seen_ms > Date.now() - LEASE_MS)) continue;
    try {
      for (const run of runs) {
        const left = findLeft(folder, run);
        const event = left === null ? null : await correctEnding(context, run, server, left);
        if (event !== null) written.push(event);
      }
    } catch (error) {
      // It stays for a later look, and keeps nobody from the others.
      log('error', `what runs have left in ${folder}: ${(error as Error).message}`);
      continue;
    }
    removeFolder(folder);
    log('info', `the folder of a server that is gone, ${folder}, is removed`);
  }
  return written;
}

/** A run that was written off with less than what is left of it. @returns null: it was not */
function correctEnding(
  { database, publicUrl }: RecoveryContext,
  run: string,
  server: string,
  left: LeftBehind,
): Promise<RunEventTable | null> {
  return database.transact(async (transaction) => {
    const row = await transaction
      .updateTable('run')
      .set({ state: 'running' })
      .where('id', '=', run)
      .where('leader', '=', server)
      .where('state', '=', 'error')
      .where('reason', 'like', `${LOST}%`)
      .where('ended_ms', '>', left.atMs)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return null;
    const ending = endingOfLeft(left, row.reason!.split(':')[0]!);
    return writeEnding(transaction, publicUrl(), { run, leader: server }, ending, { atMs: left.atMs });
  });
}
