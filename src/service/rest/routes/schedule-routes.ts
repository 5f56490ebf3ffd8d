// Schedules of tests.
import type { Selectable } from 'kysely';
import { NEW_SCHEDULE, pageOf, SCHEDULE, SCHEDULE_CHANGE, type Schedule } from '../../api/documents.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { checkOptions } from '../../runs/create-run.ts';
import { checkSchedule } from '../../schedules/next-time.ts';
import { newId } from '../../storage/new-id.ts';
import type { ScheduleTable } from '../../storage/tables.ts';
import { checkVariables } from '../../tests/test-documents.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { member, PAGE_QUERY, type Route, route } from '../route.ts';

function scheduleDocument(row: Selectable<ScheduleTable>): Schedule {
  return {
    id: row.id,
    projectId: row.project_id,
    testId: row.test_id,
    name: row.name,
    cron: row.cron,
    timeZone: row.time_zone,
    overlap: row.overlap,
    isEnabled: row.is_enabled === 1,
    parameters: JSON.parse(row.parameters) as Schedule['parameters'],
    options: JSON.parse(row.options) as Schedule['options'],
    nextAtMs: row.is_enabled === 1 ? row.next_ms : null,
    lastAtMs: row.last_ms,
    lastOutcome: row.last_outcome,
    lastRunId: row.last_run_id,
    createdAtMs: row.created_ms,
    createdBy: row.created_by,
  };
}

export function scheduleRoutes({ database }: ServiceContext): Route[] {
  const { query } = database;
  const find = (id: string) => query.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

  return [
    route('GET /projects/{project}/schedules', {
      id: 'listSchedules',
      summary: 'The schedules of a project, the latest first',
      access: member('viewer', 'project'),
      query: { ...PAGE_QUERY, test: 'of this test only' },
      answer: pageOf(SCHEDULE),
      handle: async ({ projectId, query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('schedule')
          .selectAll()
          .where('project_id', '=', projectId)
          .$if(asked['test'] !== undefined, (rest) => rest.where('test_id', '=', asked['test']!))
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, scheduleDocument);
      },
    }),
    route('POST /tests/{test}/schedules', {
      id: 'createSchedule',
      summary: 'Starts a test by a cron pattern in a time zone',
      access: member('runner', 'test'),
      body: NEW_SCHEDULE,
      answer: SCHEDULE,
      status: 201,
      handle: async ({ params, projectId, body, caller, request }) => {
        const { name, cron, timeZone = 'UTC', overlap = 'skip', isEnabled = true } = body;
        const { parameters = {}, options = {} } = body;
        const now = Date.now();
        const next = checkSchedule(cron, timeZone, now);
        checkVariables(parameters);
        checkOptions(options);
        const row = await query
          .insertInto('schedule')
          .values({
            id: newId(),
            project_id: projectId,
            test_id: params['test']!,
            name,
            cron,
            time_zone: timeZone,
            overlap,
            is_enabled: Number(isEnabled),
            parameters: JSON.stringify(parameters),
            options: JSON.stringify(options),
            next_ms: next,
            last_ms: null,
            last_outcome: null,
            last_run_id: null,
            created_ms: now,
            created_by: caller.name,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, {
          action: 'schedule.create',
          object: name,
          projectId,
          detail: `${cron} ${timeZone}`,
        });
        return scheduleDocument(row);
      },
    }),
    route('GET /schedules/{schedule}', {
      id: 'getSchedule',
      summary: 'A schedule, when it is due, and what became of the last time',
      access: member('viewer', 'schedule'),
      answer: SCHEDULE,
      handle: async ({ params }) => scheduleDocument(await find(params['schedule']!)),
    }),
    route('PATCH /schedules/{schedule}', {
      id: 'changeSchedule',
      summary: 'Changes a schedule, switches it on and off',
      access: member('runner', 'schedule'),
      body: SCHEDULE_CHANGE,
      answer: SCHEDULE,
      handle: async ({ params, projectId, body, caller, request }) => {
        const row = await find(params['schedule']!);
        const { name = row.name, cron = row.cron, timeZone = row.time_zone, overlap = row.overlap } = body;
        const { isEnabled = row.is_enabled === 1, parameters, options } = body;
        if (parameters !== undefined) checkVariables(parameters);
        if (options !== undefined) checkOptions(options);
        const changed = await query
          .updateTable('schedule')
          .set({
            name,
            cron,
            time_zone: timeZone,
            overlap,
            is_enabled: Number(isEnabled),
            next_ms: checkSchedule(cron, timeZone, Date.now()),
            ...(parameters !== undefined && { parameters: JSON.stringify(parameters) }),
            ...(options !== undefined && { options: JSON.stringify(options) }),
          })
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, {
          action: 'schedule.change',
          object: name,
          projectId,
          detail: Object.keys(body).join(', '),
        });
        return scheduleDocument(changed);
      },
    }),
    route('DELETE /schedules/{schedule}', {
      id: 'removeSchedule',
      summary: 'Removes a schedule; its runs stay',
      access: member('runner', 'schedule'),
      handle: async ({ params, projectId, caller, request }) => {
        const { name } = await find(params['schedule']!);
        await query.deleteFrom('schedule').where('id', '=', params['schedule']!).execute();
        await recordChange(query, caller, request.ip, { action: 'schedule.remove', object: name, projectId });
      },
    }),
  ];
}
