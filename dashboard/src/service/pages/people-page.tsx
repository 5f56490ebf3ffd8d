// Who may sign in, and what was changed on the server. For administrators.
import { useState } from 'preact/hooks';
import { ask, type Invitation, type Person, readAll, session } from '../api.ts';
import { AuditList } from '../audit-list.tsx';
import { Doing, Field, Form, Once, textOf } from '../form.tsx';
import { Frame, Head, Title } from '../frame.tsx';
import { words } from '../language.ts';
import { Remove } from '../row-buttons.tsx';
import { useLoaded } from '../use-loaded.ts';

export function PeoplePage() {
  const said = words.value;
  const [invited, setInvited] = useState<Invitation | null>(null);
  const { value, problem, reload } = useLoaded('people', () => readAll<Person>('/people'));
  return (
    <Frame part="people">
      <Head text={said.people} />
      {invited === null ? null : <Once text={said.inviteLink(invited.person.name)} value={invited.link} />}
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : (
        <ul class="rows">
          {value.map((person) => (
            <Row key={person.id} person={person} onChange={reload} onInvite={setInvited} />
          ))}
        </ul>
      )}
      <section aria-labelledby="invite">
        <Title id="invite" text={said.inviteTitle} />
        <Form
          send={said.invite}
          onSend={async (values) => {
            setInvited(
              await ask<Invitation>('POST', '/people', {
                email: textOf(values, 'email'),
                name: textOf(values, 'name'),
                isAdmin: values.get('admin') === 'on',
              }),
            );
            await reload();
            return null;
          }}
        >
          <div class="pair">
            <Field label={said.name} name="name" />
            <Field label={said.email} name="email" type="email" />
          </div>
          <label class="box">
            <input type="checkbox" name="admin" /> {said.administrator}
          </label>
        </Form>
      </section>
      <AuditList path="/audit" />
    </Frame>
  );
}

interface RowProps {
  readonly person: Person;
  readonly onChange: () => Promise<void>;
  readonly onInvite: (invitation: Invitation) => void;
}

function Row({ person, onChange, onInvite }: RowProps) {
  const said = words.value;
  const { id, name, email, isAdmin, isDisabled, hasPassword, hasIdentity } = person;
  const isOwn = id === session.value!.person.id;
  const facts = [
    email,
    ...(isAdmin ? [said.administrator] : []),
    ...(isDisabled ? [said.isDisabled] : []),
    ...(hasPassword || hasIdentity ? [] : [said.notYetSignedIn]),
  ];
  return (
    <li class={isDisabled ? 'idle' : ''}>
      <span class="name">
        <b>{name}</b>
        <small>{facts.join(' · ')}</small>
      </span>
      <span class="doing">
        {isOwn ? null : (
          <>
            <Doing
              text={said.newLink}
              label={`${said.newLink}: ${name}`}
              onDo={async () => onInvite(await ask<Invitation>('POST', `/people/${id}/invitation`))}
            />
            <Doing
              text={isDisabled ? said.letIn : said.lockOut}
              label={`${isDisabled ? said.letIn : said.lockOut}: ${name}`}
              onDo={async () => {
                await ask('PATCH', `/people/${id}`, { isDisabled: !isDisabled });
                await onChange();
              }}
            />
            {hasIdentity ? (
              <Doing
                text={said.forgetAccount}
                label={`${said.forgetAccount}: ${name}`}
                sure={said.forgetAccountSure(name)}
                onDo={async () => {
                  await ask('DELETE', `/people/${id}/identity`);
                  await onChange();
                }}
              />
            ) : null}
            <Remove name={name} path={`/people/${id}`} onDone={onChange} />
          </>
        )}
      </span>
    </li>
  );
}
