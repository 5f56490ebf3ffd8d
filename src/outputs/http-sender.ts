// Posts what an output has encoded, and says what the server made of it.
import http from 'node:http';
import https from 'node:https';
import type { ProxyServer } from '../addresses/proxy-address.ts';
import type { ProxyRules } from '../wire/net/proxy-rules.ts';
import { readOutputProxies } from './output-proxies.ts';
import { createAgent } from './proxy-agents.ts';
import type { PushOutcome } from './push-queue.ts';

/** How long an answer may take, in ms. */
const PATIENCE_MS = 10_000;
/** How much of an answer is read, in octets: it is only for messages. */
const MOST_READ = 16 * 1024;
const SHOWN_CHARACTERS = 200;

/** How to make connections. Plain data: it is sent to the thread of the outputs. */
export interface HttpConnectionSettings {
  readonly insecureSkipVerify?: boolean;
  /** PEM; '' for none. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** What to go through; '' leaves it to HTTP_PROXY and its siblings. */
  readonly proxy?: string;
}

/** An answer, or why there is none. */
export type HttpAnswer =
  | { readonly status: number; readonly retryAfterMs: number | undefined; readonly text: string }
  | { readonly error: string };

/** @returns ms of `Retry-After`, which is a number of seconds or a date (RFC 9110, 10.2.3); undefined for neither */
function readRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** @returns what an answer means for the push: 429 and 5xx may work later, other refusals will not */
export function judgeAnswer(answer: HttpAnswer): PushOutcome {
  if ('error' in answer) return { kind: 'later', reason: answer.error };
  const { status, retryAfterMs, text } = answer;
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const reason = `the server answered ${status}${text === '' ? '' : `: ${text}`}`;
  if (status !== 408 && status !== 429 && status < 500) return { kind: 'refused', reason };
  return { kind: 'later', reason, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) };
}

export class HttpSender {
  readonly #proxies: ProxyRules;
  readonly #tls: https.AgentOptions;
  /** By what they go through. */
  readonly #agents = new Map<ProxyServer | null, http.Agent>();
  readonly #secure: boolean;
  readonly #hidden: readonly string[];

  /**
   * @param hidden what no message may show, such as passwords
   * @throws OutputError for a proxy that cannot be read
   */
  constructor(
    secure: boolean,
    { insecureSkipVerify, ca, cert, key, minVersion, proxy }: HttpConnectionSettings = {},
    hidden: readonly string[] = [],
  ) {
    this.#proxies = readOutputProxies(proxy);
    this.#secure = secure;
    this.#hidden = hidden.filter((text) => text !== '');
    this.#tls = {
      rejectUnauthorized: insecureSkipVerify !== true,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(minVersion && { minVersion }),
    };
  }

  /** Never rejects. @param signal gives it up */
  post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      const fail = (error: Error): void => resolve({ error: this.#describe(error, url) });
      const options: https.RequestOptions = {
        method: 'POST',
        agent: this.#agentFor(url),
        headers: { ...headers, 'content-length': body.length },
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      };
      try {
        const request = (this.#secure ? https : http).request(url, options, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            text += piece;
            if (text.length > MOST_READ) response.destroy();
          });
          // However an answer ends, its head says what matters.
          response.on('error', () => {});
          response.on('close', () =>
            resolve({
              status: response.statusCode ?? 0,
              retryAfterMs: readRetryAfter(response.headers['retry-after']),
              text: this.#show(text),
            }),
          );
        });
        request.on('error', fail);
        request.end(body);
      } catch (error) {
        // A header of the settings that HTTP does not know.
        fail(error as Error);
      }
    });
  }

  #agentFor({ hostname, port }: URL): http.Agent {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const proxy = this.#proxies.find(this.#secure ? 'https' : 'http', host, Number(port) || (this.#secure ? 443 : 80));
    let agent = this.#agents.get(proxy);
    if (agent === undefined) this.#agents.set(proxy, (agent = createAgent(this.#secure, proxy, this.#tls)));
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #describe(error: Error, url: URL): string {
    const { code } = error as NodeJS.ErrnoException;
    if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ABORT_ERR')
      return `${url.host} did not answer in time`;
    return this.#show(`${url.host} could not be reached (${error.message || code || error.name})`);
  }

  /** One line, without what must not be shown. */
  #show(text: string): string {
    const plain = this.#hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
    return plain.replace(/\s+/g, ' ').trim().slice(0, SHOWN_CHARACTERS);
  }
}
