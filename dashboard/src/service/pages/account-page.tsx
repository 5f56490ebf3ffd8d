// Oneself: the password, and the tokens of one's programs.
import { useState } from 'preact/hooks';
import { ask, type CreatedToken, readAll, session, signOut, type Token } from '../api.ts';
import { Boxes, Doing, Field, Form, NewPassword, Once, Pick, textOf } from '../form.tsx';
import { Frame, Head, Title } from '../frame.tsx';
import { when, words } from '../language.ts';
import { useLoaded } from '../use-loaded.ts';
import { useWays } from '../use-ways.ts';

const SCOPES = ['read', 'run', 'admin', 'server'] as const;

export function AccountPage() {
  const said = words.value;
  const { person } = session.value!;
  const ways = useWays();
  return (
    <Frame part="account">
      <Head text={person.name} note={person.email}>
        <Doing text={said.signOut} onDo={signOut} />
      </Head>
      <Tokens />
      {person.hasPassword && ways?.takesPasswords ? <PasswordChange email={person.email} /> : null}
    </Frame>
  );
}

function PasswordChange({ email }: { readonly email: string }) {
  const said = words.value;
  return (
    <section aria-labelledby="password">
      <Title id="password" text={said.changePassword} />
      <Form
        send={said.changePassword}
        onSend={async (values) => {
          await ask('PUT', '/password', {
            current: String(values.get('current')),
            password: String(values.get('password')),
          });
          return said.passwordChanged;
        }}
      >
        {/* For those who have their passwords kept. */}
        <input type="text" hidden readOnly autocomplete="username" value={email} />
        <div class="pair">
          <Field label={said.currentPassword} name="current" type="password" autoComplete="current-password" />
          <NewPassword label={said.newPassword} />
        </div>
      </Form>
    </section>
  );
}

function Tokens() {
  const said = words.value;
  const { person, projects } = session.value!;
  const [made, setMade] = useState<CreatedToken | null>(null);
  const { value, problem, reload } = useLoaded('tokens', () => readAll<Token>('/tokens'));
  const [project, setProject] = useState('');
  // What is for one project rules no server.
  const scopes = SCOPES.filter((scope) => scope !== 'server' || (person.isAdmin && project === ''));
  const nameOf = (id: string | null): string => projects.find((project) => project.id === id)?.name ?? said.allProjects;
  return (
    <section aria-labelledby="tokens">
      <Title id="tokens" text={said.tokens} note={said.tokensText} />
      {made === null ? null : <Once text={said.tokenOnce} value={made.secret} />}
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : value.length === 0 ? (
        <p class="empty">{said.nothingYet}</p>
      ) : (
        <ul class="rows">
          {value.map((token) => (
            <li key={token.id}>
              <span class="name">
                <b>{token.name}</b>
                <small>
                  <span class="mono">{token.prefix}…</span> · {nameOf(token.projectId)} ·{' '}
                  {token.scopes.map((scope) => said.scopes[scope]).join(', ')}
                </small>
              </span>
              <span>
                {said.lastUsed}: {when(token.usedAtMs)}
                <small>
                  {said.expires}: {when(token.expiresAtMs)}
                </small>
              </span>
              <span class="doing">
                <Doing
                  text={said.revoke}
                  label={`${said.revoke}: ${token.name}`}
                  sure={said.revokeSure(token.name)}
                  isDanger
                  onDo={async () => {
                    await ask('DELETE', `/tokens/${token.id}`);
                    if (made?.token.id === token.id) setMade(null);
                    await reload();
                  }}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
      <h3>{said.newToken}</h3>
      <Form
        send={said.createToken}
        onSend={async (values) => {
          const days = textOf(values, 'days');
          setMade(
            await ask<CreatedToken>('POST', '/tokens', {
              name: textOf(values, 'name'),
              scopes: values.getAll('scopes'),
              projectId: project === '' ? null : project,
              expiresInDays: days === '' ? null : Number(days),
            }),
          );
          await reload();
          return null;
        }}
      >
        <div class="pair">
          <Field label={said.name} name="name" />
          <Pick
            label={said.project}
            name="project"
            onPick={setProject}
            options={[['', said.allProjects], ...projects.map(({ id, name }) => [id, name] as const)]}
          />
          <Field label={said.expiresIn} name="days" type="number" min={1} isOptional />
        </div>
        <Boxes
          label={said.mayDo}
          name="scopes"
          options={scopes.map((scope) => [scope, said.scopes[scope]])}
          chosen={['read', 'run']}
        />
      </Form>
    </section>
  );
}
