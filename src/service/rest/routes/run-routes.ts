// Runs: started, watched, steered, compared.
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { compareRecords } from '../../../report/compare-records.ts';
import { comparisonLines } from '../../../report/comparison-lines.ts';
import { embedRun, readPage } from '../../../report/html-report.ts';
import { textStyle } from '../../../report/text-style.ts';
import { toRunFile, unpackRun } from '../../../report/unpack-run.ts';
import {
  ANY_DOCUMENT,
  COMPARISON,
  LOG,
  NEW_REPORTED_RUN,
  NEW_RUN,
  ORDER_OUTCOME,
  pageOf,
  REPORT,
  REPORT_ANSWER,
  RUN,
  RUN_CHANGE,
  RUN_FILES,
  RUN_ORDER,
  RUN_STATES,
  type RunState,
  SUMMARY,
} from '../../api/documents.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { queueHooks } from '../../hooks/hook-queue.ts';
import { type Caller, isStillLetIn } from '../../people/caller.ts';
import { createRun } from '../../runs/create-run.ts';
import type { LiveRuns } from '../../runs/live-run.ts';
import { isOver, runDocument } from '../../runs/run-documents.ts';
import type { RunRow } from '../../runs/run-queue.ts';
import { takeReport } from '../../runs/take-report.ts';
import { newId } from '../../storage/new-id.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { Problem } from '../problem.ts';
import { member, PAGE_QUERY, type Route, route, TAKEN_OVER } from '../route.ts';
import { hasText } from '../search-text.ts';

/** How long the server that leads a run may take to carry out an order, in ms. */
const ORDER_PATIENCE_MS = 5000;
const LOOK_MS = 50;
const LOG_LINES = 1000;
const DAY_MS = 86_400_000;
/** A report may run its own page, and nothing of this server: it holds what scripts have written. */
const REPORT_POLICY =
  "sandbox allow-scripts allow-downloads; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; frame-ancestors 'self'";

class Raced extends Error {}

export function runRoutes(context: ServiceContext, live: LiveRuns): Route[] {
  const { database, bus } = context;
  const { query } = database;

  const find = (id: string): Promise<RunRow> =>
    query.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const readResult = async (id: string): Promise<Uint8Array> => {
    const kept = await live.read(id, false);
    if (kept === null) throw new Problem('missing', 'nothing that was measured is kept of this run');
    return kept.record;
  };

  return [
    route('GET /projects/{project}/runs', {
      id: 'listRuns',
      summary: 'The runs of a project, the latest first',
      access: member('viewer', 'project'),
      query: {
        ...PAGE_QUERY,
        test: 'of this test only',
        state: `of these states only, with commas between them: ${RUN_STATES.join(', ')}`,
        search: 'a part of the name, the note, the reason, or who started it',
      },
      answer: pageOf(RUN),
      handle: async ({ projectId, query: asked }) => {
        const wish = readPageWish(asked);
        const { test, state, search } = asked;
        const states = state?.split(',') ?? [];
        const unknown = states.find((one) => !(RUN_STATES as readonly string[]).includes(one));
        if (unknown !== undefined) throw new Problem('invalid', `there is no state "${unknown}"`);
        const rows = await query
          .selectFrom('run')
          .selectAll()
          .where('project_id', '=', projectId)
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .$if(test !== undefined, (rest) => rest.where('test_id', '=', test!))
          .$if(states.length > 0, (rest) => rest.where('state', 'in', states as RunState[]))
          .$if(search !== undefined, (rest) =>
            rest.where(hasText(database.kind, ['name', 'note', 'reason', 'created_by'], search!)),
          )
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, runDocument);
      },
    }),
    route('POST /tests/{test}/runs', {
      id: 'startRun',
      summary: 'Puts a run into the queue. With the header Idempotency-Key the same request twice makes one run',
      access: member('runner', 'test'),
      body: NEW_RUN,
      answer: RUN,
      status: 201,
      handle: async ({ params, body, caller, request, reply }) => {
        const test = await query
          .selectFrom('test')
          .selectAll()
          .where('id', '=', params['test']!)
          .executeTakeFirstOrThrow();
        const origin = {
          origin: caller.kind === 'token' ? ('token' as const) : ('person' as const),
          createdBy: caller.name,
          scheduleId: null,
        };
        const key = readIdempotencyKey(request.headers['idempotency-key'], caller);
        const digest = createHash('sha256')
          .update(JSON.stringify([test.id, body]))
          .digest('hex');
        const start = () =>
          database.transact(async (transaction) => {
            if (key === null) return { row: await createRun(context, transaction, test, body, origin), isNew: true };
            // What has expired is removed now and then, and may still be there.
            await transaction
              .deleteFrom('idempotency')
              .where('key', '=', key)
              .where('created_ms', '<=', Date.now() - DAY_MS)
              .execute();
            const known = await transaction
              .selectFrom('idempotency')
              .selectAll()
              .where('key', '=', key)
              .executeTakeFirst();
            if (known === undefined) {
              const made = await createRun(context, transaction, test, body, origin);
              const { numInsertedOrUpdatedRows } = await transaction
                .insertInto('idempotency')
                .values({ key, digest, run_id: made.id, created_ms: Date.now() })
                .onConflict((conflict) => conflict.doNothing())
                .executeTakeFirst();
              if (Number(numInsertedOrUpdatedRows) === 1) return { row: made, isNew: true };
              // The same request has come twice at once, and the other was faster: this one leaves nothing.
              throw new Raced();
            }
            if (known.digest !== digest)
              throw new Problem('unusable', 'the Idempotency-Key was used for another request: use a new one');
            const made = await transaction
              .selectFrom('run')
              .selectAll()
              .where('id', '=', known.run_id)
              .executeTakeFirstOrThrow();
            return { row: made, isNew: false };
          });
        const { row, isNew } = await start().catch((error: unknown) => {
          if (error instanceof Raced) return start();
          throw error;
        });
        if (isNew) {
          await recordChange(query, caller, request.ip, {
            action: 'run.create',
            object: `${test.name} (${row.id})`,
            projectId: row.project_id,
          });
          context.wake();
        } else void reply.header('idempotent-replayed', 'true');
        return runDocument(row);
      },
    }),
    route('POST /tests/{test}/reported-runs', {
      id: 'reportRun',
      summary: 'Begins a run that the caller makes elsewhere and tells of here',
      access: member('runner', 'test'),
      body: NEW_REPORTED_RUN,
      answer: RUN,
      status: 201,
      handle: async ({ params, body, caller, request }) => {
        const test = await query
          .selectFrom('test')
          .selectAll()
          .where('id', '=', params['test']!)
          .executeTakeFirstOrThrow();
        const row = await createRun(context, query, test, body, {
          origin: caller.kind === 'token' ? 'token' : 'person',
          createdBy: caller.name,
          scheduleId: null,
          reporter: caller.userId!,
        });
        await recordChange(query, caller, request.ip, {
          action: 'run.create',
          object: `${test.name} (${row.id})`,
          projectId: row.project_id,
          detail: 'made elsewhere',
        });
        return runDocument(row);
      },
    }),
    route('POST /runs/{run}/reports', {
      id: 'tellOfRun',
      summary: 'Tells of a run that the caller makes; answers with what others want of it',
      access: member('runner', 'run'),
      body: REPORT,
      answer: REPORT_ANSWER,
      isLarge: true,
      takesNull: true,
      handle: async ({ params, body, caller }) => takeReport(context, await find(params['run']!), caller.userId!, body),
    }),
    route('GET /runs/{run}', {
      id: 'getRun',
      summary: 'A run and how far it is',
      access: member('viewer', 'run'),
      answer: RUN,
      handle: async ({ params }) => runDocument(await find(params['run']!)),
    }),
    route('PATCH /runs/{run}', {
      id: 'changeRun',
      summary: 'Pins a run, so that it stays; writes a note to it',
      access: member('runner', 'run'),
      body: RUN_CHANGE,
      answer: RUN,
      handle: async ({ params, projectId, body: { isPinned, note }, caller, request }) => {
        const row = await find(params['run']!);
        const changed = await query
          .updateTable('run')
          .set({
            is_pinned: isPinned === undefined ? row.is_pinned : Number(isPinned),
            note: note ?? row.note,
          })
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, {
          action: 'run.change',
          object: `${row.name} (${row.id})`,
          projectId,
          detail: JSON.stringify({ isPinned, note }),
        });
        return runDocument(changed);
      },
    }),
    route('DELETE /runs/{run}', {
      id: 'removeRun',
      summary: 'Removes a run that is over',
      access: member('admin', 'run'),
      handle: async ({ params, projectId, caller, request }) => {
        const row = await find(params['run']!);
        if (!isOver(row.state)) throw new Problem('conflict', 'the run is not over yet: stop it first');
        await query.transaction().execute(async (transaction) => {
          await transaction
            .updateTable('test')
            .set({ baseline_run_id: null })
            .where('baseline_run_id', '=', row.id)
            .execute();
          await transaction.deleteFrom('run').where('id', '=', row.id).execute();
        });
        await recordChange(query, caller, request.ip, {
          action: 'run.remove',
          object: `${row.name} (${row.id})`,
          projectId,
        });
      },
    }),
    route('POST /runs/{run}/again', {
      id: 'repeatRun',
      summary: 'Runs it once more: the same version with the same parameters and options',
      access: member('runner', 'run'),
      answer: RUN,
      status: 201,
      handle: async ({ params, caller, request }) => {
        const row = await find(params['run']!);
        const test = await query.selectFrom('test').selectAll().where('id', '=', row.test_id).executeTakeFirstOrThrow();
        const { n } = await query
          .selectFrom('test_version')
          .select('n')
          .where('id', '=', row.version_id)
          .executeTakeFirstOrThrow();
        const { parameters, options, note, cores, agents } = runDocument(row);
        const made = await createRun(
          context,
          query,
          test,
          { version: n, parameters, options, note, cores, agents },
          { origin: caller.kind === 'token' ? 'token' : 'person', createdBy: caller.name, scheduleId: null },
        );
        await recordChange(query, caller, request.ip, {
          action: 'run.create',
          object: `${test.name} (${made.id})`,
          projectId: row.project_id,
          detail: `as ${row.id}`,
        });
        context.wake();
        return runDocument(made);
      },
    }),
    route('POST /runs/{run}/orders', {
      id: 'steerRun',
      summary: 'Stops, pauses, resumes a run, or changes its virtual users; says whether it was done',
      access: member('runner', 'run'),
      body: RUN_ORDER,
      answer: ORDER_OUTCOME,
      handle: async ({ params, projectId, body, caller, request }) => {
        const row = await find(params['run']!);
        await recordChange(query, caller, request.ip, {
          action: `run.${body.action}`,
          object: `${row.name} (${row.id})`,
          projectId,
        });
        if (isOver(row.state)) throw new Problem('conflict', 'the run is over');
        if (row.state === 'queued') return stopQueued(row, body.action);
        const id = newId();
        const now = Date.now();
        if (body.action === 'stop')
          await query.updateTable('run').set({ stop_ms: now }).where('id', '=', row.id).execute();
        await query
          .insertInto('run_order')
          .values({ id, run_id: row.id, at_ms: now, body: JSON.stringify(body), outcome: null })
          .execute();
        context.wake();
        for (;;) {
          const order = await query.selectFrom('run_order').select('outcome').where('id', '=', id).executeTakeFirst();
          if (order?.outcome) {
            const outcome = JSON.parse(order.outcome) as { ok: boolean; message: string };
            if (!outcome.ok) throw new Problem('conflict', outcome.message);
            return outcome;
          }
          if (Date.now() - now > ORDER_PATIENCE_MS)
            return { ok: true, message: 'the order is given; the run has not answered yet' };
          await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
      },
    }),
    route('GET /runs/{run}/record', {
      id: 'getRecord',
      summary:
        'Everything that is known of a run but its timeline, as its page has it; of one in progress at most ten seconds old',
      access: member('viewer', 'run'),
      answer: ANY_DOCUMENT,
      handle: async ({ params, reply }) => {
        const json = await live.readRecord(params['run']!);
        if (json === null) throw new Problem('missing', 'nothing that was measured is kept of this run yet');
        void reply.type('application/json').send(json);
        return TAKEN_OVER;
      },
    }),
    route('GET /runs/{run}/timeline', {
      id: 'getTimeline',
      summary:
        'Record and timeline as the page of a run takes them; the header x-last-event says after which event they stand',
      access: member('viewer', 'run'),
      answer: 'application/octet-stream',
      handle: async ({ params, reply }) => {
        const row = await find(params['run']!);
        const kept = await live.read(row.id, !isOver(row.state) && row.state !== 'queued');
        if (kept === null) throw new Problem('missing', 'nothing that was measured is kept of this run yet');
        void reply.header('x-last-event', String(kept.seq));
        return Buffer.from(kept.record);
      },
    }),
    route('GET /runs/{run}/events', {
      id: 'followRun',
      summary: 'What happens, as server-sent events: cells, slice, state, log, resync, end',
      access: member('viewer', 'run'),
      query: { after: 'the number of the last event that is known; otherwise the header Last-Event-ID' },
      answer: 'text/event-stream',
      handle: async ({ params, query: { after }, caller, projectId, request, reply }) => {
        const row = await find(params['run']!);
        const given = after ?? request.headers['last-event-id'];
        const last = given === undefined ? null : Number(given);
        if (last !== null && !Number.isSafeInteger(last)) throw new Problem('invalid', 'after must be a whole number');
        reply.hijack();
        const mayLook = (): Promise<boolean> => isStillLetIn(query, caller, projectId, 'viewer');
        await live.follow(row.id, last, isOver(row.state), reply.raw as ServerResponse, mayLook);
        return TAKEN_OVER;
      },
    }),
    route('GET /runs/{run}/logs', {
      id: 'readLog',
      summary: 'Its log, a thousand lines at a time',
      access: member('viewer', 'run'),
      query: { after: '`next` of the part before' },
      answer: LOG,
      handle: async ({ params, query: { after = '0' } }) => {
        if (!/^\d{1,12}$/.test(after)) throw new Problem('invalid', 'after must be a whole number');
        // Its state first: what was written before its end is then read.
        const row = await find(params['run']!);
        const lines = await query
          .selectFrom('run_log')
          .selectAll()
          .where('run_id', '=', row.id)
          .where('seq', '>', Number(after))
          .orderBy('seq')
          .limit(LOG_LINES)
          .execute();
        return {
          lines: lines.map(({ seq, at_ms, level, message, fields }) => ({
            seq,
            atMs: at_ms,
            level,
            message,
            fields: JSON.parse(fields),
          })),
          next: lines.at(-1)?.seq ?? Number(after),
          isOver: isOver(row.state) && lines.length < LOG_LINES,
        };
      },
    }),
    route('GET /runs/{run}/summary', {
      id: 'getSummary',
      summary: 'Its summary as text and as data',
      access: member('viewer', 'run'),
      answer: SUMMARY,
      handle: async ({ params }) => {
        const row = await query
          .selectFrom('run_result')
          .select(['summary', 'summary_json'])
          .where('run_id', '=', params['run']!)
          .executeTakeFirst();
        return { text: row?.summary ?? null, data: row?.summary_json == null ? null : JSON.parse(row.summary_json) };
      },
    }),
    route('GET /runs/{run}/report', {
      id: 'getReport',
      summary: 'Its report: one HTML file that needs no network',
      access: member('viewer', 'run'),
      answer: 'text/html; charset=utf-8',
      handle: async ({ params, reply }) => {
        const bytes = await readResult(params['run']!);
        void reply.header('content-security-policy', REPORT_POLICY);
        return embedRun(await readPage('report'), Buffer.from(bytes));
      },
    }),
    route('GET /runs/{run}/file', {
      id: 'exportRun',
      summary: 'A file that "sixfold runs import" and --baseline read',
      access: member('viewer', 'run'),
      answer: 'application/octet-stream',
      handle: async ({ params, reply }) => {
        const id = params['run']!;
        void reply.header('content-disposition', `attachment; filename="${id}.sixfold-run"`);
        return toRunFile(await readResult(id));
      },
    }),
    route('GET /runs/{run}/files', {
      id: 'listFiles',
      summary: "The files of its script's handleSummary",
      access: member('viewer', 'run'),
      answer: RUN_FILES,
      handle: async ({ params }) => ({
        items: await query
          .selectFrom('run_file')
          .select(['name', 'size'])
          .where('run_id', '=', params['run']!)
          .orderBy('name')
          .execute(),
      }),
    }),
    route('GET /runs/{run}/files/{file}', {
      id: 'readFile',
      summary: 'One of them, by its name: the slashes of it are written as %2F',
      access: member('viewer', 'run'),
      answer: 'application/octet-stream',
      handle: async ({ params, reply }) => {
        const { run = '', file = '' } = params;
        const found = await query
          .selectFrom('run_file')
          .select('data')
          .where('run_id', '=', run)
          .where('name', '=', file)
          .executeTakeFirst();
        if (found === undefined) throw new Problem('missing', `the run has no file "${file}"`);
        // What a script has written is nothing that a browser may show as a page of this server.
        const name = encodeURIComponent(file.slice(file.lastIndexOf('/') + 1)).replaceAll("'", '%27');
        void reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`);
        return Buffer.from(found.data);
      },
    }),
    route('GET /runs/{run}/compare/{other}', {
      id: 'compareRuns',
      summary: 'Compares a run with another one of its project',
      access: member('viewer', 'run'),
      answer: COMPARISON,
      handle: async ({ params, projectId }) => {
        const other = await query
          .selectFrom('run')
          .select('id')
          .where('id', '=', params['other']!)
          .where('project_id', '=', projectId)
          .executeTakeFirst();
        if (other === undefined) throw new Problem('missing', `there is no run "${params['other']}" in this project`);
        const [now, before] = [await readResult(params['run']!), await readResult(other.id)];
        const comparison = compareRecords(unpackRun(now), [unpackRun(before)], other.id);
        return { comparison, lines: comparisonLines(comparison, textStyle(false), 100) };
      },
    }),
  ];

  /** @throws Problem where it has been started meanwhile */
  async function stopQueued(row: RunRow, action: string): Promise<{ ok: boolean; message: string }> {
    if (action !== 'stop') throw new Problem('conflict', 'the run has not begun yet: it can only be stopped');
    const ended = await query
      .updateTable('run')
      .set({
        state: 'aborted',
        exit_code: 103,
        reason: 'it was stopped before it had begun',
        ended_ms: Date.now(),
        stop_ms: Date.now(),
      })
      .where('id', '=', row.id)
      .where('state', '=', 'queued')
      .returningAll()
      .executeTakeFirst();
    if (ended === undefined) throw new Problem('conflict', 'the run has just begun: stop it once more');
    await queueHooks(query, ended, 'run.aborted', context.publicUrl());
    bus.tell(row.id, [{ seq: 0, type: 'end', data: '{}' }]);
    return { ok: true, message: '' };
  }
}

/** @returns what makes the key one of the caller's alone; null: there is none @throws Problem */
function readIdempotencyKey(given: string | string[] | undefined, caller: Caller): string | null {
  if (given === undefined) return null;
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(given))
    throw new Problem('invalid', 'Idempotency-Key must have 1 to 200 printable characters without blanks');
  return `${caller.userId} ${given}`;
}
