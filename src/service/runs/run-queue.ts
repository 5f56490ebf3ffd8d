// The queue: which run is next, and that each has exactly one server that runs it.
import type { Selectable, Transaction } from 'kysely';
import type { Database, Reader } from '../storage/database.ts';
import type { RunTable, Tables } from '../storage/tables.ts';
import { ACTIVE_STATES } from './run-documents.ts';

/** A server that has not been heard of for so long has lost its runs, in ms. */
export const LEASE_MS = 15_000;
/** Queued runs that are looked at for one that may start. */
const CANDIDATES = 50;

export type RunRow = Selectable<RunTable>;

/**
 * Takes the next run that may start. Of several projects the one comes first that has the fewest runs; of one project the oldest.
 * @param cores that are free on this server @param total that it has: a run that wants more gets all of them
 * @param ending runs that this server has lost and whose processes have not ended yet
 * @returns null: there is none
 */
export async function claimRun(
  database: Database,
  server: string,
  { free, total }: { readonly free: number; readonly total: number },
  ending: readonly string[] = [],
): Promise<RunRow | null> {
  return database.transact(async (transaction) => {
    const active = await countActive(transaction);
    const limits = await transaction
      .selectFrom('project')
      .select(['id', 'parallel_runs'])
      .where('id', 'in', [...active.keys(), ''])
      .execute();
    // What waits behind others of its project takes nobody's place among those that are looked at.
    const full = limits.filter(({ id, parallel_runs }) => (active.get(id) ?? 0) >= parallel_runs).map(({ id }) => id);
    const queued = await transaction
      .selectFrom('run')
      .innerJoin('project', 'project.id', 'run.project_id')
      .select(['run.id', 'run.project_id', 'run.cores', 'run.agents', 'project.parallel_runs'])
      .where('run.state', '=', 'queued')
      .$if(full.length > 0, (rest) => rest.where('run.project_id', 'not in', full))
      .$if(ending.length > 0, (rest) => rest.where('run.id', 'not in', ending))
      .orderBy('run.id')
      .limit(CANDIDATES * 20)
      .execute();
    const runsOf = (project: string): number => active.get(project) ?? 0;
    const candidates = queued
      .filter(({ cores, agents }) => agents > 0 || Math.min(cores, total) <= free)
      .sort((a, b) => runsOf(a.project_id) - runsOf(b.project_id) || (a.id < b.id ? -1 : 1))
      .slice(0, CANDIDATES);
    for (const { id, project_id, parallel_runs } of candidates) {
      const locked = await lock(database, transaction, id, project_id);
      if (locked === null) continue;
      // Another server may have started one of the project since.
      if (((await countActive(transaction)).get(project_id) ?? 0) >= parallel_runs) continue;
      const now = Date.now();
      return transaction
        .updateTable('run')
        .set({ state: 'starting', leader: server, lease_ms: now + LEASE_MS, started_ms: now })
        .where('id', '=', id)
        .where('state', '=', 'queued')
        .returningAll()
        .executeTakeFirst()
        .then((row) => row ?? null);
    }
    return null;
  });
}

/** Keeps other servers off a run and its project. @returns null: somebody else is at it */
async function lock(
  { kind }: Database,
  transaction: Transaction<Tables>,
  run: string,
  project: string,
): Promise<object | null> {
  // SQLite has one writer at a time anyway.
  if (kind === 'sqlite') return {};
  const row = await transaction
    .selectFrom('run')
    .select('id')
    .where('id', '=', run)
    .where('state', '=', 'queued')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return null;
  const owner = await transaction
    .selectFrom('project')
    .select('id')
    .where('id', '=', project)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
  return owner ?? null;
}

/** @returns how many runs of each project somebody works on */
async function countActive(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader
    .selectFrom('run')
    .select(({ fn }) => ['project_id', fn.countAll<number>().as('count')])
    .where('state', 'in', ACTIVE_STATES)
    // What somebody runs elsewhere takes no room here.
    .where('reporter', 'is', null)
    .groupBy('project_id')
    .execute();
  return new Map(rows.map(({ project_id, count }) => [project_id, Number(count)]));
}

/** Says that a server still runs what it runs. @returns the runs that it has lost meanwhile: another has written them off */
export async function renewLeases(reader: Reader, server: string, runs: readonly string[]): Promise<string[]> {
  if (runs.length === 0) return [];
  const kept = await reader
    .updateTable('run')
    .set({ lease_ms: Date.now() + LEASE_MS })
    .where('id', 'in', runs)
    .where('leader', '=', server)
    .where('state', 'in', ACTIVE_STATES)
    .returning('id')
    .execute();
  const alive = new Set(kept.map(({ id }) => id));
  return runs.filter((id) => !alive.has(id));
}
