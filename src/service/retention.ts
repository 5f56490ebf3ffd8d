// What goes when its time is over: what runs of a project have measured, and what nobody needs any more.
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { ServiceContext } from './context.ts';

const PERIOD_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** Runs that are emptied at once, so that nobody waits for the database. */
const BATCH = 100;
/** Of what a run has measured and said. */
const EMPTIED = ['run_result', 'run_file', 'run_log', 'run_event', 'run_order'] as const;
/** Of SQLite's file that are given back at once, for the same reason: 4 MiB. */
const PAGES_AT_ONCE = 1024;
const KEPT_DELIVERIES_MS = 30 * DAY_MS;
const KEPT_KEYS_MS = DAY_MS;
const KEPT_AUDIT_MS = 365 * DAY_MS;
/** A server that has not been heard of for so long is no more shown, in ms. */
const KEPT_SERVERS_MS = DAY_MS;

export class Retention {
  readonly #context: ServiceContext;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> | null = null;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  start(): void {
    this.#timer = setInterval(() => void this.clean(), PERIOD_MS);
    void this.clean();
  }

  /** Removes what is too old. */
  clean(): Promise<void> {
    this.#working ??= this.#clean(Date.now())
      .catch((error: unknown) => this.#context.log('error', `retention: ${(error as Error).message}`))
      .finally(() => {
        this.#working = null;
      });
    return this.#working;
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#working;
  }

  async #clean(now: number): Promise<void> {
    const { query } = this.#context.database;
    for (const { id, retention_days } of await query.selectFrom('project').select(['id', 'retention_days']).execute())
      while (await this.#emptyRuns(id, now - retention_days * DAY_MS));
    await query
      .deleteFrom('webhook_delivery')
      .where('state', '!=', 'waiting')
      .where('created_ms', '<', now - KEPT_DELIVERIES_MS)
      .execute();
    await query
      .deleteFrom('idempotency')
      .where('created_ms', '<', now - KEPT_KEYS_MS)
      .execute();
    await query
      .deleteFrom('audit')
      .where('at_ms', '<', now - KEPT_AUDIT_MS)
      .execute();
    await query.deleteFrom('credential').where('expires_ms', '<', now).execute();
    await query
      .deleteFrom('server')
      .where('seen_ms', '<', now - KEPT_SERVERS_MS)
      .execute();
    // Files of versions that are gone.
    await query
      .deleteFrom('blob')
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('test_version').select('id').whereRef('test_version.digest', '=', 'blob.digest'))),
      )
      .execute();
    await this.#giveBack();
  }

  /** SQLite keeps the room of what was deleted in its file, until it is asked for it. PostgreSQL sees to that itself. */
  async #giveBack(): Promise<void> {
    const { kind, query } = this.#context.database;
    if (kind !== 'sqlite') return;
    const countFree = async (): Promise<number> =>
      (await sql<{ freelist_count: number }>`PRAGMA freelist_count`.execute(query)).rows[0]!.freelist_count;
    // A file that was made without this setting gives nothing back.
    for (
      let free = await countFree(), last = Infinity;
      free > 0 && free < last;
      last = free, free = await countFree()
    ) {
      await sql`PRAGMA incremental_vacuum(${sql.lit(PAGES_AT_ONCE)})`.execute(query);
      await setImmediate();
    }
  }

  /** Takes the results of some old runs; pinned ones and baselines stay. @returns whether there may be more */
  async #emptyRuns(project: string, before: number): Promise<boolean> {
    const { query } = this.#context.database;
    const old = await query
      .selectFrom('run')
      .select('run.id')
      .where('run.project_id', '=', project)
      .where('run.ended_ms', '<', before)
      .where('run.is_pinned', '=', 0)
      // Those that ended before there was load have no result, and a log all the same.
      .where(({ or, exists, selectFrom }) =>
        or(EMPTIED.map((table) => exists(selectFrom(table).select('run_id').whereRef('run_id', '=', 'run.id')))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('test').select('test.id').whereRef('test.baseline_run_id', '=', 'run.id'))),
      )
      .limit(BATCH)
      .execute();
    if (old.length === 0) return false;
    const ids = old.map(({ id }) => id);
    for (const table of EMPTIED) await query.deleteFrom(table).where('run_id', 'in', ids).execute();
    return old.length === BATCH;
  }
}
