// For tests: a provider of OpenID Connect (https://github.com/panva/node-oidc-provider) on loopback, with its own pages to sign in, and
// somebody who goes through them without a browser.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type JWK } from 'oidc-provider';
import { CookieJar } from 'tough-cookie';

export const CLIENT_ID = 'load';
export const CLIENT_SECRET = 'a secret that the provider has given out';

export interface Account {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A key to sign with, always by the same name. */
function newKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'the-key', use: 'sig', alg: 'RS256' } as JWK;
}

export class OpenIdServer {
  /** By what somebody types as their name there. */
  readonly accounts = new Map<string, Account>();
  /** By its name, which is another site than 127.0.0.1 for a browser. */
  readonly issuer: string;
  readonly #server: Server;
  readonly #settings: Configuration;
  #key = newKey();
  #redirect = 'http://localhost:1/';
  provider!: Provider;

  private constructor(server: Server, settings: Configuration) {
    this.#server = server;
    this.#settings = settings;
    this.issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
    this.#build();
  }

  /** @param settings beside the usual ones */
  static async start(settings: Configuration = {}): Promise<OpenIdServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const made = new OpenIdServer(server, settings);
    server.on('request', (request, response) => void made.provider.callback()(request, response));
    return made;
  }

  /** Sends people back there, and nowhere else. */
  allow(redirect: string): void {
    this.#redirect = redirect;
    this.#build();
  }

  /** Signs with another key, of which nobody has been told. @returns goes back to the one before */
  changeKey(): () => void {
    const before = this.#key;
    this.#key = newKey();
    this.#build();
    return () => {
      this.#key = before;
      this.#build();
    };
  }

  #build(): void {
    this.provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [this.#redirect],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: async () => ({ sub: id, ...this.accounts.get(id) }),
      }),
      jwks: { keys: [this.#key] },
      cookies: { keys: ['what its cookies are signed with'] },
      ...this.#settings,
    });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** A browser without a window: it keeps cookies, and goes where it is sent until it is told to stop. */
export class Walker {
  readonly jar = new CookieJar();

  async fetch(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: await this.jar.getCookieString(url) },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) await this.jar.setCookie(cookie, url);
    return response;
  }

  /** @returns the address that it would go to next, at `root` and below, or behind whichever page has no form that is known */
  async #follow(url: string, root: string, answer: (page: string) => Promise<Response>): Promise<string> {
    let at = url;
    let response = await this.fetch(at);
    for (;;) {
      const location = response.headers.get('location');
      if (location === null) response = await answer(await response.text());
      else {
        at = new URL(location, at).href;
        if (at.startsWith(root)) return at;
        response = await this.fetch(at);
      }
    }
  }

  /**
   * Signs in at the provider as somebody.
   * @param url that the server sends people to
   * @param root what begins the address that the provider sends people back to
   * @returns the address that it sends them back to
   */
  signIn(url: string, root: string, account: string): Promise<string> {
    return this.#follow(url, root, (page) => {
      const [, action] = /<form[^>]* action="([^"]+)"/.exec(page)!;
      return this.fetch(
        action!,
        page.includes('name="login"') ? { prompt: 'login', login: account, password: 'any' } : { prompt: 'consent' },
      );
    });
  }

  /** Comes to the provider's page, and wants no more. @returns the address that it sends them back to */
  cancel(url: string, root: string): Promise<string> {
    return this.#follow(url, root, (page) => this.fetch(/href="([^"]+\/abort)"/.exec(page)![1]!));
  }
}
