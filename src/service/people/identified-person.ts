// Whom the word of a provider lets in.
import { recordChange } from '../audit.ts';
import type { Database, Reader } from '../storage/database.ts';
import { type Identity, type OpenIdSettings, SignInRefused } from './open-id.ts';
import { addPerson, type PersonRow } from './people.ts';

/**
 * Finds the person: by the account of the provider, which stays the same, and the first time by the e-mail address.
 * @param address where they come from, for the audit log
 * @param warn of what is wrong with the settings
 * @throws SignInRefused
 */
export async function findIdentified(
  database: Database,
  identity: Identity,
  settings: OpenIdSettings,
  address: string,
  warn: (message: string) => void,
): Promise<PersonRow> {
  const { issuer, subject, email } = identity;
  const { domains } = settings;
  if (domains.length > 0) {
    if (email === null) throw unverified(identity);
    const domain = email.slice(email.lastIndexOf('@') + 1);
    if (!domains.includes(domain)) throw new SignInRefused('domain', `${email} is of none of ${domains.join(', ')}`);
  }
  const find = (): Promise<PersonRow> =>
    database.transact(async (transaction) => {
      const known = await transaction
        .selectFrom('person')
        .selectAll()
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      if (known !== undefined) return expectEnabled(known);
      if (email === null) throw unverified(identity);
      const named = await transaction.selectFrom('person').selectAll().where('email', '=', email).executeTakeFirst();
      if (named !== undefined) return link(transaction, expectEnabled(named), identity, address);
      if (!settings.addsPeople) throw new SignInRefused('unknown', `there is nobody with the address ${email}`);
      return add(transaction, { ...identity, email }, settings, address, warn);
    });
  try {
    return await find();
  } catch (error) {
    if (error instanceof SignInRefused) throw error;
    // Whoever comes from two browsers at once is added by one of them, and found by the other.
    return find();
  }
}

function unverified({ subject, issuer }: Identity): SignInRefused {
  return new SignInRefused('email', `the provider does not say that ${subject} of ${issuer} has an e-mail address`);
}

function expectEnabled(person: PersonRow): PersonRow {
  if (person.is_disabled === 1) throw new SignInRefused('disabled', `${person.email} is disabled`);
  return person;
}

async function link(
  transaction: Reader,
  person: PersonRow,
  { issuer, subject }: Identity,
  address: string,
): Promise<PersonRow> {
  // Another browser of theirs has been let in since it was looked for.
  if (person.issuer === issuer && person.subject === subject) return person;
  // An address that somebody else has got since: theirs is not what the one before had.
  if (person.subject !== null && person.issuer === issuer)
    throw new SignInRefused('other-account', `${person.email} signs in as ${person.subject}, and not as ${subject}`);
  await recordChange(transaction, { userId: person.id, name: person.email }, address, {
    action: 'person.link-identity',
    object: person.email,
    detail: `${subject} of ${issuer}`,
  });
  return transaction
    .updateTable('person')
    .set({ issuer, subject })
    .where('id', '=', person.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function add(
  transaction: Reader,
  { issuer, subject, email, name }: Identity & { readonly email: string },
  { project }: OpenIdSettings,
  address: string,
  warn: (message: string) => void,
): Promise<PersonRow> {
  const person = await addPerson(transaction, {
    email,
    name,
    isAdmin: false,
    password: null,
    identity: { issuer, subject },
  });
  const found =
    project === null
      ? undefined
      : await transaction.selectFrom('project').select('id').where('slug', '=', project.slug).executeTakeFirst();
  if (project !== null && found === undefined) warn(`--oidc-project: there is no project "${project.slug}"`);
  if (project !== null && found !== undefined)
    await transaction
      .insertInto('member')
      .values({ project_id: found.id, user_id: person.id, role: project.role })
      .execute();
  await recordChange(transaction, { userId: person.id, name: email }, address, {
    action: 'person.add',
    object: email,
    projectId: found?.id ?? null,
    detail: `${subject} of ${issuer}`,
  });
  return person;
}
