// `--secret-source=url=…`: secrets behind an HTTP address (https://grafana.com/docs/k6/latest/using-k6/secret-source/url/).
import { setTimeout as pause } from 'node:timers/promises';
import { basicAuthorization, takeCredentials } from '../../addresses/credentials.ts';
import { useProxiesForFetch } from '../../addresses/node-proxies.ts';
import { selectJson } from '../../modules/k6-http/json-path.ts';
import type { SecretSource } from './secret-source.ts';
import type { UrlSettings } from './url-settings.ts';

/** A longer response is no secret, in octets. */
const LONGEST_RESPONSE = 24 * 1024;
/** The most that chance adds to a waiting time, in ms: clients that failed together do not come back together. */
const JITTER_MS = 1000;

/** An attempt that failed. */
class FetchFailure extends Error {
  /** Whether another attempt may end otherwise. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean) {
    super(message);
    this.isPassing = isPassing;
  }
}

/** Turns at a steady rate, of which some may be taken at once after a rest. */
class TurnGate {
  readonly #intervalMs: number;
  readonly #burst: number;
  #next = Number.NEGATIVE_INFINITY;

  constructor(perMinute: number, burst: number) {
    this.#intervalMs = 60_000 / perMinute;
    this.#burst = burst;
  }

  /** @returns how long the caller has to wait for its turn, in ms */
  reserve(now: number): number {
    const earliest = now - (this.#burst - 1) * this.#intervalMs;
    this.#next = Math.max(this.#next, earliest);
    const turn = this.#next;
    this.#next += this.#intervalMs;
    return Math.max(0, turn - now);
  }
}

export function openUrlSource(settings: UrlSettings): SecretSource {
  const gate = new TurnGate(settings.requestsPerMinute, settings.burst);
  const { origin } = new URL(settings.urlTemplate.replaceAll('{key}', 'key'));
  return {
    description: origin,
    async get(key) {
      for (let attempt = 1; ; attempt++) {
        const waitMs = gate.reserve(performance.now());
        if (waitMs > 0) await pause(waitMs);
        try {
          return await fetchSecret(settings, key);
        } catch (error) {
          if (!(error instanceof FetchFailure)) throw error;
          if (!error.isPassing) throw error;
          if (attempt > settings.maxRetries)
            throw attempt === 1 ? error : new Error(`${error.message} (${attempt} attempts)`);
          await pause(settings.retryBackoff ** attempt * 1000 + Math.random() * JITTER_MS);
        }
      }
    },
  };
}

/** @throws FetchFailure, whose message holds nothing of the response's body */
async function fetchSecret(settings: UrlSettings, key: string): Promise<string> {
  // A name may have several parts, as a path has.
  const name = encodeURIComponent(key.toWellFormed()).replaceAll('%2F', '/');
  const { status, body } = await exchange(
    settings,
    settings.urlTemplate.replaceAll('{key}', () => name),
  );
  if (status < 200 || status > 299)
    throw new FetchFailure(`the server answered with status ${status}`, status === 429 || status >= 500);
  if (settings.responsePath === '') return body;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new FetchFailure('the response is not JSON, and responsePath is set', false);
  }
  const found = selectJson(json, settings.responsePath);
  if (found === undefined || found === null)
    throw new FetchFailure(`the response has nothing at responsePath "${settings.responsePath}"`, false);
  return typeof found === 'string' ? found : JSON.stringify(found);
}

async function exchange(settings: UrlSettings, address: string): Promise<{ status: number; body: string }> {
  try {
    useProxiesForFetch();
    const url = new URL(address);
    // `fetch` refuses addresses with a name and a password, which k6 sends to the server.
    const credentials = takeCredentials(url);
    const headers = new Headers(settings.headers);
    if (credentials !== null && !headers.has('authorization'))
      headers.set('authorization', basicAuthorization(credentials));
    const response = await fetch(url, {
      method: settings.method,
      headers,
      signal: AbortSignal.timeout(settings.timeoutMs),
    });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > LONGEST_RESPONSE)
        throw new FetchFailure(`the response is longer than ${LONGEST_RESPONSE} bytes`, false);
      chunks.push(chunk);
    }
    return { status: response.status, body: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    if (error instanceof FetchFailure) throw error;
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') throw new FetchFailure(`no response within ${settings.timeoutMs} ms`, true);
    throw new FetchFailure(cause instanceof Error ? cause.message || cause.name : message, true);
  }
}
