// Signing in and out, the first administrator, passwords and tokens.
import type { Selectable } from 'kysely';
import {
  CREATED_TOKEN,
  NEW_TOKEN,
  PASSWORD_CHANGE,
  PASSWORD_CHOICE,
  pageOf,
  SESSION,
  SETUP,
  SIGN_IN,
  TOKEN,
} from '../../api/documents.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { type Caller, findCaller, roleIn } from '../../people/caller.ts';
import { isPassword, sealPassword } from '../../people/password.ts';
import {
  addCredential,
  addPerson,
  isSpendable,
  revokeAll,
  sessionDocument,
  spendCredential,
  tokenDocument,
} from '../../people/people.ts';
import type { Reader } from '../../storage/database.ts';
import type { CredentialTable } from '../../storage/tables.ts';
import { openSession, SESSION_COOKIE } from '../open-session.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { Problem } from '../problem.ts';
import { anybody, type Call, PAGE_QUERY, type Route, route, signedIn } from '../route.ts';

const DAY_MS = 86_400_000;
const SETUP_SPENT = 'the link is not good any more: "sixfold server setup-link" makes a new one';
const LINK_SPENT = 'the link is not good any more: ask an administrator for a new one';

export function sessionRoutes(context: ServiceContext): Route[] {
  const { database } = context;
  const { query } = database;

  const open = async (userId: string, call: Pick<Call<null>, 'request' | 'reply'>): Promise<unknown> => {
    const text = await openSession(query, userId, call);
    const caller = await findCaller(query, text, 'session');
    return sessionDocument(query, caller!, text);
  };
  const expectPasswords = (): void => {
    if (!context.takesPasswords)
      throw new Problem('forbidden', 'this server takes no passwords: sign in at its provider');
  };

  return [
    route('POST /setup', {
      id: 'setUp',
      summary: 'Makes the first administrator, with the token of the link that the first start printed',
      access: anybody,
      body: SETUP,
      answer: SESSION,
      status: 201,
      handle: async ({ body: { token, email, name, password }, reply, request }) => {
        if (context.takesPasswords && password === undefined)
          throw new Problem('invalid', '"password" is missing: it has at least 10 characters');
        if (password !== undefined) expectPasswords();
        await expectGood(query, token, 'setup', SETUP_SPENT);
        const sealed = password === undefined ? null : await sealPassword(password);
        const person = await database.transact(async (transaction) => {
          if ((await spendCredential(transaction, token, 'setup')) === null)
            throw new Problem('forbidden', SETUP_SPENT);
          // Thrown within the transaction: the link stays good.
          const known = await transaction
            .selectFrom('person')
            .select('id')
            .where('email', '=', email.toLowerCase())
            .executeTakeFirst();
          if (known !== undefined) throw new Problem('conflict', `${email} is there already: take another address`);
          return addPerson(transaction, { email, name, isAdmin: true, password: sealed });
        });
        await recordChange(query, { userId: person.id, name: person.email }, request.ip, {
          action: 'server.setup',
          object: person.email,
        });
        return open(person.id, { request, reply });
      },
    }),
    route('POST /session', {
      id: 'signIn',
      summary: 'Signs in: the answer has a cookie, and what has to be sent with each change',
      access: anybody,
      body: SIGN_IN,
      answer: SESSION,
      status: 201,
      handle: async ({ body: { email, password }, reply, request }) => {
        expectPasswords();
        const person = await query
          .selectFrom('person')
          .selectAll()
          .where('email', '=', email.toLowerCase())
          .executeTakeFirst();
        const isRight = await isPassword(password, person?.password ?? null);
        if (person === undefined || person.password === null || !isRight || person.is_disabled === 1) {
          await recordChange(query, { userId: null, name: email.slice(0, 254) }, request.ip, {
            action: 'session.refused',
            object: email.slice(0, 254),
          });
          throw new Problem('unauthenticated', 'the address or the password is wrong');
        }
        await recordChange(query, { userId: person.id, name: person.email }, request.ip, {
          action: 'session.create',
          object: person.email,
        });
        return open(person.id, { request, reply });
      },
    }),
    route('GET /session', {
      id: 'whoAmI',
      summary: 'Who is signed in, and in which projects',
      access: signedIn,
      answer: SESSION,
      handle: ({ caller, request }) =>
        sessionDocument(query, caller, caller.kind === 'person' ? (request.cookies[SESSION_COOKIE] ?? null) : null),
    }),
    route('DELETE /session', {
      id: 'signOut',
      summary: 'Signs out; of a token: revokes it',
      access: signedIn,
      handle: async ({ caller, reply, request }) => {
        const row = await query
          .deleteFrom('credential')
          .where('id', '=', caller.credentialId)
          .returningAll()
          .executeTakeFirst();
        void reply.clearCookie(SESSION_COOKIE, { path: '/' });
        if (row?.kind === 'token') await recordRevoked(query, caller, request.ip, row);
      },
    }),
    route('POST /password', {
      id: 'choosePassword',
      summary: 'Chooses a password, with the token of the link that an administrator has sent',
      access: anybody,
      body: PASSWORD_CHOICE,
      answer: SESSION,
      status: 201,
      handle: async ({ body: { token, password }, reply, request }) => {
        expectPasswords();
        await expectGood(query, token, 'link', LINK_SPENT);
        const sealed = await sealPassword(password);
        const person = await database.transact(async (transaction) => {
          const spent = await spendCredential(transaction, token, 'link');
          if (spent?.userId == null) throw new Problem('forbidden', LINK_SPENT);
          const changed = await transaction
            .updateTable('person')
            .set({ password: sealed })
            .where('id', '=', spent.userId)
            .where('is_disabled', '=', 0)
            .returning(['id', 'email'])
            .executeTakeFirst();
          if (changed === undefined)
            throw new Problem('forbidden', 'you may not sign in any more: ask an administrator');
          await revokeAll(transaction, changed.id, ['session', 'link']);
          return changed;
        });
        await recordChange(query, { userId: person.id, name: person.email }, request.ip, {
          action: 'password.choose',
          object: person.email,
        });
        return open(person.id, { request, reply });
      },
    }),
    route('PUT /password', {
      id: 'changePassword',
      summary: 'Changes one’s own password: all other sessions end',
      access: signedIn,
      body: PASSWORD_CHANGE,
      handle: async ({ body: { current, password }, caller, request }) => {
        expectPerson(caller);
        expectPasswords();
        const { password: kept } = await query
          .selectFrom('person')
          .select('password')
          .where('id', '=', caller.userId!)
          .executeTakeFirstOrThrow();
        if (!(await isPassword(current, kept))) throw new Problem('forbidden', 'the current password is wrong');
        const sealed = await sealPassword(password);
        await query.updateTable('person').set({ password: sealed }).where('id', '=', caller.userId!).execute();
        await query
          .deleteFrom('credential')
          .where('user_id', '=', caller.userId)
          .where('kind', '=', 'session')
          .where('id', '!=', caller.credentialId!)
          .execute();
        await recordChange(query, caller, request.ip, { action: 'password.change', object: caller.name });
      },
    }),
    route('GET /tokens', {
      id: 'listTokens',
      summary: 'One’s own tokens, without what is secret of them; a token sees itself alone',
      access: signedIn,
      query: PAGE_QUERY,
      answer: pageOf(TOKEN),
      handle: async ({ caller, query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('credential')
          .selectAll()
          .where('user_id', '=', caller.userId)
          .where('kind', '=', 'token')
          // A token that has leaked is not told what else there is.
          .$if(caller.kind === 'token', (rest) => rest.where('id', '=', caller.credentialId!))
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, tokenDocument);
      },
    }),
    route('POST /tokens', {
      id: 'createToken',
      summary: 'Makes a token for programs; its secret is in this answer and nowhere else',
      access: signedIn,
      body: NEW_TOKEN,
      answer: CREATED_TOKEN,
      status: 201,
      handle: async ({ body, caller, request }) => {
        expectPerson(caller);
        const { name, scopes, projectId = null, expiresInDays = null } = body;
        if (scopes.length === 0)
          throw new Problem('invalid', '"scopes" must name at least one of read, run, admin, server');
        if (scopes.includes('server') && !caller.isServerAdmin)
          throw new Problem('forbidden', 'only administrators of the server may give the scope "server"');
        if (scopes.includes('server') && projectId !== null)
          throw new Problem('unusable', 'the scope "server" is for no project: leave out "projectId", or the scope');
        // Administrators have a part in every project that there is.
        const found =
          projectId === null
            ? undefined
            : await query.selectFrom('project').select('id').where('id', '=', projectId).executeTakeFirst();
        if (projectId !== null && (found === undefined || (await roleIn(query, caller, projectId)) === null))
          throw new Problem('unusable', `there is no project "${projectId}"`);
        const { text, row } = await addCredential(query, {
          kind: 'token',
          user_id: caller.userId,
          name,
          projectId,
          scopes: [...new Set(scopes)],
          lifeMs: expiresInDays === null ? null : expiresInDays * DAY_MS,
        });
        await recordChange(query, caller, request.ip, {
          action: 'token.create',
          object: `${name} (${row.prefix}…)`,
          projectId,
          detail: scopes.join(', '),
        });
        return { token: tokenDocument(row), secret: text };
      },
    }),
    route('DELETE /tokens/{token}', {
      id: 'revokeToken',
      summary: 'Revokes a token of one’s own; a token revokes itself alone',
      access: signedIn,
      handle: async ({ params, caller, request }) => {
        if (params['token'] !== caller.credentialId) expectPerson(caller);
        const row = await query
          .deleteFrom('credential')
          .where('id', '=', params['token']!)
          .where('user_id', '=', caller.userId)
          .where('kind', '=', 'token')
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) throw new Problem('missing', `there is no token "${params['token']}" of yours`);
        await recordRevoked(query, caller, request.ip, row);
      },
    }),
  ];
}

function recordRevoked(
  reader: Reader,
  caller: Caller,
  address: string,
  { name, prefix, project_id }: Pick<Selectable<CredentialTable>, 'name' | 'prefix' | 'project_id'>,
): Promise<void> {
  const object = `${name} (${prefix}…)`;
  return recordChange(reader, caller, address, { action: 'token.revoke', object, projectId: project_id });
}

/** Looks before the work that a password takes; the link is spent only with what it is for. @throws Problem */
async function expectGood(reader: Reader, token: string, kind: 'link' | 'setup', otherwise: string): Promise<void> {
  if (!(await isSpendable(reader, token, kind))) throw new Problem('forbidden', otherwise);
}

/** A token that has leaked may not make others, nor lock its owner out. */
function expectPerson(caller: Caller): void {
  if (caller.kind !== 'person') throw new Problem('forbidden', 'this takes a session: a token may not do it');
}
