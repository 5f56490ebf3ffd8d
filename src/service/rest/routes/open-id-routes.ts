// Signing in at a provider: a browser goes there from here, and comes back with its word.
import { SIGN_IN_WAYS } from '../../api/documents.ts';
import { recordChange } from '../../audit.ts';
import type { ServiceContext } from '../../context.ts';
import { findIdentified } from '../../people/identified-person.ts';
import { ATTEMPT_MS, type OpenIdProvider, SignInRefused } from '../../people/open-id.ts';
import { openSession } from '../open-session.ts';
import { Problem } from '../problem.ts';
import { anybody, type Call, type Route, route, TAKEN_OVER } from '../route.ts';

/** What is to be remembered of an attempt. The provider's page leads back here, so a strict cookie would not be sent. */
const ATTEMPT_COOKIE = 'sixfold_sign_in';

export function openIdRoutes(context: ServiceContext): Route[] {
  const { database, provider, publicUrl, takesPasswords, log } = context;
  const { query } = database;

  const expectProvider = (): OpenIdProvider => {
    if (provider === null)
      throw new Problem('missing', 'this server knows no provider: start it with --oidc-issuer and --oidc-client-id');
    return provider;
  };
  /** Only where it is needed, as the browser sees it. */
  const cookie = ({ request }: Pick<Call<null>, 'request'>) => ({
    path: `${new URL(publicUrl()).pathname.replace(/\/$/, '')}/api/v1/sign-in`,
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: request.protocol === 'https',
  });
  const goTo = ({ reply }: Pick<Call<null>, 'reply'>, path: string): typeof TAKEN_OVER => {
    void reply.redirect(`${publicUrl()}${path}`, 303);
    return TAKEN_OVER;
  };

  return [
    route('GET /sign-in', {
      id: 'signInWays',
      summary: 'How people sign in here',
      access: anybody,
      answer: SIGN_IN_WAYS,
      handle: () => ({
        takesPasswords,
        provider:
          provider === null ? null : { name: provider.settings.name, url: `${publicUrl()}/api/v1/sign-in/start` },
      }),
    }),
    route('GET /sign-in/start', {
      id: 'startSignIn',
      summary: 'For a browser: leads it to the provider',
      access: anybody,
      query: { next: 'the path of the page to go on with' },
      status: 303,
      handle: async (call) => {
        const { url, sealed } = await expectProvider().begin(call.query['next'] ?? '/');
        void call.reply.setCookie(ATTEMPT_COOKIE, sealed, { ...cookie(call), maxAge: ATTEMPT_MS / 1000 });
        void call.reply.redirect(url, 303);
        return TAKEN_OVER;
      },
    }),
    route('GET /sign-in/callback', {
      id: 'finishSignIn',
      summary: 'For a browser that comes back from the provider: signs in, or says on the sign-in page why not',
      access: anybody,
      query: { code: 'of the provider', state: 'of the attempt', error: 'what the provider has against it' },
      status: 303,
      handle: async (call) => {
        const { request, reply } = call;
        const known = expectProvider();
        void reply.clearCookie(ATTEMPT_COOKIE, cookie(call));
        try {
          const { identity, next } = await known.finish(
            // What the provider sends may hold one itself (RFC 3986, 3.4).
            request.url.split('?').slice(1).join('?'),
            request.cookies[ATTEMPT_COOKIE] ?? null,
          );
          const person = await findIdentified(database, identity, known.settings, request.ip, (message) =>
            log('warning', message),
          );
          await recordChange(query, { userId: person.id, name: person.email }, request.ip, {
            action: 'session.create',
            object: person.email,
            detail: `by ${identity.issuer}`,
          });
          await openSession(query, person.id, call);
          return goTo(call, next);
        } catch (error) {
          if (!(error instanceof SignInRefused)) throw error;
          const { reason, message } = error;
          // What is between the server and its provider is for who runs it.
          if (reason === 'provider') log('warning', `signing in by ${known.settings.issuer}: ${message}`);
          await recordChange(query, { userId: null, name: 'nobody' }, request.ip, {
            action: 'session.refused',
            object: known.settings.issuer,
            detail: message,
          });
          return goTo(call, `/sign-in?problem=${reason}`);
        }
      },
    }),
  ];
}
