// Unary calls of OTLP's services.
import { VERSION } from '../../options/package-version.ts';
import { Channel } from '../../wire/grpc/channel.ts';
import { Dialer } from '../../wire/net/dialer.ts';
import type { ProxyRoute } from '../../wire/net/proxy.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { OutputError } from '../output-error.ts';
import { readOutputProxies } from '../output-proxies.ts';
import type { PushOutcome } from '../push-queue.ts';
import type { OtlpTarget } from './otel-settings.ts';

const PATIENCE_MS = 10_000;
/** Statuses after which OTLP's specification has one try again. */
const RETRYABLE = new Set([1, 4, 8, 10, 11, 14, 15]);

/** @returns host and port of `host:port`, which may have brackets and a scheme */
function splitEndpoint(endpoint: string): { host: string; port: number } {
  const url = URL.parse(endpoint.includes('://') ? endpoint : `grpc://${endpoint}`);
  if (url === null || url.hostname === '')
    throw new OutputError(`the output opentelemetry: "${endpoint}" is no endpoint such as localhost:4317`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 4317) };
}

export class GrpcSender {
  readonly #target: OtlpTarget;
  readonly #method: string;
  readonly #place: { readonly host: string; readonly port: number };
  readonly #dialer = new Dialer();
  readonly #proxy: ProxyRoute | null;
  #channel: Promise<Channel> | null = null;

  /** @throws OutputError for an endpoint that is none */
  constructor(target: OtlpTarget, method: string) {
    this.#target = target;
    this.#method = method;
    this.#place = splitEndpoint(target.endpoint);
    const proxy = readOutputProxies().find('https', this.#place.host, this.#place.port);
    this.#proxy = proxy && { ...proxy, tls: proxy.secure ? { alpn: ['http/1.1'], rejectUnauthorized: true } : null };
  }

  async send(body: Uint8Array, signal: AbortSignal): Promise<PushOutcome> {
    let channel: Channel;
    try {
      channel = await (this.#channel ??= this.#connect());
    } catch (error) {
      this.#channel = null;
      if (!(error instanceof WireError)) throw error;
      return { kind: 'later', reason: `${this.#target.endpoint} could not be reached (${error.message})` };
    }
    const { promise, resolve } = Promise.withResolvers<PushOutcome>();
    const call = channel.startUnary(
      {
        path: this.#method,
        metadata: this.#target.headers.map(([name, value]) => [name, value]),
        message: body,
        timeoutMs: PATIENCE_MS,
      },
      ({ status, statusMessage }) => {
        if (status === 0) {
          resolve({ kind: 'taken' });
          return;
        }
        // A connection that broke is made anew at once, and not when its own patience is over.
        if (status === 14) this.close();
        const reason = this.#hide(`the server answered with status ${status}: ${statusMessage}`);
        resolve({ kind: RETRYABLE.has(status) ? 'later' : 'refused', reason });
      },
    );
    const give = (): void => call.cancel();
    signal.addEventListener('abort', give, { once: true });
    const outcome = await promise;
    signal.removeEventListener('abort', give);
    return outcome;
  }

  close(): void {
    void this.#channel?.then((channel) => channel.close()).catch(() => {});
    this.#channel = null;
  }

  #connect(): Promise<Channel> {
    const { insecure, ca, cert, key, insecureSkipVerify } = this.#target;
    return Channel.connect({
      dialer: this.#dialer,
      ...this.#place,
      tls: insecure
        ? null
        : {
            alpn: ['h2'],
            rejectUnauthorized: !insecureSkipVerify,
            ...(ca !== '' && { ca: [ca] }),
            ...(cert !== '' && { cert }),
            ...(key !== '' && { key }),
          },
      proxy: this.#proxy,
      timeoutMs: PATIENCE_MS,
      meter: { sent: 0, received: 0 },
      userAgent: `sixfold/${VERSION}`,
    });
  }

  #hide(text: string): string {
    return this.#target.hidden
      .filter((secret) => secret !== '')
      .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  }
}
