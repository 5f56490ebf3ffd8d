// One run that this server leads: its process, and what is kept of what it says.
import path from 'node:path';
import { EXIT } from '../../exit/exit-error.ts';
import type { RunOrder, RunState } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { queueHooks } from '../hooks/hook-queue.ts';
import type { Reader } from '../storage/database.ts';
import type { RunResultTable } from '../storage/tables.ts';
import type { ChildTask, FromChild } from './child-protocol.ts';
import { dataWithin, textWithin } from './kept-size.ts';
import { ACTIVE_STATES, isOver } from './run-documents.ts';
import { RunProcess } from './run-process.ts';
import type { RunRow } from './run-queue.ts';

type Ending = Extract<FromChild, { type: 'end' }>;
type Result = Pick<RunResultTable, 'record' | 'seq' | 'at_ms'> &
  Partial<Pick<RunResultTable, 'summary' | 'summary_json'>>;

/** Lines of a run's log that are kept. */
const MOST_LOG_LINES = 10_000;
/** Events that lie behind the last checkpoint are kept for viewers at other servers, in ms. */
const EVENTS_KEPT_MS = 30_000;
/** A run that is to stop and does not is ended, in ms: teardown may take a minute. */
const STOP_PATIENCE_MS = 120_000;
/** How long it is tried to write how a run ended, and how long between two tries, in ms. */
const END_PATIENCE_MS = 60_000;
const END_PAUSE_MS = 1000;

/** @returns what an exit code says of a run */
function stateOfCode(code: number): RunState {
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

export class LedRun {
  readonly row: RunRow;
  /** Resolves when the run is over and everything of it is kept. */
  readonly ended: Promise<void>;
  readonly #context: ServiceContext;
  readonly #process: RunProcess;
  readonly #finished = Promise.withResolvers<void>();
  #writes: Promise<void> = Promise.resolve();
  #seq = 0;
  #logSeq = 0;
  #leftOut = 0;
  #hasStarted = false;
  #isLost = false;
  #ending: Ending | null = null;
  #killTimer: NodeJS.Timeout | null = null;
  #killReason: string | null = null;

  constructor(
    context: ServiceContext,
    row: RunRow,
    files: { readonly bytes: Uint8Array; readonly type: ChildTask['type']; readonly fileName: string },
    task: Omit<ChildTask, 'script' | 'type' | 'name'>,
  ) {
    this.#context = context;
    this.row = row;
    this.ended = this.#finished.promise;
    this.#process = new RunProcess(path.join(context.folder, 'work', row.id), files, task, {
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
      case 'progress':
        this.#takeProgress(message);
        return;
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

  #takeProgress({ progress, fingerprint }: Extract<FromChild, { type: 'progress' }>): void {
    const isFirst = !this.#hasStarted;
    this.#hasStarted = true;
    this.#write(async (database) => {
      await database
        .updateTable('run')
        .set({ progress: JSON.stringify(progress), fingerprint })
        .where('id', '=', this.row.id)
        .execute();
      if (!isFirst) return;
      const row = await database
        .updateTable('run')
        .set({ state: 'running' })
        .where('id', '=', this.row.id)
        .where('state', '=', 'starting')
        .returningAll()
        .executeTakeFirst();
      if (row !== undefined) await queueHooks(database, row, 'run.started', this.#context.publicUrl());
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
      // PostgreSQL's text has no NUL.
      const clean = message.replaceAll('\0', '\uFFFD');
      const parts = JSON.stringify(fields).replaceAll('\\u0000', '\uFFFD');
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
    const result = this.#resultOf(record);
    this.#write((database) => this.#writeResult(database, result, headline));
  }

  #resultOf(record: Uint8Array): Result {
    return { record: Buffer.from(record), seq: this.#seq, at_ms: Date.now() };
  }

  async #writeResult(database: Reader, result: Result, headline: string): Promise<void> {
    await database
      .insertInto('run_result')
      .values({ run_id: this.row.id, summary: null, summary_json: null, ...result })
      .onConflict((conflict) => conflict.column('run_id').doUpdateSet(result))
      .execute();
    await database.updateTable('run').set({ headline }).where('id', '=', this.row.id).execute();
    await database
      .deleteFrom('run_event')
      .where('run_id', '=', this.row.id)
      .where('seq', '<=', result.seq)
      .where('at_ms', '<', result.at_ms - EVENTS_KEPT_MS)
      .execute();
  }

  #exit(code: number | null, signal: NodeJS.Signals | null, lastWords: string): void {
    if (this.#killTimer !== null) clearTimeout(this.#killTimer);
    const ending = this.#ending ?? this.#crash(code, signal, lastWords);
    const { exitCode, reason, record, headline, fingerprint, summary, summaryData } = ending;
    const now = Date.now();
    const state = stateOfCode(exitCode);
    const result = record === null || headline === null ? null : this.#resultOf(record);
    // The process has cut them already; it runs a stranger's script.
    const kept = result !== null && {
      ...result,
      summary: summary === null ? null : textWithin(summary),
      summary_json:
        summaryData === null ? null : dataWithin(summaryData, (message) => this.#context.log('warning', message)),
    };
    const [logSeq, seq] = [this.#logSeq + 1, this.#seq + 1];
    const event = { run_id: this.row.id, seq, at_ms: now, type: 'end', data: '{}' };
    // All of it or nothing, so that it can be tried again.
    const keepEnd = async (database: Reader): Promise<boolean> => {
      const row = await database
        .updateTable('run')
        .set({
          state,
          exit_code: exitCode,
          reason,
          ended_ms: now,
          lease_ms: null,
          progress: null,
          ...(fingerprint !== null && { fingerprint }),
        })
        .where('id', '=', this.row.id)
        .where('leader', '=', this.#context.serverId)
        .where('state', 'in', ACTIVE_STATES)
        .returningAll()
        .executeTakeFirst();
      await database
        .updateTable('run_order')
        .set({ outcome: JSON.stringify({ ok: false, message: 'the run is over' }) })
        .where('run_id', '=', this.row.id)
        .where('outcome', 'is', null)
        .execute();
      if (row === undefined) {
        // A try that seemed to fail may have been kept.
        const left = await database.selectFrom('run').select('state').where('id', '=', this.row.id).executeTakeFirst();
        return left !== undefined && isOver(left.state);
      }
      if (kept !== false) await this.#writeResult(database, kept, JSON.stringify(headline));
      if (this.#leftOut > 0) await this.#sayLeftOut(database, logSeq, now);
      await database.deleteFrom('run_event').where('run_id', '=', this.row.id).execute();
      await database.insertInto('run_event').values(event).execute();
      await queueHooks(
        database,
        { ...row, headline: headline === null ? row.headline : JSON.stringify(headline) },
        `run.${state as 'passed' | 'failed' | 'aborted' | 'error'}`,
        this.#context.publicUrl(),
      );
      return true;
    };
    this.#writes = this.#writes.then(async () => {
      if (await this.#insist(keepEnd, now + END_PATIENCE_MS)) this.#context.bus.tell(this.row.id, [event]);
      this.#finished.resolve();
      this.#context.wake();
    });
  }

  /** Tries until it is written: meanwhile the run counts as led, and its lease is renewed. @returns whether it was */
  async #insist(work: (database: Reader) => Promise<boolean>, untilMs: number): Promise<boolean> {
    for (;;) {
      if (this.#isLost) return false;
      try {
        return await this.#context.database.transact(work);
      } catch (error) {
        this.#context.log('error', `the end of the run ${this.row.id}: ${(error as Error).message}`);
        if (Date.now() > untilMs) return false;
      }
      await new Promise((resolve) => setTimeout(resolve, END_PAUSE_MS));
    }
  }

  async #sayLeftOut(database: Reader, seq: number, now: number): Promise<void> {
    const line = {
      run_id: this.row.id,
      seq,
      at_ms: now,
      level: 'warning',
      message: `${this.#leftOut} lines of the log were left out: of each run ${MOST_LOG_LINES} are kept`,
      fields: '{}',
    };
    await database.insertInto('run_log').values(line).execute();
  }

  #crash(code: number | null, signal: NodeJS.Signals | null, lastWords: string): Ending {
    const how = signal === null ? `with the code ${code}` : `by the signal ${signal}`;
    const words = lastWords.trim() === '' ? '' : `: ${lastWords.trim().split('\n').slice(-5).join(' | ')}`;
    const reason = this.#killReason ?? `the process of the run ended unexpectedly, ${how}${words}`;
    return {
      type: 'end',
      exitCode: EXIT.internalError,
      reason: `${reason}; what was kept before that stays`,
      record: null,
      headline: null,
      fingerprint: null,
      summary: null,
      summaryData: null,
    };
  }
}
