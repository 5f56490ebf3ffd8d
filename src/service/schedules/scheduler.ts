// Starts what is due. Several servers look at the same schedules: whoever moves the time of one forward starts its run.
import type { Selectable } from 'kysely';
import { recordChange } from '../audit.ts';
import type { ServiceContext } from '../context.ts';
import { createRun } from '../runs/create-run.ts';
import { ACTIVE_STATES } from '../runs/run-documents.ts';
import type { Reader } from '../storage/database.ts';
import type { ScheduleTable } from '../storage/tables.ts';
import { nextTime } from './next-time.ts';

const LOOK_MS = 1000;
/** What is later than this is missed, in ms. */
const LATE_MS = 10 * 60_000;
const MOST_AT_ONCE = 100;

type ScheduleRow = Selectable<ScheduleTable>;

export class Scheduler {
  readonly #context: ServiceContext;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #isClosing = false;

  /** @param now in ms since the epoch: tests have their own time */
  constructor(context: ServiceContext, now: () => number = Date.now) {
    this.#context = context;
    this.#now = now;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
  }

  /** Starts what is due. */
  look(): Promise<void> {
    this.#looking ??= this.#startDue()
      .catch((error: unknown) => this.#context.log('error', `schedules: ${(error as Error).message}`))
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  async #startDue(): Promise<void> {
    while (!this.#isClosing && (await this.#startSome()) === MOST_AT_ONCE);
  }

  /** @returns how many were due */
  async #startSome(): Promise<number> {
    const { query } = this.#context.database;
    const now = this.#now();
    const due = await query
      .selectFrom('schedule')
      .selectAll()
      .where('is_enabled', '=', 1)
      .where('next_ms', '<=', now)
      .orderBy('next_ms')
      .limit(MOST_AT_ONCE)
      .execute();
    // Several servers see the same: each begins elsewhere, so that they do not wait for each other.
    const first = Math.floor(Math.random() * due.length);
    for (const row of [...due.slice(first), ...due.slice(0, first)]) {
      if (this.#isClosing) break;
      await this.#fire(row, now);
    }
    if (due.length > 0) this.#context.wake();
    return due.length;
  }

  async #fire(row: ScheduleRow, now: number): Promise<void> {
    const { database } = this.#context;
    const next = nextTime(row.cron, row.time_zone, now);
    await database.transact(async (transaction) => {
      if (database.kind === 'postgres' && !(await isFree(transaction, row.id))) return;
      const { numUpdatedRows } = await transaction
        .updateTable('schedule')
        .set({ next_ms: next, last_ms: row.next_ms })
        .where('id', '=', row.id)
        .where('next_ms', '=', row.next_ms)
        .where('is_enabled', '=', 1)
        .executeTakeFirst();
      // Another server was faster.
      if (Number(numUpdatedRows) === 0) return;
      const { outcome, runId } = await this.#begin(transaction, row, now);
      await transaction
        .updateTable('schedule')
        .set({ last_outcome: outcome, ...(runId !== null && { last_run_id: runId }) })
        .where('id', '=', row.id)
        .execute();
      await recordChange(transaction, { userId: null, name: `schedule ${row.name}` }, '', {
        action: runId === null ? 'schedule.miss' : 'schedule.run',
        object: runId ?? row.name,
        projectId: row.project_id,
        detail: outcome,
      });
    });
  }

  async #begin(
    transaction: Parameters<typeof createRun>[1],
    row: ScheduleRow,
    now: number,
  ): Promise<{ outcome: string; runId: string | null }> {
    const late = now - row.next_ms!;
    if (late > LATE_MS) {
      const due = new Date(row.next_ms!).toISOString();
      return { outcome: `missed: it was due at ${due}, and no server ran`, runId: null };
    }
    if (row.overlap === 'skip') {
      const running = await transaction
        .selectFrom('run')
        .select('id')
        .where('schedule_id', '=', row.id)
        .where('state', 'in', ['queued', ...ACTIVE_STATES])
        .executeTakeFirst();
      if (running !== undefined) return { outcome: `skipped: the run ${running.id} was not over`, runId: null };
    }
    const test = await transaction
      .selectFrom('test')
      .selectAll()
      .where('id', '=', row.test_id)
      .executeTakeFirstOrThrow();
    try {
      const run = await createRun(
        this.#context,
        transaction,
        test,
        {
          parameters: JSON.parse(row.parameters) as Record<string, string>,
          options: JSON.parse(row.options) as Record<string, unknown>,
        },
        { origin: 'schedule', createdBy: `schedule ${row.name}`, scheduleId: row.id },
      );
      return { outcome: 'started', runId: run.id };
    } catch (error) {
      return { outcome: `not started: ${(error as Error).message}`, runId: null };
    }
  }
}

/** @returns false: another server is at it, and nobody need wait for that */
async function isFree(transaction: Reader, id: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('schedule')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row !== undefined;
}
