// Ways in: a provider, e-mail and password, and the links of the first administrator and of people who were invited.
import { ask, type Session, session } from '../api.ts';
import { Field, Form, NewPassword, textOf } from '../form.tsx';
import { Frame, Head } from '../frame.tsx';
import { words } from '../language.ts';
import { useWays } from '../use-ways.ts';

/** Who was sent here from a page goes back to it; never to another site. */
function goOn(): void {
  const next = URL.parse(new URLSearchParams(location.search).get('next') ?? '/', location.origin);
  location.assign(next?.origin === location.origin ? next.href : '/');
}

/** Why the provider's word has let nobody in; '' for no reason. */
function refusal(): string {
  const reason = new URLSearchParams(location.search).get('problem');
  const reasons: Readonly<Record<string, string>> = words.value.signInRefusals;
  return reason === null || !Object.hasOwn(reasons, reason) ? '' : reasons[reason]!;
}

/** The token of a link lies in its fragment, which no server sees in its log. */
function linkToken(): string {
  return /[#&]token=([\w-]+)/.exec(location.hash)?.[1] ?? '';
}

async function enter(path: string, body: unknown): Promise<null> {
  session.value = await ask<Session>('POST', path, body);
  goOn();
  return null;
}

export function SignInPage() {
  const said = words.value;
  const ways = useWays();
  const refused = refusal();
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return (
    <Frame isNarrow>
      <Head text={said.signIn} note={ways === null ? said.loading : undefined} />
      {refused === '' ? null : (
        <p class="problem" role="alert">
          {refused}
        </p>
      )}
      {ways === null || ways.provider === null ? null : (
        <p>
          <a class="button main" href={`${ways.provider.url}?next=${encodeURIComponent(next)}`}>
            {said.signInWith(ways.provider.name)}
          </a>
        </p>
      )}
      {ways?.takesPasswords ? (
        <Form
          send={said.signIn}
          onSend={(values) =>
            enter('/session', { email: textOf(values, 'email'), password: String(values.get('password')) })
          }
        >
          <Field label={said.email} name="email" type="email" autoComplete="username" />
          <Field label={said.password} name="password" type="password" autoComplete="current-password" />
        </Form>
      ) : null}
    </Frame>
  );
}

export function SetupPage() {
  const said = words.value;
  const token = linkToken();
  const ways = useWays();
  return (
    <Frame isNarrow>
      <Head text={said.setupTitle} note={token === '' ? said.linkIncomplete : said.setupText} />
      {token === '' || ways === null ? null : (
        <Form
          send={said.setupButton}
          onSend={(values) =>
            enter('/setup', {
              token,
              email: textOf(values, 'email'),
              name: textOf(values, 'name'),
              ...(ways.takesPasswords && { password: String(values.get('password')) }),
            })
          }
        >
          <Field label={said.yourName} name="name" autoComplete="name" />
          <Field
            label={said.email}
            name="email"
            type="email"
            autoComplete="username"
            hint={ways.takesPasswords ? undefined : said.emailOfProvider(ways.provider?.name ?? '')}
          />
          {ways.takesPasswords ? <NewPassword label={said.password} /> : null}
        </Form>
      )}
    </Frame>
  );
}

export function PasswordPage() {
  const said = words.value;
  const token = linkToken();
  return (
    <Frame isNarrow>
      <Head text={said.choosePassword} note={token === '' ? said.linkIncomplete : undefined} />
      {token === '' ? null : (
        <Form
          send={said.save}
          onSend={(values) => enter('/password', { token, password: String(values.get('password')) })}
        >
          <NewPassword label={said.newPassword} />
        </Form>
      )}
    </Frame>
  );
}
