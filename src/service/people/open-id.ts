// Signing in at a provider of OpenID Connect: authorization code with PKCE (https://openid.net/specs/openid-connect-core-1_0.html, 3.1;
// RFC 7636). What has to be remembered until the provider sends somebody back is sealed and lies in their browser, so that any server of
// the database can go on.
import type { Configuration } from 'openid-client';
import { isLoopback } from '../../control/api-address.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { Role, SignInRefusal } from '../api/documents.ts';
import type { Sealer } from './seal.ts';

/** How long somebody may take at the provider, in ms. */
export const ATTEMPT_MS = 10 * 60_000;
/** How long the provider may take for one answer, in s. */
const ANSWER_SECONDS = 10;
const SCOPES = 'openid email profile';
/** What attempts are sealed for. */
const PLACE = 'sign-in';
const LONGEST_NEXT = 1000;

export interface OpenIdSettings {
  /** `https://id.example`, as its tokens name it. */
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** What people know it by. */
  readonly name: string;
  /** Of e-mail addresses that are let in, in lower case; none: all of them. */
  readonly domains: readonly string[];
  /** Whether somebody is added who is not there yet. */
  readonly addsPeople: boolean;
  /** What whoever is added has a part in; null: nothing. */
  readonly project: { readonly slug: string; readonly role: Role } | null;
}

/** Who somebody is, by the provider's word. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** In lower case; null: the provider does not say that it is theirs. */
  readonly email: string | null;
  readonly name: string;
}

/** Somebody is not let in. The message is for who runs the server, the reason for who wants in. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused';
  readonly reason: SignInRefusal;

  constructor(reason: SignInRefusal, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** A path of ours. */
  readonly next: string;
  readonly untilMs: number;
}

export interface OpenIdDependencies {
  readonly sealer: Sealer;
  readonly publicUrl: () => string;
  readonly now: () => number;
}

type Library = typeof import('openid-client');

export class OpenIdProvider {
  readonly settings: OpenIdSettings;
  readonly #library: Library;
  readonly #configuration: Configuration;
  readonly #dependencies: OpenIdDependencies;

  private constructor(
    settings: OpenIdSettings,
    library: Library,
    configuration: Configuration,
    dependencies: OpenIdDependencies,
  ) {
    this.settings = settings;
    this.#library = library;
    this.#configuration = configuration;
    this.#dependencies = dependencies;
  }

  /**
   * Asks the provider where it does what.
   * @throws ExitError 255 for one that cannot be had
   */
  static async discover(settings: OpenIdSettings, dependencies: OpenIdDependencies): Promise<OpenIdProvider> {
    const { issuer, clientId, clientSecret } = settings;
    const library = await import('openid-client');
    const address = new URL(issuer);
    // Over plain HTTP anybody in between could let anybody in.
    const isNear =
      address.protocol === 'http:' && isLoopback({ host: address.hostname.replace(/^\[|\]$/g, ''), port: 0 });
    const soften = isNear ? [library.allowInsecureRequests] : [];
    try {
      const found = await library.discovery(address, clientId, undefined, library.None(), {
        execute: soften,
        timeout: ANSWER_SECONDS,
      });
      const server = found.serverMetadata();
      const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
      const authentication =
        clientSecret === null
          ? library.None()
          : methods.includes('client_secret_basic')
            ? library.ClientSecretBasic(clientSecret)
            : library.ClientSecretPost(clientSecret);
      const configuration = new library.Configuration(server, clientId, undefined, authentication);
      configuration.timeout = ANSWER_SECONDS;
      for (const set of soften) set(configuration);
      // What it says of somebody is believed for its signature, and not only for where it came from.
      library.enableNonRepudiationChecks(configuration);
      return new OpenIdProvider(settings, library, configuration, dependencies);
    } catch (error) {
      throw new ExitError(
        EXIT.other,
        `--oidc-issuer ${issuer}: the provider cannot be used: ${causesOf(error)}. It has to answer at ${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      );
    }
  }

  /** Where it sends people back to. */
  get #callback(): string {
    return `${this.#dependencies.publicUrl()}/api/v1/sign-in/callback`;
  }

  /**
   * Somebody wants in.
   * @param next where they go on; a path of ours, or it is the first page
   * @returns where to send them, and what their browser keeps
   */
  async begin(next: string): Promise<{ readonly url: string; readonly sealed: string }> {
    const { randomPKCECodeVerifier, randomState, randomNonce, calculatePKCECodeChallenge } = this.#library;
    const attempt: Attempt = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      next: ownPath(next),
      untilMs: this.#dependencies.now() + ATTEMPT_MS,
    };
    const url = this.#library.buildAuthorizationUrl(this.#configuration, {
      redirect_uri: this.#callback,
      scope: SCOPES,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    const sealed = this.#dependencies.sealer.seal(JSON.stringify(attempt), PLACE).toString('base64url');
    return { url: url.href, sealed };
  }

  /**
   * The provider has sent somebody back.
   * @param query of the address that it sent them to
   * @param sealed what their browser kept; null: nothing
   * @throws SignInRefused
   */
  async finish(query: string, sealed: string | null): Promise<{ readonly identity: Identity; readonly next: string }> {
    const attempt = this.#open(sealed);
    const url = new URL(`${this.#callback}?${query}`);
    if (url.searchParams.get('state') !== attempt.state)
      throw new SignInRefused('again', 'the answer of the provider belongs to no attempt of this browser');
    try {
      const tokens = await this.#library.authorizationCodeGrant(this.#configuration, url, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
      });
      const claims = tokens.claims()!;
      const { userinfo_endpoint } = this.#configuration.serverMetadata();
      // Many have no more than who it is in the token, and tell the rest when they are asked.
      const told =
        claims['email'] === undefined && userinfo_endpoint !== undefined
          ? await this.#library.fetchUserInfo(this.#configuration, tokens.access_token, claims.sub)
          : claims;
      const email = typeof told['email'] === 'string' ? told['email'].toLowerCase() : '';
      const name = typeof told['name'] === 'string' ? told['name'].trim().slice(0, 100) : '';
      return {
        identity: {
          issuer: claims.iss,
          subject: claims.sub,
          email:
            told['email_verified'] === true && /^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254 ? email : null,
          name: name || email.slice(0, 100),
        },
        next: attempt.next,
      };
    } catch (error) {
      throw this.#refusalOf(error);
    }
  }

  #open(sealed: string | null): Attempt {
    try {
      const attempt = JSON.parse(
        this.#dependencies.sealer.open(Buffer.from(sealed ?? '', 'base64url'), PLACE),
      ) as Attempt;
      if (attempt.untilMs >= this.#dependencies.now()) return attempt;
    } catch {
      // None, or not of this server.
    }
    throw new SignInRefused('again', 'the browser has begun no attempt, or too long ago');
  }

  #refusalOf(error: unknown): SignInRefused {
    const { AuthorizationResponseError, ResponseBodyError } = this.#library;
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      return new SignInRefused('cancelled', 'the provider says: access_denied');
    // The code was used, or is too old.
    if (error instanceof ResponseBodyError && error.error === 'invalid_grant')
      return new SignInRefused('again', 'the provider says: invalid_grant');
    return new SignInRefused('provider', causesOf(error));
  }
}

/** @returns the path with its query and fragment; that of the first page for what leads elsewhere */
function ownPath(text: string): string {
  const origin = 'http://own.invalid';
  const url = text.startsWith('/') && text.length <= LONGEST_NEXT ? URL.parse(text, origin) : null;
  if (url === null || url.origin !== origin || url.pathname.startsWith('/api/')) return '/';
  return url.pathname.startsWith('//') ? '/' : url.pathname + url.search + url.hash;
}

/** What failed and why, without what was sent or came: there are secrets in that. */
function causesOf(error: unknown): string {
  const said: string[] = [];
  for (let at: unknown = error; at instanceof Error && said.length < 4; at = at.cause) {
    const { error: kind, code } = at as { error?: unknown; code?: unknown };
    const text = at.message || String(code ?? at.name);
    said.push(typeof kind === 'string' ? `${text} (${kind})` : text);
  }
  return said.join(': ');
}
