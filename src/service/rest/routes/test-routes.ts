// Tests of a project, and the versions of their scripts.
import { CHECKED, NEW_TEST, pageOf, SOURCE, TEST, TEST_CHANGE, TEST_VERSION, TREND } from '../../api/documents.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { checkOptions } from '../../runs/create-run.ts';
import { newId } from '../../storage/new-id.ts';
import { checkUpload } from '../../tests/check-upload.ts';
import { inspectUpload } from '../../tests/inspect-upload.ts';
import {
  addVersion,
  checkVariables,
  sourceOf,
  type TestRow,
  testDocument,
  versionDocument,
} from '../../tests/test-documents.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { Problem } from '../problem.ts';
import { member, PAGE_QUERY, type Route, route } from '../route.ts';
import { hasText } from '../search-text.ts';
import { untilGone } from '../until-gone.ts';

const MOST_POINTS = 200;

export function testRoutes(context: ServiceContext): Route[] {
  const { database } = context;
  const { query } = database;

  const find = (id: string): Promise<TestRow> =>
    query.selectFrom('test').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const checkName = async (projectId: string, name: string, own: string | null): Promise<void> => {
    const row = await query
      .selectFrom('test')
      .select('id')
      .where('project_id', '=', projectId)
      .where('name', '=', name)
      .executeTakeFirst();
    if (row !== undefined && row.id !== own) throw new Problem('conflict', `the project has a test "${name}" already`);
  };
  const findVersion = async (testId: string, n: string) => {
    const row = await query
      .selectFrom('test_version')
      .selectAll()
      .where('test_id', '=', testId)
      .where('n', '=', /^\d{1,9}$/.test(n) ? Number(n) : 0)
      .executeTakeFirst();
    if (row === undefined) throw new Problem('missing', `there is no version "${n}" of this test`);
    return row;
  };
  const readBlob = async (digest: string): Promise<Uint8Array> =>
    (await query.selectFrom('blob').select('data').where('digest', '=', digest).executeTakeFirstOrThrow()).data;

  return [
    route('GET /projects/{project}/tests', {
      id: 'listTests',
      summary: 'The tests of a project, the latest first',
      access: member('viewer', 'project'),
      query: { ...PAGE_QUERY, search: 'a part of the name', name: 'the whole name' },
      answer: pageOf(TEST),
      handle: async ({ projectId, query: asked }) => {
        const wish = readPageWish(asked);
        const { search, name } = asked;
        const rows = await query
          .selectFrom('test')
          .selectAll()
          .where('project_id', '=', projectId)
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .$if(name !== undefined, (rest) => rest.where('name', '=', name!))
          .$if(search !== undefined, (rest) => rest.where(hasText(database.kind, ['name'], search!)))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, testDocument);
      },
    }),
    route('POST /projects/{project}/tests', {
      id: 'createTest',
      summary: 'Makes a test; its script is uploaded as its first version',
      access: member('runner', 'project'),
      body: NEW_TEST,
      answer: TEST,
      status: 201,
      handle: async ({ projectId, body, caller, request }) => {
        const { name, description = '', parameters = {}, options = {} } = body;
        checkVariables(parameters);
        checkOptions(options);
        await checkName(projectId, name, null);
        const now = Date.now();
        const row = await query
          .insertInto('test')
          .values({
            id: newId(),
            project_id: projectId,
            name,
            description,
            parameters: JSON.stringify(parameters),
            options: JSON.stringify(options),
            baseline_run_id: null,
            latest_version: 0,
            created_ms: now,
            changed_ms: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, { action: 'test.create', object: name, projectId });
        return testDocument(row);
      },
    }),
    route('POST /projects/{project}/check', {
      id: 'checkScript',
      summary: 'Says what is wrong with a script or archive, and what it asks for; nothing is kept',
      access: member('runner', 'project'),
      query: { file: 'the name of the file' },
      body: 'octets',
      answer: CHECKED,
      handle: async ({ body, query: { file }, projectId, reply }) => {
        const inspection = await inspectUpload(context, projectId, checkUpload(body, file), {}, untilGone(reply));
        return inspection.ok
          ? { ok: true, problem: null, requirements: inspection.requirements }
          : { ok: false, problem: inspection.problem, requirements: null };
      },
    }),
    route('GET /tests/{test}', {
      id: 'getTest',
      summary: 'A test',
      access: member('viewer', 'test'),
      answer: TEST,
      handle: async ({ params }) => testDocument(await find(params['test']!)),
    }),
    route('PATCH /tests/{test}', {
      id: 'changeTest',
      summary: 'Changes its name, parameters, options and baseline',
      access: member('runner', 'test'),
      body: TEST_CHANGE,
      answer: TEST,
      handle: async ({ params, projectId, body, caller, request }) => {
        const row = await find(params['test']!);
        const { name, description, parameters, options, baselineRunId } = body;
        if (name !== undefined) await checkName(projectId, name, row.id);
        if (parameters !== undefined) checkVariables(parameters);
        if (options !== undefined) checkOptions(options);
        if (baselineRunId != null) {
          const kept = await query
            .selectFrom('run')
            .innerJoin('run_result', 'run_result.run_id', 'run.id')
            .select('run.id')
            .where('run.id', '=', baselineRunId)
            .where('run.test_id', '=', row.id)
            .executeTakeFirst();
          if (kept === undefined)
            throw new Problem('unusable', `the run ${baselineRunId} is none of this test, or nothing of it is kept`);
        }
        const changed = await query
          .updateTable('test')
          .set({
            name: name ?? row.name,
            description: description ?? row.description,
            parameters: parameters === undefined ? row.parameters : JSON.stringify(parameters),
            options: options === undefined ? row.options : JSON.stringify(options),
            baseline_run_id: baselineRunId === undefined ? row.baseline_run_id : baselineRunId,
            changed_ms: Date.now(),
          })
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, {
          action: 'test.change',
          object: changed.name,
          projectId,
          detail: Object.keys(body).join(', '),
        });
        return testDocument(changed);
      },
    }),
    route('DELETE /tests/{test}', {
      id: 'removeTest',
      summary: 'Removes a test with its versions and runs',
      access: member('admin', 'test'),
      handle: async ({ params, projectId, caller, request }) => {
        const row = await find(params['test']!);
        const active = await query
          .selectFrom('run')
          .select('id')
          .where('test_id', '=', row.id)
          .where('state', 'in', ['starting', 'running', 'stopping'])
          .executeTakeFirst();
        if (active !== undefined) throw new Problem('conflict', `the run ${active.id} is not over yet: stop it first`);
        await query.deleteFrom('test').where('id', '=', row.id).execute();
        await recordChange(query, caller, request.ip, { action: 'test.remove', object: row.name, projectId });
      },
    }),
    route('GET /tests/{test}/versions', {
      id: 'listVersions',
      summary: 'The versions of its script, the latest first',
      access: member('viewer', 'test'),
      query: PAGE_QUERY,
      answer: pageOf(TEST_VERSION),
      handle: async ({ params, query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('test_version')
          .selectAll()
          .where('test_id', '=', params['test']!)
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, versionDocument);
      },
    }),
    route('POST /tests/{test}/versions', {
      id: 'uploadVersion',
      summary:
        'Uploads a script, or an archive of "sixfold archive", as the next version; it is refused if it cannot be loaded',
      access: member('runner', 'test'),
      query: { file: 'the name of the file' },
      body: 'octets',
      answer: TEST_VERSION,
      status: 201,
      handle: async ({ params, projectId, body, query: { file }, caller, request, reply }) => {
        const signal = untilGone(reply);
        const test = await find(params['test']!);
        const upload = checkUpload(body, file);
        const variables = JSON.parse(test.parameters) as Record<string, string>;
        const inspection = await inspectUpload(context, projectId, upload, variables, signal);
        if (!inspection.ok) throw new Problem('unusable', inspection.problem);
        const row = await database.transact((transaction) =>
          addVersion(transaction, test.id, upload, inspection.requirements, caller.name),
        );
        await recordChange(query, caller, request.ip, {
          action: 'test.upload',
          object: test.name,
          projectId,
          detail: `version ${row.n}: ${row.file_name}, ${row.digest.slice(0, 12)}`,
        });
        return versionDocument(row);
      },
    }),
    route('GET /tests/{test}/versions/{n}', {
      id: 'getVersion',
      summary: 'One version',
      access: member('viewer', 'test'),
      answer: TEST_VERSION,
      handle: async ({ params }) => versionDocument(await findVersion(params['test']!, params['n']!)),
    }),
    route('GET /tests/{test}/versions/{n}/source', {
      id: 'getSource',
      summary: 'Its files, with the text of those that have one',
      access: member('viewer', 'test'),
      answer: SOURCE,
      handle: async ({ params }) => {
        const { kind, file_name, digest } = await findVersion(params['test']!, params['n']!);
        return sourceOf(kind, file_name, await readBlob(digest));
      },
    }),
    route('GET /tests/{test}/versions/{n}/file', {
      id: 'downloadVersion',
      summary: 'The file as it was uploaded',
      access: member('viewer', 'test'),
      answer: 'application/octet-stream',
      handle: async ({ params, reply }) => {
        const { file_name, digest } = await findVersion(params['test']!, params['n']!);
        void reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file_name)}`);
        return Buffer.from(await readBlob(digest));
      },
    }),
    route('GET /tests/{test}/trend', {
      id: 'getTrend',
      summary: 'p95, failures and other numbers over its last runs, the oldest first',
      access: member('viewer', 'test'),
      query: { limit: `how many, at most ${MOST_POINTS}; 50 unless given` },
      answer: TREND,
      handle: async ({ params, query: { limit = '50' } }) => {
        const wanted = Number(limit);
        if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_POINTS)
          throw new Problem('invalid', `limit must be a whole number from 1 to ${MOST_POINTS}`);
        const test = await find(params['test']!);
        const rows = await query
          .selectFrom('run')
          .innerJoin('test_version', 'test_version.id', 'run.version_id')
          .select(['run.id', 'run.state', 'run.ended_ms', 'run.headline', 'test_version.n'])
          .where('run.test_id', '=', test.id)
          .where('run.ended_ms', 'is not', null)
          .orderBy('run.id', 'desc')
          .limit(wanted)
          .execute();
        return {
          baselineRunId: test.baseline_run_id,
          points: rows.reverse().map(({ id, state, ended_ms, headline, n }) => ({
            runId: id,
            version: n,
            state,
            endedAtMs: ended_ms,
            headline: headline === null ? null : JSON.parse(headline),
          })),
        };
      },
    }),
  ];
}
