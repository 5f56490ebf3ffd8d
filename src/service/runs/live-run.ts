// What viewers get of a run: what it is so far, and then what happens, wherever it is led.
import type { ServerResponse } from 'node:http';
import { readRecord } from '../../report/unpack-run.ts';
import type { ServiceContext } from '../context.ts';
import { newId } from '../storage/new-id.ts';
import type { BusEvent } from './event-bus.ts';

/** What is no older than this is the run so far, in ms. */
const FRESH_MS = 1000;
/** How long a leader is waited for, in ms. */
const PATIENCE_MS = 3000;
const LOOK_MS = 50;
const REMOTE_MS = 1000;
const COMMENT_MS = 15_000;
/** How often it is asked whether viewers may still look, in ms. */
const RIGHTS_MS = 2000;
/** What a viewer may leave unread, in octets; then it is cut off and comes again. */
const MOST_UNREAD = 1024 * 1024;

interface Kept {
  readonly record: Uint8Array;
  readonly seq: number;
  readonly at_ms: number;
}

export class LiveRuns {
  readonly #context: ServiceContext;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #texts = new WeakMap<BusEvent, Buffer>();
  readonly #records = new Map<string, { readonly at: number; readonly json: string }>();
  readonly #endings = new Map<string, Promise<Buffer>>();
  readonly #seen = new Map<string, number>();
  readonly #isLed: (run: string) => boolean;
  /** With what says whether they may still look. */
  readonly #viewers = new Map<ServerResponse, () => Promise<boolean>>();
  readonly #timers: NodeJS.Timeout[];
  #isLooking = false;
  #isReviewing = false;

  /** @param isLed whether this server leads a run: then its events come by themselves */
  constructor(context: ServiceContext, isLed: (run: string) => boolean) {
    this.#context = context;
    this.#isLed = isLed;
    this.#timers = [
      setInterval(() => void this.#lookElsewhere(), REMOTE_MS).unref(),
      // Proxies cut off what is silent.
      setInterval(() => this.#comment(), COMMENT_MS).unref(),
      setInterval(() => void this.#review(), RIGHTS_MS).unref(),
    ];
  }

  /** @returns the run so far, as reports hold it; null: there is nothing yet */
  async read(run: string, isActive: boolean): Promise<Kept | null> {
    if (isActive) await this.#refresh(run);
    const row = await this.#context.database.query
      .selectFrom('run_result')
      .select(['record', 'seq', 'at_ms'])
      .where('run_id', '=', run)
      .executeTakeFirst();
    return row ?? null;
  }

  /** @returns the record alone, as JSON; it is read once for all who ask */
  async readRecord(run: string): Promise<string | null> {
    const { query } = this.#context.database;
    const at = await query.selectFrom('run_result').select('at_ms').where('run_id', '=', run).executeTakeFirst();
    if (at === undefined) return null;
    const kept = this.#records.get(run);
    if (kept?.at === at.at_ms) return kept.json;
    const row = await query
      .selectFrom('run_result')
      .select(['record', 'at_ms'])
      .where('run_id', '=', run)
      .executeTakeFirstOrThrow();
    const json = JSON.stringify(readRecord(row.record));
    if (this.#records.size > 50) this.#records.clear();
    this.#records.set(run, { at: row.at_ms, json });
    return json;
  }

  /** Has the leader hand over what there is, once for all who ask at the same time. */
  #refresh(run: string): Promise<void> {
    let pending = this.#asked.get(run);
    if (pending === undefined) {
      pending = this.#ask(run).finally(() => this.#asked.delete(run));
      this.#asked.set(run, pending);
    }
    return pending;
  }

  async #ask(run: string): Promise<void> {
    const { database, wake } = this.#context;
    const ageOf = async (): Promise<number> => {
      const row = await database.query
        .selectFrom('run_result')
        .select('at_ms')
        .where('run_id', '=', run)
        .executeTakeFirst();
      return row?.at_ms ?? 0;
    };
    const asked = Date.now();
    if ((await ageOf()) > asked - FRESH_MS) return;
    const body = JSON.stringify({ action: 'checkpoint' });
    await database.query
      .insertInto('run_order')
      .values({ id: newId(), run_id: run, at_ms: asked, body, outcome: null })
      .execute();
    wake();
    while (Date.now() < asked + PATIENCE_MS && (await ageOf()) < asked)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }

  /**
   * Takes over an answer and sends events until the run is over. Where the database is away the viewer is cut off, and comes again.
   * @param after the number of the last event that is known; null: from now on
   * @param mayLook asked again and again: whoever may not any more is cut off
   */
  async follow(
    run: string,
    after: number | null,
    isOver: boolean,
    response: ServerResponse,
    mayLook: () => Promise<boolean>,
  ): Promise<void> {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    response.write(': hello\n\n');
    this.#viewers.set(response, mayLook);
    let last = after ?? -1;
    const waiting: BusEvent[] = [];
    let isReady = false;
    const take = (events: readonly BusEvent[]): void => {
      if (response.writableEnded) return;
      for (const event of events) {
        if (event.seq > 0 && event.seq <= last) continue;
        if (event.seq > 0) last = event.seq;
        this.#send(run, event, response);
      }
    };
    const stop = this.#context.bus.listen(run, (events) => {
      if (isReady) take(events);
      else waiting.push(...events);
    });
    const leave = (): void => {
      stop();
      this.#viewers.delete(response);
    };
    response.on('close', leave);
    response.on('error', leave);
    // Of a run that another server leads, what comes before the first look counts as well.
    if (after !== null && !this.#seen.has(run)) this.#seen.set(run, after);
    try {
      const { query } = this.#context.database;
      if (after !== null) {
        const missed = await query
          .selectFrom('run_event')
          .select(['seq', 'type', 'data'])
          .where('run_id', '=', run)
          .where('seq', '>', after)
          .orderBy('seq')
          .execute();
        take(missed);
      }
      const row = isOver
        ? undefined
        : await query.selectFrom('run').select('ended_ms').where('id', '=', run).executeTakeFirst();
      isReady = true;
      take(waiting);
      if ((isOver || row?.ended_ms != null) && !response.writableEnded)
        this.#send(run, { seq: 0, type: 'end', data: '{}' }, response);
    } catch (error) {
      this.#context.log('error', `events: ${(error as Error).message}`);
      leave();
      response.destroy();
    }
  }

  #send(run: string, event: BusEvent, response: ServerResponse): void {
    if (response.writableEnded || response.destroyed) return;
    if (event.type === 'end') {
      // A viewer that is cut off comes again.
      this.#ending(run, event.seq).then(
        (bytes) => response.end(bytes),
        (error: unknown) => {
          this.#context.log('error', `events: ${(error as Error).message}`);
          response.destroy();
        },
      );
      return;
    }
    if (response.writableLength > MOST_UNREAD) {
      response.destroy();
      return;
    }
    let bytes = this.#texts.get(event);
    if (bytes === undefined) {
      const id = event.seq > 0 ? `id: ${event.seq}\n` : '';
      bytes = Buffer.from(`${id}event: ${event.type}\ndata: ${event.data}\n\n`);
      this.#texts.set(event, bytes);
    }
    response.write(bytes);
  }

  /** @returns the last event, which holds the whole run; it is made once for all */
  #ending(run: string, seq: number): Promise<Buffer> {
    let made = this.#endings.get(run);
    if (made === undefined) {
      made = this.#context.database.query
        .selectFrom('run_result')
        .select('record')
        .where('run_id', '=', run)
        .executeTakeFirst()
        .then((row) => {
          const record = row === undefined ? null : Buffer.from(row.record).toString('base64');
          const id = seq > 0 ? `id: ${seq}\n` : '';
          return Buffer.from(`${id}event: end\ndata: ${JSON.stringify({ run: record })}\n\n`);
        });
      this.#endings.set(run, made);
      const forget = (): void => void this.#endings.delete(run);
      // What failed is asked for again.
      made.catch(forget);
      setTimeout(forget, 10_000).unref();
    }
    return made;
  }

  /** Events of runs that other servers lead lie in the database. */
  async #lookElsewhere(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { database, bus } = this.#context;
      const watched = bus.watched.filter((run) => !this.#isLed(run));
      for (const run of this.#seen.keys()) if (!watched.includes(run)) this.#seen.delete(run);
      for (const run of watched) {
        const rows = await database.query
          .selectFrom('run_event')
          .select(['seq', 'type', 'data'])
          .where('run_id', '=', run)
          .$if(this.#seen.has(run), (rest) => rest.where('seq', '>', this.#seen.get(run)!))
          .orderBy('seq')
          .execute();
        const isFirst = !this.#seen.has(run);
        this.#seen.set(run, rows.at(-1)?.seq ?? this.#seen.get(run) ?? 0);
        // What was there when somebody came, they have read.
        if (!isFirst || rows.at(-1)?.type === 'end') bus.tell(run, isFirst ? rows.slice(-1) : rows);
      }
    } catch (error) {
      this.#context.log('error', `events: ${(error as Error).message}`);
    } finally {
      this.#isLooking = false;
    }
  }

  #comment(): void {
    for (const viewer of this.#viewers.keys()) viewer.write(': still here\n\n');
  }

  /** Rights that were taken since somebody came, and tokens that have ended. */
  async #review(): Promise<void> {
    if (this.#isReviewing) return;
    this.#isReviewing = true;
    for (const [viewer, mayLook] of this.#viewers) {
      // Where nobody can be asked, nobody is let in either.
      if (await mayLook().catch(() => false)) continue;
      this.#viewers.delete(viewer);
      viewer.end();
    }
    this.#isReviewing = false;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const viewer of this.#viewers.keys()) viewer.destroy();
  }
}
