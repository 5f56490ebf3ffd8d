// What goes when its time is over: what runs of a project have measured, and what nobody needs any more.
import type { ServiceContext } from './context.ts';

const PERIOD_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** Runs that are emptied at once, so that nobody waits for the database. */
const BATCH = 100;
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
  }

  /** Takes the results of some old runs; pinned ones and baselines stay. @returns whether there may be more */
  async #emptyRuns(project: string, before: number): Promise<boolean> {
    const { query } = this.#context.database;
    const old = await query
      .selectFrom('run')
      .innerJoin('run_result', 'run_result.run_id', 'run.id')
      .select('run.id')
      .where('run.project_id', '=', project)
      .where('run.ended_ms', '<', before)
      .where('run.is_pinned', '=', 0)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('test').select('test.id').whereRef('test.baseline_run_id', '=', 'run.id'))),
      )
      .limit(BATCH)
      .execute();
    if (old.length === 0) return false;
    const ids = old.map(({ id }) => id);
    for (const table of ['run_log', 'run_event', 'run_order', 'run_result'] as const)
      await query.deleteFrom(table).where('run_id', 'in', ids).execute();
    return old.length === BATCH;
  }
}
