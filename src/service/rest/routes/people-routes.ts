// People of the server: an administrator adds them, and hands them a link with which they choose a password.
import { AUDIT_ENTRY, INVITATION, NEW_PERSON, PERSON, PERSON_CHANGE, pageOf } from '../../api/documents.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { addCredential, addPerson, LINK_MS, type PersonRow, personDocument, revokeAll } from '../../people/people.ts';
import { auditDocument } from '../audit-document.ts';
import { readPageWish, toPage } from '../page-of-rows.ts';
import { Problem } from '../problem.ts';
import { PAGE_QUERY, type Route, route, serverAdmin } from '../route.ts';

export function peopleRoutes(context: ServiceContext): Route[] {
  const { database, publicUrl, takesPasswords } = context;
  const { query } = database;

  const find = async (id: string): Promise<PersonRow> => {
    const row = await query.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new Problem('missing', `there is no person "${id}"`);
    return row;
  };
  const invite = async (person: PersonRow): Promise<unknown> => {
    await revokeAll(query, person.id, ['link']);
    if (!takesPasswords) return { person: personDocument(person), link: `${publicUrl()}/sign-in`, expiresAtMs: null };
    const { text, row } = await addCredential(query, { kind: 'link', user_id: person.id, lifeMs: LINK_MS });
    return {
      person: personDocument(person),
      link: `${publicUrl()}/password#token=${text}`,
      expiresAtMs: row.expires_ms,
    };
  };

  return [
    route('GET /people', {
      id: 'listPeople',
      summary: 'Everybody who may sign in',
      access: serverAdmin,
      query: PAGE_QUERY,
      answer: pageOf(PERSON),
      handle: async ({ query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('person')
          .selectAll()
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, personDocument);
      },
    }),
    route('POST /people', {
      id: 'addPerson',
      summary: 'Adds somebody; the answer has a link with which they choose a password',
      access: serverAdmin,
      body: NEW_PERSON,
      answer: INVITATION,
      status: 201,
      handle: async ({ body: { email, name, isAdmin = false }, caller, request }) => {
        const known = await query
          .selectFrom('person')
          .select('id')
          .where('email', '=', email.toLowerCase())
          .executeTakeFirst();
        if (known !== undefined) throw new Problem('conflict', `${email} is there already`);
        const person = await addPerson(query, { email, name, isAdmin, password: null });
        await recordChange(query, caller, request.ip, {
          action: 'person.add',
          object: person.email,
          detail: isAdmin ? 'administrator' : '',
        });
        return invite(person);
      },
    }),
    route('GET /people/{person}', {
      id: 'getPerson',
      summary: 'One of them',
      access: serverAdmin,
      answer: PERSON,
      handle: async ({ params }) => personDocument(await find(params['person']!)),
    }),
    route('PATCH /people/{person}', {
      id: 'changePerson',
      summary: 'Changes name and rights; whoever is disabled is signed out, and their tokens end',
      access: serverAdmin,
      body: PERSON_CHANGE,
      answer: PERSON,
      handle: async ({ params, body: { name, isAdmin, isDisabled }, caller, request }) => {
        const person = await find(params['person']!);
        if (person.id === caller.userId && (isAdmin === false || isDisabled === true))
          throw new Problem('conflict', 'nobody may take their own rights: ask another administrator');
        const row = await query
          .updateTable('person')
          .set({
            name: name ?? person.name,
            is_admin: isAdmin === undefined ? person.is_admin : Number(isAdmin),
            is_disabled: isDisabled === undefined ? person.is_disabled : Number(isDisabled),
          })
          .where('id', '=', person.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        if (isDisabled) await revokeAll(query, person.id, ['session', 'token', 'link']);
        await recordChange(query, caller, request.ip, {
          action: 'person.change',
          object: person.email,
          detail: JSON.stringify({ name, isAdmin, isDisabled }),
        });
        return personDocument(row);
      },
    }),
    route('POST /people/{person}/invitation', {
      id: 'invitePerson',
      summary: 'Makes a new link with which they choose a password; earlier ones end',
      access: serverAdmin,
      answer: INVITATION,
      status: 201,
      handle: async ({ params, caller, request }) => {
        const person = await find(params['person']!);
        if (person.is_disabled === 1) throw new Problem('conflict', `${person.email} is disabled: enable them first`);
        await recordChange(query, caller, request.ip, { action: 'person.invite', object: person.email });
        return invite(person);
      },
    }),
    route('DELETE /people/{person}/identity', {
      id: 'forgetIdentity',
      summary: 'Forgets the account of the provider that is theirs: the next one with their address becomes it',
      access: serverAdmin,
      handle: async ({ params, caller, request }) => {
        const person = await find(params['person']!);
        await query.updateTable('person').set({ issuer: null, subject: null }).where('id', '=', person.id).execute();
        await query
          .deleteFrom('credential')
          .where('user_id', '=', person.id)
          .where('kind', '=', 'session')
          .where('id', '!=', caller.credentialId!)
          .execute();
        await recordChange(query, caller, request.ip, {
          action: 'person.forget-identity',
          object: person.email,
          detail: `${person.subject ?? 'none'} of ${person.issuer ?? 'none'}`,
        });
      },
    }),
    route('DELETE /people/{person}', {
      id: 'removePerson',
      summary: 'Removes somebody; what they did stays in the audit log',
      access: serverAdmin,
      handle: async ({ params, caller, request }) => {
        const person = await find(params['person']!);
        if (person.id === caller.userId) throw new Problem('conflict', 'nobody may remove themselves');
        await query.deleteFrom('person').where('id', '=', person.id).execute();
        await recordChange(query, caller, request.ip, { action: 'person.remove', object: person.email });
      },
    }),
    route('GET /audit', {
      id: 'listAudit',
      summary: 'Who changed what, the latest first',
      access: serverAdmin,
      query: PAGE_QUERY,
      answer: pageOf(AUDIT_ENTRY),
      handle: async ({ query: asked }) => {
        const wish = readPageWish(asked);
        const rows = await query
          .selectFrom('audit')
          .selectAll()
          .$if(wish.after !== null, (rest) => rest.where('id', '<', wish.after!))
          .orderBy('id', 'desc')
          .limit(wish.limit + 1)
          .execute();
        return toPage(rows, wish, auditDocument);
      },
    }),
  ];
}
