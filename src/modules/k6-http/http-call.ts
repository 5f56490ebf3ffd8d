import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { basicAuthorization, maskCredentials } from '../../addresses/credentials.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import { type FailureReason, noteFailure } from '../../vu/note-failure.ts';
import type { IterationTrace, RequestSpan } from '../../vu/tracing/tracer.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { canonicalName } from '../../wire/http/header-names.ts';
import { type RequestUrl, resolveLocation, UrlError } from '../../wire/http/request-url.ts';
import type { HeaderList, HttpRequest, HttpResponse } from '../../wire/http1/exchange.ts';
import { type TimerHandle, timerWheel } from '../../wire/net/timer-wheel.ts';
import { NO_TIMINGS, type Timings } from '../../wire/net/timings.ts';
import type { TlsParams } from '../../wire/net/tls-params.ts';
import { reportStrayFailure, unexpectedFailure } from '../../wire/net/unexpected.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { InFlight, RequestOptions, ResultListener } from '../../wire/pool/http-connections.ts';
import { packBody, type Unpacking, unpackBody } from './content-coding.ts';
import { answerChallenge } from './digest-auth.ts';
import { CHALLENGE_EXPECTED, type StatusSet } from './expected-statuses.ts';
import { describeExchange } from './failed-exchange.ts';
import type { HttpClient, RequestPlan } from './http-client.ts';
import { type HttpState, httpStateOf } from './http-state.ts';
import { emitRequest } from './measure.ts';
import { isRedirect, isSameSite } from './redirect-rules.ts';
import type { EncodedBody } from './request-body.ts';
import { givenHeader, type RequestSettings } from './request-settings.ts';
import { endHttpSpan } from './request-span.ts';
import { NO_COOKIES, type ResponseState, type SentRequest } from './response-state.ts';
import { type TaggedOutcome, tagRequest } from './sample-tags.ts';

/** What https offers to speak, best first. */
const HTTP_PROTOCOLS = ['h2', 'http/1.1'] as const;

/** A call of one of the request functions with its arguments read. */
export interface CallArguments {
  method: string;
  plan: RequestPlan;
  /** From http.url`…`. */
  name: string | null;
  body: EncodedBody | null;
  settings: RequestSettings;
}

/** Told what a call comes to; `failure` is set when it did not get a response. */
export interface CallListener {
  onDone(state: ResponseState, failure: WireError | null): void;
}

/** One call, from its arguments to its response: every redirect and every answer to a challenge is a request of its own. */
export class HttpCall implements RequestOptions, ResultListener {
  /** What is left of the call's time. */
  timeoutMs: number;
  askedAt = 0;
  readonly readBody: boolean;
  readonly leavesAtOnce: boolean;
  tls: TlsParams | null = null;
  readonly #client: HttpClient;
  readonly #state: HttpState;
  readonly #arguments: CallArguments;
  readonly #listener: CallListener;
  /** As they were when the script called. */
  readonly #baseTags: TagSet;
  readonly #epoch: number;
  #began = 0;
  #debugId = 0;
  readonly #redirectsLeft: number;

  #method: string;
  #plan: RequestPlan;
  #url: RequestUrl;
  #body: Uint8Array | string | null = null;
  #contentHeaders: HeaderList | null = null;
  #firstRequest: HttpRequest | null = null;
  /** Of this hop. */
  #request: HttpRequest | null = null;
  #sentCookies: SentRequest['cookies'] = NO_COOKIES;
  #hops = 0;
  #crossed = false;
  /** A redirect made a GET of it, which has no content. */
  #contentDropped = false;
  /** Set once the listener has been told. */
  #over = false;
  #unpacking: Unpacking | null = null;
  /** The request that is on its way. */
  #inFlight: InFlight | null = null;
  /** Host as the script gave it; it holds until a redirect names another host. */
  #host: string | null;
  #referer: string | null = null;
  #challenge: 'none' | 'asking' | 'answering' = 'none';
  #authorization: string | null = null;
  /** What the server calls NTLM, once it has been agreed on. */
  #scheme: string | null = null;
  readonly #trace: IterationTrace | null;
  /** Of this hop; null: no trace, or the script gave a context of its own. */
  #span: RequestSpan | null = null;

  /** @param leavesAtOnce the script does not wait for it, and may go on computing */
  constructor(client: HttpClient, vu: VirtualUser, call: CallArguments, listener: CallListener, leavesAtOnce = false) {
    const { settings } = call;
    this.#client = client;
    this.#state = httpStateOf(client, vu);
    this.#arguments = call;
    this.#listener = listener;
    this.#baseTags = vu.tags;
    this.#trace = vu.trace;
    this.timeoutMs = settings.timeoutMs;
    this.leavesAtOnce = leavesAtOnce;
    this.readBody = settings.responseType !== 'none';
    this.#redirectsLeft = settings.redirects ?? client.environment.options.maxRedirects;
    this.#method = call.method;
    this.#plan = call.plan;
    this.#url = call.plan.url;
    this.#host = settings.host;
    if (call.body !== null) this.#takeBody(call.body);
    if (settings.challenge !== null && this.#url.credentials !== null) this.#challenge = 'asking';
    this.#state.watchInterrupt();
    this.#epoch = this.#state.epoch;
  }

  start(): void {
    const { limiter } = this.#client;
    if (limiter === null) this.#trySend();
    else limiter.wait(() => this.#trySend());
  }

  /** Gives the call up, wherever it is; the listener is told that failure, unless it knows the outcome already. */
  cancel(failure: WireError): void {
    if (this.#over) return;
    if (this.#unpacking !== null) {
      this.#unpacking.cancel();
      this.#forgetUnpacking();
    }
    this.#inFlight?.cancel(failure);
    if (!this.#over) this.#fail(failure);
  }

  #trySend(): void {
    try {
      this.#send();
    } catch (error) {
      this.#failUnexpectedly(error);
    }
  }

  /** An exception of ours, in whatever event: the request fails, with a code that says so, and the test goes on. */
  #failUnexpectedly(thrown: unknown): void {
    const failure = unexpectedFailure(thrown);
    if (this.#over) {
      reportStrayFailure(failure);
      return;
    }
    try {
      this.#fail(failure);
    } catch (error) {
      reportStrayFailure(error);
      if (!this.#over) this.#conclude(this.#failedState(failure, NO_TIMINGS), failure);
    }
  }

  #takeBody(body: EncodedBody): void {
    const { compression, headers } = this.#arguments.settings;
    this.#body = body.data;
    if (body.contentType !== null && givenHeader(headers, 'Content-Type') === undefined)
      (this.#contentHeaders ??= []).push(['Content-Type', body.contentType]);
    if (compression !== null) {
      this.#body = packBody(typeof body.data === 'string' ? Buffer.from(body.data) : body.data, compression);
      const text = compression.join(', ');
      const given = givenHeader(headers, 'Content-Encoding');
      if (given === undefined) (this.#contentHeaders ??= []).push(['Content-Encoding', text]);
      else if (given !== text)
        this.#warn(`the Content-Encoding header "${given}" does not say what compression "${text}" made of the body`);
    }
  }

  #warn(message: string): void {
    this.#client.environment.logger.log('warning', message);
  }

  #send(): void {
    if (this.#over || this.#epoch !== this.#state.epoch) return;
    if (this.#trace !== null) this.#span = this.#beginSpan(this.#trace);
    const request = this.#compose();
    this.#request = request;
    this.#firstRequest ??= request;
    const { settings } = this.#arguments;
    if (settings.timeoutMs === 0) {
      this.#fail(new WireError(1050, 'request timeout'));
      return;
    }
    this.askedAt = performance.now();
    if (this.#began === 0) this.#began = this.askedAt;
    else this.timeoutMs = Math.max(1, this.#began + settings.timeoutMs - this.askedAt);
    this.tls =
      request.scheme === 'https' ? this.#client.environment.network.tlsFor(request.host, HTTP_PROTOCOLS) : null;
    if (this.#client.debug !== null) this.#debugId = this.#client.debug.logRequest(this.#state.vu, request);
    this.#inFlight = this.#state.connections.start(request, this, this);
  }

  /** The request of this hop. Whatever adds nothing to the plan's plain request is that very object. */
  #compose(): HttpRequest {
    const { settings } = this.#arguments;
    const jar = settings.jar ?? this.#state.jar;
    const url = this.#url;
    const jarCookies = jar === null ? null : jar.cookiesFor(url);
    const plain =
      this.#body === null &&
      settings.headers === null &&
      this.#host === null &&
      settings.cookies === null &&
      (jarCookies === null || jarCookies.length === 0) &&
      url.credentials === null &&
      this.#referer === null &&
      this.#span === null;
    if (plain) return this.#client.plainRequest(this.#plan, this.#method);
    return this.#composeFull(jarCookies);
  }

  #composeFull(jarCookies: readonly { name: string; value: string }[] | null): HttpRequest {
    const { settings } = this.#arguments;
    const { userAgent, noConnectionReuse } = this.#client.environment.options;
    const url = this.#url;
    const own = settings.headers;
    const headers: HeaderList = [['Host', this.#host ?? url.authority]];
    if (userAgent !== '' && givenHeader(own, 'User-Agent') === undefined) headers.push(['User-Agent', userAgent]);
    const body = this.#body;
    if (body !== null)
      headers.push(['Content-Length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length)]);
    else if (this.#method === 'POST' || this.#method === 'PUT' || this.#method === 'PATCH')
      headers.push(['Content-Length', '0']);
    if (own !== null) {
      for (const header of own) {
        const name = header[0];
        if (name === 'User-Agent' && header[1] === '') continue;
        // A redirect to another host must not carry away what was meant for the first.
        if (this.#crossed && (name === 'Authorization' || name === 'Cookie' || name === 'Www-Authenticate')) continue;
        if (this.#contentDropped && name.startsWith('Content-')) continue;
        if (name === 'Cookie') continue;
        headers.push(header);
      }
    }
    if (body !== null && this.#contentHeaders !== null) headers.push(...this.#contentHeaders);
    const authorization = this.#authorizationFor(url);
    if (authorization !== null && givenHeader(own, 'Authorization') === undefined)
      headers.push(['Authorization', authorization]);
    if (this.#referer !== null && givenHeader(own, 'Referer') === undefined) headers.push(['Referer', this.#referer]);
    const cookie = this.#composeCookies(jarCookies, givenHeader(own, 'Cookie'));
    if (cookie !== '') headers.push(['Cookie', cookie]);
    if (this.#span !== null) headers.push([this.#trace!.header, this.#span.text]);
    if (noConnectionReuse) headers.push(['Connection', 'close']);
    const { scheme, host, port, path } = url;
    return { method: this.#method, scheme, host, port, path, headers, body, proxy: this.#plan.proxy };
  }

  #beginSpan(trace: IterationTrace): RequestSpan | null {
    if (givenHeader(this.#arguments.settings.headers, trace.header) !== undefined) return null;
    return trace.request(this.#client.environment.now());
  }

  #authorizationFor(url: RequestUrl): string | null {
    if (this.#arguments.settings.challenge !== null) return this.#authorization;
    if (url.credentials === null) return null;
    return basicAuthorization(url.credentials);
  }

  #composeCookies(jarCookies: readonly { name: string; value: string }[] | null, header: string | undefined): string {
    const params = this.#arguments.settings.cookies ?? [];
    if (params.length === 0 && jarCookies === null) return this.#hops === 0 ? (header ?? '') : '';
    const sent = params.map((cookie) => ({ ...cookie }));
    for (const { name, value } of jarCookies ?? []) {
      if (!params.some((cookie) => cookie.replace && cookie.name === name)) sent.push({ name, value, replace: false });
    }
    if (this.#hops === 0) this.#sentCookies = sent;
    const pairs = sent.map(({ name, value }) => `${name.replaceAll(/[\r\n]/g, '-')}=${writeCookieValue(value)}`);
    if (header !== undefined && this.#hops === 0) pairs.unshift(header);
    return pairs.join('; ');
  }

  onResult(error: WireError | null, response: HttpResponse | null): void {
    try {
      if (response === null) this.#fail(error as WireError);
      else this.#receive(response);
    } catch (thrown) {
      this.#failUnexpectedly(thrown);
    }
  }

  #receive(response: HttpResponse): void {
    if (response.status === 101) {
      const failure = new WireError(1000, 'unsupported response status: 101 Switching Protocols');
      this.#fail(failure, response.timings, response);
      return;
    }
    if (response.received.setsCookies) {
      (this.#arguments.settings.jar ?? this.#state.openJar()).store(this.#url, response.values('set-cookie'));
    }
    if (response.body !== null && response.body.length > 0 && response.received.isCoded) {
      this.#unpack(response, response.body);
    } else this.#proceed(response, response.body);
  }

  /** Undoes the body's codings, within the call's time. */
  #unpack(response: HttpResponse, packed: Buffer): void {
    let timer: TimerHandle | null = null;
    const coding = response.values('content-encoding').join(',');
    const unpacking = unpackBody(packed, coding, this.#client.bodies, (error, body) => {
      if (timer !== null) timerWheel.cancel(timer);
      this.#forgetUnpacking();
      try {
        if (error === null) this.#proceed(response, body);
        else this.#fail(error, response.timings, response);
      } catch (thrown) {
        this.#failUnexpectedly(thrown);
      }
    });
    if (unpacking === null) return;
    this.#unpacking = unpacking;
    this.#state.watchUnpacking(unpacking);
    const leftMs = this.#began + this.#arguments.settings.timeoutMs - performance.now();
    timer = timerWheel.schedule(leftMs, () => {
      unpacking.cancel();
      this.#forgetUnpacking();
      this.#fail(new WireError(1050, 'request timeout'), response.timings, response);
    });
  }

  #forgetUnpacking(): void {
    if (this.#unpacking !== null) this.#state.forgetUnpacking(this.#unpacking);
    this.#unpacking = null;
  }

  /** Measures the response, and either follows where it points or hands it over. */
  #proceed(response: HttpResponse, body: Buffer | null): void {
    if (this.#epoch !== this.#state.epoch) return;
    this.#client.debug?.logResponse(this.#state.vu, response, body, this.#debugId);
    const { status } = response;
    const location = isRedirect(status) ? (response.values('location')[0] ?? '') : '';
    let next: RequestUrl | UrlError | null = null;
    if (location !== '') {
      try {
        next = resolveLocation(this.#url, location);
      } catch (error) {
        next = error as UrlError;
        // Where it points cannot even be read: this response is the failure, and no request follows.
        if (next.invalid) {
          this.#fail(
            new WireError(1000, `failed to parse Location header ${JSON.stringify(maskCredentials(location))}`, {
              kind: 'failed to parse Location header',
            }),
            response.timings,
            response,
          );
          return;
        }
      }
    }
    const errorCode = status < 400 ? 0 : status > 599 ? 1500 : 1000 + status;
    this.#emit(
      response.timings,
      status,
      response.proto,
      response.tls === null ? '' : response.tls.version,
      errorCode,
      '',
      response.remoteIp,
    );
    if (errorCode !== 0 && this.#challenge !== 'asking')
      this.#keep({ code: errorCode, message: '', kind: '' }, response.timings, response, body);
    if (this.#challenge === 'asking' && this.#answer(response)) return;
    if (next !== null && this.#follow(status, location, next)) return;
    const { responseType } = this.#arguments.settings;
    // HEAD is an empty body, the statuses without one are none at all.
    const bytes = responseType === 'none' ? null : response.bodiless ? (this.#method === 'HEAD' ? EMPTY : null) : body;
    this.#conclude(
      {
        wire: response,
        bytes,
        responseType,
        url: this.#shownUrl(),
        timings: response.timings,
        error: '',
        errorCode,
        sent: this,
        made: null,
        parsed: null,
      },
      null,
    );
  }

  /** Sends the request again with the answer to a challenge. k6 always makes two requests; a second without a challenge too. */
  #answer(response: HttpResponse): boolean {
    const credentials = this.#url.credentials;
    if (response.status !== 401 || credentials === null) {
      this.#challenge = 'none';
      return false;
    }
    const challenges = response.values('www-authenticate');
    if (this.#arguments.settings.challenge === 'ntlm') {
      this.#authorization = this.#answerNtlm(response.proto, challenges, credentials);
    } else {
      this.#challenge = 'answering';
      const asked = { method: this.#method, path: this.#url.path, body: this.#body };
      this.#authorization = answerChallenge(challenges, asked, credentials);
    }
    if (this.#authorization === null) return false;
    this.#send();
    return true;
  }

  /**
   * The next of NTLM's messages. It logs in the connection, which is the first that is taken again: it was put back just now. HTTP/2
   * has no such connections.
   */
  #answerNtlm(
    proto: string,
    challenges: readonly string[],
    credentials: { user: string; password: string },
  ): string | null {
    const ntlm = loadNtlm();
    if (this.#scheme === null && proto.startsWith('HTTP/1')) {
      this.#scheme = ntlm.findScheme(challenges);
      if (this.#scheme !== null) return ntlm.negotiate(this.#scheme);
    }
    this.#challenge = 'answering';
    if (this.#scheme === null) return null;
    return ntlm.authenticate(challenges, this.#scheme, credentials, this.#client.environment.now());
  }

  /** Goes on to where a redirect points, unless there have been enough. */
  #follow(status: number, location: string, next: RequestUrl | UrlError): boolean {
    const { options } = this.#client.environment;
    if (this.#hops >= this.#redirectsLeft) {
      if (this.#arguments.settings.redirects === null && !options.maxRedirectsSet) {
        this.#warn(
          `stopped after ${this.#redirectsLeft} redirects and returned the last one; raise the limit with the option maxRedirects or the param redirects (url: ${this.#url.masked})`,
        );
      }
      return false;
    }
    this.#hops++;
    this.#challenge = 'none';
    if (this.#arguments.settings.challenge === 'ntlm') this.#authorization = null;
    if (status !== 307 && status !== 308 && this.#method !== 'HEAD') this.#method = 'GET';
    if (next instanceof UrlError) {
      const masked = maskCredentials(location);
      this.#url = { ...this.#url, text: masked, masked };
      this.#fail(new WireError(1000, next.message));
      return true;
    }
    if (/^([a-z][a-z0-9+.-]*:)?\/\//i.test(location)) this.#host = null;
    if (this.#url.scheme === 'http' || next.scheme === 'https') this.#referer = withoutCredentials(this.#url);
    if (!isSameSite(this.#arguments.plan.url.host, next.host)) this.#crossed = true;
    if (status !== 307 && status !== 308) {
      this.#body = null;
      this.#contentHeaders = null;
      this.#contentDropped = true;
    }
    this.#plan = this.#client.plan(this.#method, next.text);
    this.#url = this.#plan.url;
    this.#send();
    return true;
  }

  /** Digest and NTLM keep the credentials out of the URL, in tags and in the response alike, as k6 does. */
  #shownUrl(): string {
    return this.#arguments.settings.challenge !== null ? withoutCredentials(this.#url) : this.#url.text;
  }

  #conclude(state: ResponseState, failure: WireError | null): void {
    this.#over = true;
    this.#listener.onDone(state, failure);
  }

  #fail(error: WireError, timings: Timings | null = null, response: HttpResponse | null = null): void {
    if (this.#over || this.#epoch !== this.#state.epoch) return;
    const measured = timings ?? error.timings ?? NO_TIMINGS;
    this.#emit(measured, 0, '', '', error.code, error.kind, error.remoteIp);
    this.#keep(error, measured, response, null);
    this.#conclude(this.#failedState(error, measured), error);
  }

  #keep(error: FailureReason, timings: Readonly<Timings>, response: HttpResponse | null, body: Buffer | null): void {
    noteFailure(this.#client.environment, 'http', error, () =>
      describeExchange({
        vu: this.#state.vu,
        name: this.#arguments.name,
        url: this.#url.masked,
        timings,
        request: this.#request,
        content: this.#contentDropped ? null : (this.#arguments.body?.data ?? null),
        response,
        body,
        peer: response ?? error,
      }),
    );
  }

  #failedState(error: WireError, timings: Readonly<Timings>): ResponseState {
    return {
      wire: null,
      bytes: null,
      responseType: this.#arguments.settings.responseType,
      url: this.#shownUrl(),
      timings,
      error: error.message,
      errorCode: error.code,
      sent: this,
      made: null,
      parsed: null,
    };
  }

  #emit(
    timings: Readonly<Timings>,
    status: number,
    proto: string,
    tlsVersion: string,
    errorCode: number,
    error: string,
    ip: string,
  ): void {
    const { settings, name } = this.#arguments;
    const { mask } = this.#client;
    let callback: StatusSet | null =
      settings.expected === undefined ? this.#state.callback.statuses : settings.expected;
    const isAsking = this.#challenge === 'asking';
    if (callback !== null && isAsking && settings.challenge === 'digest') callback = CHALLENGE_EXPECTED;
    // A connection that is logged in is not asked again.
    const expected = callback === null ? null : callback.has(status) || (isAsking && status === 401);
    const outcome: TaggedOutcome = {
      method: this.#method,
      url: settings.challenge !== null ? withoutCredentials(this.#url) : this.#url.masked,
      name,
      status,
      proto,
      tlsVersion,
      errorCode,
      error,
      expected,
      ip,
    };
    let tags: TagSet | null = null;
    const cachable = !mask.ip && settings.challenge === null;
    const { lastTags } = this.#plan;
    if (cachable) tags = lastTags.find(this.#baseTags, settings.tags, outcome);
    if (tags === null) {
      tags = tagRequest(this.#baseTags, settings.tags, outcome, mask);
      if (cachable) lastTags.keep(this.#baseTags, settings.tags, outcome, tags);
    }
    emitRequest(this.#client.environment, tags, timings, expected);
    if (this.#span?.isSampled) {
      const hop = { name: tags.get('name') ?? '', url: this.#url, hops: this.#hops };
      endHttpSpan(this.#span, this.#client.environment.now(), outcome, hop);
      this.#span = null; // A redirect to what is no address fails behind this: no second span has its id.
    }
  }

  describeSent(): SentRequest {
    return {
      method: this.#arguments.method,
      url: this.#arguments.plan.url.text,
      headers: (this.#firstRequest?.headers ?? [])
        .filter(
          ([name]) =>
            (name !== 'Host' || this.#arguments.settings.host !== null) &&
            name !== 'Content-Length' &&
            name !== 'Connection',
        )
        .map(([name, value]) => [canonicalName(name), value]),
      body: this.#arguments.body?.shown ?? '',
      cookies: this.#sentCookies,
    };
  }
}

const EMPTY = Buffer.alloc(0);

type Ntlm = typeof import('./ntlm-auth.ts');

/** Few scripts need it. */
function loadNtlm(): Ntlm {
  return createRequire(import.meta.url)(fileURLToPath(new URL('./ntlm-auth.ts', import.meta.url))) as Ntlm;
}

function withoutCredentials(url: RequestUrl): string {
  return url.credentials === null ? url.text : url.masked.replace('****:****@', '');
}

/** Go's rule: what a cookie value cannot hold is left out, and one with a space or comma is quoted. */
function writeCookieValue(value: string): string {
  const valid = value.replace(/[^ !#-:<-[\]-~]/g, '');
  return /[ ,]/.test(valid) ? `"${valid}"` : valid;
}
