// One call of `open`: the stream, and those that redirect to it.
import { httpCode } from '../../codes/catalogue.ts';
import type { Realm } from '../../script/realm-interface.ts';
import { createDialRequest } from '../../vu/dial-request.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { canonicalName } from '../../wire/http/header-names.ts';
import { type RequestUrl, resolveLocation } from '../../wire/http/request-url.ts';
import type { HttpResponse } from '../../wire/http1/exchange.ts';
import { isForwarded } from '../../wire/net/proxy.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { EventStream } from '../../wire/sse/event-stream.ts';
import { OpeningSpan } from '../k6-http/opening-span.ts';
import type { StreamClient } from './stream-client.ts';
import { createRequest, type StreamParams, storeCookies } from './stream-params.ts';
import type { StreamSamples } from './stream-samples.ts';

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const HTTP1: readonly string[] = ['http/1.1'];

export class StreamSession {
  readonly #vu: VirtualUser;
  readonly #client: StreamClient;
  readonly #samples: StreamSamples;
  readonly #forget: () => void;
  #url: RequestUrl;
  #stream: EventStream | null = null;
  #response: HttpResponse | null = null;
  #error = '';
  #redirects = 0;
  #endSpan: (response: HttpResponse | null, error: WireError | null) => void = () => {};
  #over = false;

  constructor(vu: VirtualUser, url: RequestUrl, params: StreamParams, client: StreamClient, samples: StreamSamples) {
    this.#vu = vu;
    this.#url = url;
    this.#client = client;
    this.#samples = samples;
    this.#forget = vu.onCutShort(() => this.close());
    client.onFlow = (isHeld) => (isHeld ? this.#stream?.pause() : this.#stream?.resume());
    if (client.isClosed) this.close();
    else this.#start(params);
  }

  #start(params: StreamParams): void {
    const { network, options } = this.#vu.environment;
    const { host, port, scheme } = this.#url;
    const span = OpeningSpan.begin(this.#vu, params.headers);
    const request = createRequest(this.#vu, this.#url, params, span === null ? [] : [span.header]);
    const hop = { method: params.method, shownUrl: this.#url.masked, url: this.#url, hops: this.#redirects };
    this.#endSpan = (response, error) => span?.end(hop, response, error);
    const dial = createDialRequest(this.#vu, {
      host,
      port,
      secure: scheme === 'https',
      alpn: HTTP1,
      timeoutMs: params.timeoutMs,
    });
    const { proxy = null } = request;
    const route = { ...dial, proxy, forwards: proxy !== null && isForwarded(proxy, scheme) };
    const stream = new EventStream(request, network.dialer, route, options.maxResponseBytes, {
      onHead: (response) => this.#answer(response, params),
      onEvent: (event) => {
        this.#samples.received();
        this.#client.post({ type: 'event', event });
      },
      onEnd: (error) => this.#end(error),
    });
    // A name that is blocked is refused at once.
    if (!this.#over) this.#stream = stream;
  }

  #answer(response: HttpResponse, params: StreamParams): void {
    this.#endSpan(response, failureOf(response.status));
    storeCookies(this.#vu, this.#url, params, response.values('set-cookie'));
    const { maxRedirects } = this.#vu.environment.options;
    const [location] = response.values('location');
    if (REDIRECTS.includes(response.status) && location !== undefined && this.#redirects < maxRedirects) {
      this.#redirects++;
      // Not from within the stream that is told about.
      queueMicrotask(() => this.#follow(location, response.status, params));
      this.#stream?.close();
      return;
    }
    this.#response = response;
    this.#samples.answered(response.status);
    if (response.status === 200) this.#client.post({ type: 'open' });
  }

  #follow(location: string, status: number, params: StreamParams): void {
    if (this.#over) return;
    try {
      this.#url = resolveLocation(this.#url, location);
    } catch (error) {
      this.#end(new WireError(1020, (error as Error).message));
      return;
    }
    const keepsMethod = status === 307 || status === 308;
    this.#start(keepsMethod ? params : { ...params, method: 'GET', body: null });
  }

  #end(error: WireError | null): void {
    if (this.#over) return;
    const status = this.#response?.status ?? 0;
    const failure =
      error ??
      failureOf(status) ??
      (status === 200 ? null : new WireError(1041, `sse: the server answered with status ${status}`));
    this.#finish(failure);
    if (failure !== null) {
      this.#error = failure.message;
      this.#client.post({ type: 'error', message: failure.message, code: failure.code });
    }
    this.#client.post({ type: 'end' });
  }

  /** Breaks it off, as the script or the end of the iteration will have it. */
  close(): void {
    if (!this.#over) this.#finish(null);
  }

  #finish(error: WireError | null): void {
    this.#over = true;
    this.#stream?.close();
    this.#forget();
    // Where there was an answer it has ended already.
    this.#endSpan(null, error);
    this.#samples.ended(error);
  }

  /** What `open` returns. */
  show(realm: Realm): unknown {
    const headers: Record<string, string> = {};
    for (const [name, value] of this.#response?.headers ?? []) {
      const key = canonicalName(name);
      const known = Object.hasOwn(headers, key) ? `${headers[key]}, ${value}` : value;
      Object.defineProperty(headers, key, { value: known, enumerable: true, configurable: true, writable: true });
    }
    return realm.fromHost({ url: this.#url.masked, status: this.#response?.status ?? 0, headers, error: this.#error });
  }
}

/** @returns what a status of an error says; null for others */
function failureOf(status: number): WireError | null {
  const code = httpCode(status);
  return code === 0 ? null : new WireError(code, `sse: the server answered with status ${status}`);
}
