// One run that this server leads: its process, and what is kept of what it says.
import { EXIT } from '../../exit/exit-error.ts';
import type { RunOrder } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { queueHooks } from '../hooks/hook-queue.ts';
import type { Reader } from '../storage/database.ts';
import type { RunEventTable } from '../storage/tables.ts';
import type { ChildTask, FromChild } from './child-protocol.ts';
import { keepResult } from './keep-result.ts';
import { withoutNull, withoutNullIn } from './kept-text.ts';
import { runFolder } from './left-behind.ts';
import { ACTIVE_STATES, isOver } from './run-documents.ts';
import { RunProcess } from './run-process.ts';
import type { RunRow } from './run-queue.ts';
import { bareEnding, type Ending, writeEnding } from './write-ending.ts';

/** Lines of a run's log that are kept. */
const MOST_LOG_LINES = 10_000;
/** A run that is to stop and does not is ended, in ms: teardown may take a minute. */
const STOP_PATIENCE_MS = 120_000;
/** How long it is tried to write how a run ended, and how long between two tries, in ms. */
const END_PATIENCE_MS = 60_000;
const END_PAUSE_MS = 1000;

export class LedRun {
  readonly row: RunRow;
  /** Resolves when the run is over and everything of it is kept. */
  readonly ended: Promise<void>;
  readonly #context: ServiceContext;
  readonly #process: RunProcess;
  readonly #finished = Promise.withResolvers<void>();
  #writes: Promise<void> = Promise.resolve();
  #seq: number;
  #logSeq = 0;
  #leftOut = 0;
  #isLost = false;
  #ending: Ending | null = null;
  #killTimer: NodeJS.Timeout | null = null;
  #killReason: string | null = null;

  /** @param lastSeq the number of the last event: who led it before has told some */
  constructor(
    context: ServiceContext,
    row: RunRow,
    lastSeq: number,
    files: { readonly bytes: Uint8Array; readonly type: ChildTask['type']; readonly fileName: string },
    task: Omit<ChildTask, 'script' | 'type' | 'name'>,
  ) {
    this.#context = context;
    this.row = row;
    this.#seq = lastSeq;
    this.ended = this.#finished.promise;
    this.#process = new RunProcess(runFolder(context.folder, row.id), files, task, {
      onMessage: (message) => this.#hear(message),
      onExit: (code, signal, lastWords) => this.#exit(code, signal, lastWords),
    });
  }

  /** For tests that end it from outside. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  order(id: string, order: RunOrder): void {
    if (order.action === 'stop') {
      this.#write(async (database) => {
        await database
          .updateTable('run')
          .set({ state: 'stopping' })
          .where('id', '=', this.row.id)
          .where('state', 'in', ACTIVE_STATES)
          .execute();
      });
      this.#killTimer ??= setTimeout(() => this.kill('it did not stop when it was told to'), STOP_PATIENCE_MS).unref();
    }
    this.#process.tell({ type: 'order', id, order });
  }

  /** The run so far is to be kept now. */
  checkpoint(): void {
    this.#process.tell({ type: 'checkpoint' });
  }

  kill(reason: string): void {
    this.#killReason ??= reason;
    this.#process.kill();
  }

  /** Another server has written it off: nothing of it counts any more. */
  abandon(): void {
    this.#isLost = true;
    this.#process.kill();
  }

  /** One write after the other, in the order of what happened. */
  #write(work: (database: ServiceContext['database']['query']) => Promise<void>): void {
    this.#writes = this.#writes.then(async () => {
      if (this.#isLost) return;
      try {
        await work(this.#context.database.query);
      } catch (error) {
        this.#context.log('error', `run ${this.row.id}: ${(error as Error).message}`);
      }
    });
  }

  #hear(message: FromChild): void {
    switch (message.type) {
      case 'cluster':
        this.#keepCluster(message);
        return;
      case 'ready':
        this.#begin(message.fingerprint);
        return;
      case 'progress': {
        const progress = JSON.stringify(message.progress);
        this.#write(async (database) => void (await this.#ownRow(database).set({ progress }).execute()));
        return;
      }
      case 'events': {
        const now = Date.now();
        const rows = message.events.map(({ name, data }) => ({
          run_id: this.row.id,
          seq: ++this.#seq,
          at_ms: now,
          type: name,
          data,
        }));
        this.#context.bus.tell(this.row.id, rows);
        this.#write(async (database) => void (await database.insertInto('run_event').values(rows).execute()));
        return;
      }
      case 'logs':
        this.#takeLogs(message);
        return;
      case 'checkpoint':
        this.#keep(message.record, JSON.stringify(message.headline));
        return;
      case 'outcome': {
        const { id, ok, message: text } = message;
        this.#write(async (database) => {
          await database
            .updateTable('run_order')
            .set({ outcome: JSON.stringify({ ok, message: text }) })
            .where('id', '=', id)
            .execute();
        });
        return;
      }
      case 'end':
        this.#ending = message;
        return;
      case 'up':
      case 'inspected':
    }
  }

  /** The run, as long as it is this server's. */
  #ownRow(database: Reader) {
    return database
      .updateTable('run')
      .where('id', '=', this.row.id)
      .where('leader', '=', this.#context.serverId)
      .where('state', 'in', ACTIVE_STATES);
  }

  /** Another server leads the agents on where this one is killed. */
  #keepCluster({ run, key }: Extract<FromChild, { type: 'cluster' }>): void {
    const cluster = this.#context.sealer.seal(JSON.stringify({ run, key }), clusterPlace(this.row.id));
    this.#write(async (database) => void (await this.#ownRow(database).set({ cluster }).execute()));
  }

  /** The load may begin once that is written: from then on nobody starts the run anew. */
  #begin(fingerprint: string): void {
    const begin = async (database: Reader): Promise<boolean> => {
      const row = await this.#ownRow(database)
        .set(({ fn, val }) => ({ begun_ms: fn.coalesce('begun_ms', val(Date.now())), fingerprint }))
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return false;
      if (row.state === 'starting') {
        await this.#ownRow(database).set({ state: 'running' }).execute();
        await queueHooks(database, { ...row, state: 'running' }, 'run.started', this.#context.publicUrl());
      }
      return true;
    };
    const untilMs = Date.now() + END_PATIENCE_MS;
    this.#writes = this.#writes.then(async () => {
      if (await this.#insist('the beginning', begin, untilMs)) this.#process.tell({ type: 'go' });
      else this.kill('the database could not be told that its load begins, so it has not begun');
      this.#context.wake();
    });
  }

  #takeLogs({ lines, leftOut }: Extract<FromChild, { type: 'logs' }>): void {
    this.#leftOut += leftOut;
    const rows = lines.flatMap(({ atMs, level, message, fields }) => {
      if (this.#logSeq >= MOST_LOG_LINES) {
        this.#leftOut++;
        return [];
      }
      const clean = withoutNull(message);
      const parts = JSON.stringify(withoutNullIn(fields));
      return [{ run_id: this.row.id, seq: ++this.#logSeq, at_ms: atMs, level, message: clean, fields: parts }];
    });
    if (rows.length === 0) return;
    this.#context.bus.tell(
      this.row.id,
      rows.map(({ seq, at_ms, level, message, fields }) => ({
        seq: 0,
        type: 'log',
        data: JSON.stringify({ seq, atMs: at_ms, level, message, fields: JSON.parse(fields) as object }),
      })),
    );
    this.#write(async (database) => void (await database.insertInto('run_log').values(rows).execute()));
  }

  /** Keeps the run so far. */
  #keep(record: Uint8Array, headline: string): void {
    const result = { record: Buffer.from(record), seq: this.#seq, at_ms: Date.now() };
    this.#write((database) => keepResult(database, this.row.id, headline, result));
  }

  #exit(code: number | null, signal: NodeJS.Signals | null, lastWords: string): void {
    if (this.#killTimer !== null) clearTimeout(this.#killTimer);
    const ending = this.#ending ?? this.#crash(code, signal, lastWords);
    const now = Date.now();
    const seq = this.#seq;
    const whose = { run: this.row.id, leader: this.#context.serverId };
    let event: RunEventTable | null = null;
    // All of it or nothing, so that it can be tried again.
    const keepEnd = async (database: Reader): Promise<boolean> => {
      const leftOut =
        this.#leftOut === 0
          ? null
          : `${this.#leftOut} lines of the log were left out: of each run ${MOST_LOG_LINES} are kept`;
      const moment = { atMs: now, seq, leftOut };
      event = (await writeEnding(database, this.#context.publicUrl(), whose, ending, moment)) ?? event;
      if (event !== null) return true;
      // A try that seemed to fail may have been kept.
      const left = await database.selectFrom('run').select('state').where('id', '=', this.row.id).executeTakeFirst();
      return left !== undefined && isOver(left.state);
    };
    this.#writes = this.#writes.then(async () => {
      const isKept = await this.#insist('the end', keepEnd, now + END_PATIENCE_MS);
      if (isKept && event !== null) this.#context.bus.tell(this.row.id, [event]);
      // Where the database was away for too long, what is left there is found when the run is written off.
      if (isKept || this.#isLost) this.#process.clean();
      this.#finished.resolve();
      this.#context.wake();
    });
  }

  /** Tries until it is written: meanwhile the run counts as led, and its lease is renewed. @returns whether it was */
  async #insist(what: string, work: (database: Reader) => Promise<boolean>, untilMs: number): Promise<boolean> {
    for (;;) {
      if (this.#isLost) return false;
      try {
        return await this.#context.database.transact(work);
      } catch (error) {
        this.#context.log('error', `${what} of the run ${this.row.id}: ${(error as Error).message}`);
        if (Date.now() > untilMs) return false;
      }
      await new Promise((resolve) => setTimeout(resolve, END_PAUSE_MS));
    }
  }

  #crash(code: number | null, signal: NodeJS.Signals | null, lastWords: string): Ending {
    const how = signal === null ? `with the code ${code}` : `by the signal ${signal}`;
    const words = lastWords.trim() === '' ? '' : `: ${lastWords.trim().split('\n').slice(-5).join(' | ')}`;
    const reason = this.#killReason ?? `the process of the run ended unexpectedly, ${how}${words}`;
    return bareEnding(EXIT.internalError, `${reason}; what was kept before that stays`);
  }
}

/** What a run among agents is sealed for. */
export function clusterPlace(run: string): string {
  return `cluster of ${run}`;
}
