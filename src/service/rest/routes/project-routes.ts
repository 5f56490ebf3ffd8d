// Projects, who has which part in them, and their secrets.
import type { Selectable } from 'kysely';
import { checkTargetRule } from '../../../wire/net/target-rules.ts';
import {
  AUDIT_ENTRY,
  MEMBER,
  MEMBER_CHANGE,
  NEW_MEMBER,
  NEW_PROJECT,
  PROJECT,
  PROJECT_CHANGE,
  pageOf,
  SECRET,
  SECRET_VALUE,
  VARIABLE_NAME,
} from '../../api/documents.ts';
import { list } from '../../api/schema.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { roleIn } from '../../people/caller.ts';
import { listProjects, projectDocument } from '../../people/people.ts';
import { isId, newId } from '../../storage/new-id.ts';
import type { ProjectTable } from '../../storage/tables.ts';
import { auditDocument } from '../audit-document.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { Problem } from '../problem.ts';
import { member, PAGE_QUERY, type Route, route, serverAdmin, signedIn } from '../route.ts';

const DEFAULTS = {
  maxVus: 10_000,
  maxDurationMs: 24 * 3_600_000,
  parallelRuns: 2,
  retentionDays: 30,
  allowedTargets: null,
};
const MOST_SECRETS = 200;

export function projectRoutes(context: ServiceContext): Route[] {
  const { database, sealer } = context;
  const { query } = database;

  const find = (id: string): Promise<Selectable<ProjectTable>> =>
    query.selectFrom('project').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const checkSlug = async (slug: string, own: string | null): Promise<void> => {
    if (isId(slug)) throw new Problem('invalid', `"slug" must not look like an id, as "${slug}" does: choose a name`);
    const row = await query.selectFrom('project').select('id').where('slug', '=', slug).executeTakeFirst();
    if (row !== undefined && row.id !== own) throw new Problem('conflict', `there is a project "${slug}" already`);
  };

  return [
    route('GET /projects', {
      id: 'listProjects',
      summary: 'The projects that one has a part in',
      access: signedIn,
      answer: list(PROJECT),
      handle: ({ caller }) => listProjects(query, caller),
    }),
    route('POST /projects', {
      id: 'createProject',
      summary: 'Makes a project; whoever does is its administrator',
      access: serverAdmin,
      body: NEW_PROJECT,
      answer: PROJECT,
      status: 201,
      handle: async ({ body, caller, request }) => {
        const { name, slug = slugOf(name), ...limits } = body;
        await checkSlug(slug, null);
        const { maxVus, maxDurationMs, parallelRuns, retentionDays, allowedTargets } = { ...DEFAULTS, ...limits };
        checkTargets(allowedTargets);
        const row = await database.transact(async (transaction) => {
          const project = await transaction
            .insertInto('project')
            .values({
              id: newId(),
              slug,
              name,
              max_vus: maxVus,
              max_duration_ms: maxDurationMs,
              parallel_runs: parallelRuns,
              retention_days: retentionDays,
              allowed_targets: allowedTargets === null ? null : JSON.stringify(allowedTargets),
              created_ms: Date.now(),
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await transaction
            .insertInto('member')
            .values({ project_id: project.id, user_id: caller.userId!, role: 'admin' })
            .execute();
          return project;
        });
        await recordChange(query, caller, request.ip, { action: 'project.create', object: slug, projectId: row.id });
        return projectDocument(row, 'admin');
      },
    }),
    route('GET /projects/{project}', {
      id: 'getProject',
      summary: 'A project, by its id or its slug',
      access: member('viewer', 'project'),
      answer: PROJECT,
      handle: async ({ projectId, caller }) =>
        projectDocument(await find(projectId), (await roleIn(query, caller, projectId))!),
    }),
    route('PATCH /projects/{project}', {
      id: 'changeProject',
      summary: 'Changes its name and its limits',
      access: member('admin', 'project'),
      body: PROJECT_CHANGE,
      answer: PROJECT,
      handle: async ({ projectId, body, caller, request }) => {
        const row = await find(projectId);
        const { name, slug, maxVus, maxDurationMs, parallelRuns, retentionDays, allowedTargets } = body;
        checkTargets(allowedTargets ?? null);
        if (slug !== undefined) await checkSlug(slug, projectId);
        const changed = await query
          .updateTable('project')
          .set({
            name: name ?? row.name,
            slug: slug ?? row.slug,
            max_vus: maxVus ?? row.max_vus,
            max_duration_ms: maxDurationMs ?? row.max_duration_ms,
            parallel_runs: parallelRuns ?? row.parallel_runs,
            retention_days: retentionDays ?? row.retention_days,
            // Null is a value here, and takes a list away.
            ...(allowedTargets !== undefined && {
              allowed_targets: allowedTargets === null ? null : JSON.stringify(allowedTargets),
            }),
          })
          .where('id', '=', projectId)
          .returningAll()
          .executeTakeFirstOrThrow();
        await recordChange(query, caller, request.ip, {
          action: 'project.change',
          object: changed.slug,
          projectId,
          detail: JSON.stringify(body),
        });
        context.wake();
        return projectDocument(changed, 'admin');
      },
    }),
    route('DELETE /projects/{project}', {
      id: 'removeProject',
      summary: 'Removes a project with its tests, runs and secrets',
      access: member('admin', 'project'),
      handle: async ({ projectId, caller, request }) => {
        const active = await query
          .selectFrom('run')
          .select('id')
          .where('project_id', '=', projectId)
          .where('state', 'in', ['starting', 'running', 'stopping'])
          .executeTakeFirst();
        if (active !== undefined) throw new Problem('conflict', `the run ${active.id} is not over yet: stop it first`);
        const { slug } = await find(projectId);
        await query.deleteFrom('project').where('id', '=', projectId).execute();
        await recordChange(query, caller, request.ip, { action: 'project.remove', object: slug });
      },
    }),
    ...memberRoutes(context),
    route('GET /projects/{project}/secrets', {
      id: 'listSecrets',
      summary: 'The names of its secrets; what they are is never told',
      access: member('runner', 'project'),
      answer: list(SECRET),
      handle: async ({ projectId }) => {
        const rows = await query
          .selectFrom('secret')
          .select(['name', 'changed_ms'])
          .where('project_id', '=', projectId)
          .orderBy('name')
          .execute();
        return rows.map(({ name, changed_ms }) => ({ name, changedAtMs: changed_ms }));
      },
    }),
    route('PUT /projects/{project}/secrets/{name}', {
      id: 'putSecret',
      summary: 'Sets a secret, which scripts get by k6/secrets',
      access: member('admin', 'project'),
      body: SECRET_VALUE,
      handle: async ({ projectId, params, body: { value }, caller, request }) => {
        const name = params['name']!;
        if (!VARIABLE_NAME.test(name))
          throw new Problem('invalid', `"${name}" is no name of a secret: use letters, digits and _`);
        const { count } = await query
          .selectFrom('secret')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('project_id', '=', projectId)
          .where('name', '!=', name)
          .executeTakeFirstOrThrow();
        if (Number(count) >= MOST_SECRETS)
          throw new Problem('conflict', `a project has at most ${MOST_SECRETS} secrets`);
        const values = { sealed: sealer.seal(value, `${projectId}/${name}`), changed_ms: Date.now() };
        await query
          .insertInto('secret')
          .values({ project_id: projectId, name, ...values })
          .onConflict((conflict) => conflict.columns(['project_id', 'name']).doUpdateSet(values))
          .execute();
        await recordChange(query, caller, request.ip, { action: 'secret.put', object: name, projectId });
      },
    }),
    route('DELETE /projects/{project}/secrets/{name}', {
      id: 'removeSecret',
      summary: 'Removes a secret',
      access: member('admin', 'project'),
      handle: async ({ projectId, params, caller, request }) => {
        const { numDeletedRows } = await query
          .deleteFrom('secret')
          .where('project_id', '=', projectId)
          .where('name', '=', params['name']!)
          .executeTakeFirst();
        if (Number(numDeletedRows) === 0) throw new Problem('missing', `there is no secret "${params['name']}"`);
        await recordChange(query, caller, request.ip, { action: 'secret.remove', object: params['name']!, projectId });
      },
    }),
    route('GET /projects/{project}/audit', {
      id: 'listProjectAudit',
      summary: 'Who changed what in the project, the latest first',
      access: member('admin', 'project'),
      query: PAGE_QUERY,
      answer: pageOf(AUDIT_ENTRY),
      handle: async ({ projectId, query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('audit')
          .selectAll()
          .where('project_id', '=', projectId)
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, auditDocument);
      },
    }),
  ];
}

function memberRoutes({ database }: ServiceContext): Route[] {
  const { query } = database;
  /** @returns whom people know by it */
  const emailOf = async (id: string): Promise<string> =>
    (await query.selectFrom('person').select('email').where('id', '=', id).executeTakeFirst())?.email ?? id;
  return [
    route('GET /projects/{project}/members', {
      id: 'listMembers',
      summary: 'Who has a part in it',
      access: member('viewer', 'project'),
      answer: list(MEMBER),
      handle: async ({ projectId }) => {
        const rows = await query
          .selectFrom('member')
          .innerJoin('person', 'person.id', 'member.user_id')
          .select(['person.id', 'person.email', 'person.name', 'member.role'])
          .where('member.project_id', '=', projectId)
          .orderBy('person.email')
          .execute();
        return rows.map(({ id, email, name, role }) => ({ personId: id, email, name, role }));
      },
    }),
    route('POST /projects/{project}/members', {
      id: 'addMember',
      summary: 'Gives somebody a part in it, or another role',
      access: member('admin', 'project'),
      body: NEW_MEMBER,
      answer: MEMBER,
      status: 201,
      handle: async ({ projectId, body: { email, role }, caller, request }) => {
        const person = await query
          .selectFrom('person')
          .select(['id', 'email', 'name'])
          .where('email', '=', email.toLowerCase())
          .executeTakeFirst();
        if (person === undefined)
          throw new Problem(
            'unusable',
            `there is nobody with the address ${email}: an administrator of the server adds people`,
          );
        await query
          .insertInto('member')
          .values({ project_id: projectId, user_id: person.id, role })
          .onConflict((conflict) => conflict.columns(['project_id', 'user_id']).doUpdateSet({ role }))
          .execute();
        await recordChange(query, caller, request.ip, {
          action: 'member.add',
          object: person.email,
          projectId,
          detail: role,
        });
        return { personId: person.id, email: person.email, name: person.name, role };
      },
    }),
    route('PATCH /projects/{project}/members/{person}', {
      id: 'changeMember',
      summary: 'Gives somebody another role',
      access: member('admin', 'project'),
      body: MEMBER_CHANGE,
      handle: async ({ projectId, params, body: { role }, caller, request }) => {
        const { numUpdatedRows } = await query
          .updateTable('member')
          .set({ role })
          .where('project_id', '=', projectId)
          .where('user_id', '=', params['person']!)
          .executeTakeFirst();
        if (Number(numUpdatedRows) === 0) throw new Problem('missing', `there is no member "${params['person']}"`);
        await recordChange(query, caller, request.ip, {
          action: 'member.change',
          object: await emailOf(params['person']!),
          projectId,
          detail: role,
        });
      },
    }),
    route('DELETE /projects/{project}/members/{person}', {
      id: 'removeMember',
      summary: 'Takes somebody’s part in it',
      access: member('admin', 'project'),
      handle: async ({ projectId, params, caller, request }) => {
        const { numDeletedRows } = await query
          .deleteFrom('member')
          .where('project_id', '=', projectId)
          .where('user_id', '=', params['person']!)
          .executeTakeFirst();
        if (Number(numDeletedRows) === 0) throw new Problem('missing', `there is no member "${params['person']}"`);
        await recordChange(query, caller, request.ip, {
          action: 'member.remove',
          object: await emailOf(params['person']!),
          projectId,
        });
      },
    }),
  ];
}

/** @throws Problem that says which rule cannot be read */
function checkTargets(rules: readonly string[] | null): void {
  if (rules?.length === 0)
    throw new Problem(
      'invalid',
      '"allowedTargets" is empty, so that no run could connect anywhere: null allows everything',
    );
  for (const [index, rule] of (rules ?? []).entries()) {
    try {
      checkTargetRule(rule);
    } catch (error) {
      throw new Problem('invalid', `"allowedTargets", place ${index + 1}: ${(error as Error).message}`);
    }
  }
}

/** @returns a name for addresses: `Checkout, EU` becomes `checkout-eu` */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    // Letters lose their marks and stay.
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '');
  if (slug === '') return `project-${newId().slice(-6)}`;
  return isId(slug) ? `project-${slug}` : slug;
}
