import type { VuEnvironment } from '../../vu/environment.ts';
import { tlsSettingsFor } from '../../vu/tls-settings.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { CookieJar } from '../../wire/http/cookie-jar.ts';
import { parseRequestUrl, type RequestUrl } from '../../wire/http/request-url.ts';
import type { HttpRequest } from '../../wire/http1/exchange.ts';
import { writeHead } from '../../wire/http1/request-writer.ts';
import { BodyBudget } from '../../wire/net/body-budget.ts';
import type { TlsParams } from '../../wire/net/tls-params.ts';
import { HttpConnections } from '../../wire/pool/http-connections.ts';
import type { Unpacking } from './content-coding.ts';
import { DEFAULT_EXPECTED, type StatusSet } from './expected-statuses.ts';
import { HttpDebug } from './http-debug.ts';
import { emitRequest, NO_TIMINGS } from './measure.ts';
import { RateLimiter } from './rate-limiter.ts';
import { defaultSettings, type RequestSettings } from './request-settings.ts';
import { LastTags, readTagMask, type TagMask, tagRequest } from './sample-tags.ts';

/** Everything about a method and a URL that is the same for each request to it. */
export interface RequestPlan {
  readonly url: RequestUrl;
  readonly lastTags: LastTags;
  /** The request that a call without params and body sends when there are no cookies; made when first needed. */
  plain: HttpRequest | null;
}

/** Scripts that put an id into each URL must not fill the memory with plans. */
const MAX_PLANS = 5000;

/** What the http module keeps for all virtual users of a worker. Made at the first request, when options are final. */
export class HttpWorker {
  readonly environment: VuEnvironment;
  readonly defaults: RequestSettings;
  readonly mask: TagMask;
  readonly limiter: RateLimiter | null;
  readonly debug: HttpDebug | null;
  readonly bodies: BodyBudget;
  readonly #plans = new Map<string, Map<string, RequestPlan>>();
  readonly #tls = new Map<string, TlsParams>();

  constructor(environment: VuEnvironment) {
    const { options } = environment;
    this.environment = environment;
    this.defaults = defaultSettings(options);
    this.mask = readTagMask(options.systemTags);
    this.debug = options.httpDebug === null ? null : new HttpDebug(environment, options.httpDebug);
    const { counts } = environment;
    this.bodies = new BodyBudget(options.maxResponseBytes, counts.changeBodyBytes?.bind(counts));
    this.limiter = options.rps > 0 ? new RateLimiter(options.rps, counts.reserveTurn?.bind(counts)) : null;
  }

  /** @throws UrlError */
  plan(method: string, url: string): RequestPlan {
    let plans = this.#plans.get(method);
    if (plans === undefined) this.#plans.set(method, (plans = new Map()));
    let plan = plans.get(url);
    if (plan === undefined) {
      plan = { url: parseRequestUrl(url), lastTags: new LastTags(), plain: null };
      if (plans.size >= MAX_PLANS) plans.clear();
      plans.set(url, plan);
    }
    return plan;
  }

  /** The request of a call that adds nothing; its head is written once. */
  plainRequest(plan: RequestPlan, method: string): HttpRequest {
    if (plan.plain === null) {
      const { url } = plan;
      const headers: [string, string][] = [['Host', url.authority]];
      const { userAgent, noConnectionReuse } = this.environment.options;
      if (userAgent !== '') headers.push(['User-Agent', userAgent]);
      if (method === 'POST' || method === 'PUT' || method === 'PATCH') headers.push(['Content-Length', '0']);
      if (noConnectionReuse) headers.push(['Connection', 'close']);
      plan.plain = { method, scheme: url.scheme, host: url.host, port: url.port, path: url.path, headers, body: null };
      try {
        plan.plain.http1Head = writeHead(plan.plain);
      } catch {
        // It cannot be sent; sending it says why.
      }
    }
    return plan.plain;
  }

  /** What to dial https with; one object for each host, so that comparing it is cheap. */
  tlsFor(host: string): TlsParams {
    let params = this.#tls.get(host);
    if (params === undefined) {
      params = { alpn: ['h2', 'http/1.1'], ...tlsSettingsFor(this.environment.options, host) };
      this.#tls.set(host, params);
    }
    return params;
  }

  /** The samples of a request that could not be sent at all, though it counts as one. */
  measureUnsendable(
    vu: VirtualUser,
    settings: RequestSettings,
    request: { method: string; url: string; error: string },
  ): void {
    const callback = settings.expected === undefined ? callbackOf(vu).statuses : settings.expected;
    const expected = callback === null ? null : false;
    const outcome = { ...request, name: null, status: 0, proto: '', tlsVersion: '', errorCode: 1000, expected, ip: '' };
    emitRequest(this.environment, tagRequest(vu.tags, settings.tags, outcome, this.mask), NO_TIMINGS, expected);
  }

  stateOf(vu: VirtualUser): HttpState {
    return vu.state(STATE, () => new HttpState(this, vu));
  }
}

const workers = new WeakMap<VuEnvironment, HttpWorker>();

/** The one of a load worker. */
export function httpWorkerOf(environment: VuEnvironment): HttpWorker {
  let worker = workers.get(environment);
  if (worker === undefined) workers.set(environment, (worker = new HttpWorker(environment)));
  return worker;
}

const STATE = Symbol('k6/http');
const CALLBACK = Symbol('k6/http callback');

/** What `setResponseCallback` has set; it may be called in init code, when there is no {@link HttpState} yet. */
export interface ResponseCallback {
  statuses: StatusSet | null;
}

/** The response callback of a virtual user; until it sets one, statuses from 200 to 399 count as expected. */
export function callbackOf(vu: VirtualUser): ResponseCallback {
  return vu.state(CALLBACK, () => ({ statuses: DEFAULT_EXPECTED }));
}

/** What the http module keeps for one virtual user. Small: most of it is made when first used. */
export class HttpState {
  readonly connections: HttpConnections;
  readonly callback: ResponseCallback;
  /** Null until the first cookie. */
  jar: CookieJar | null = null;
  /** Bodies that are being unpacked. */
  readonly unpackings = new Set<Unpacking>();
  readonly vu: VirtualUser;
  readonly #keepCookies: boolean;
  #hooked = false;
  /** Counts interruptions: a call that began before one must do nothing more. */
  epoch = 0;

  constructor(worker: HttpWorker, vu: VirtualUser) {
    const { options, dialer } = worker.environment;
    this.vu = vu;
    this.callback = callbackOf(vu);
    this.#keepCookies = options.noCookiesReset;
    this.connections = new HttpConnections({
      dialer,
      meter: vu.meter,
      bodies: worker.bodies,
      maxIdlePerHost: Math.max(1, options.batchPerHost),
      noReuse: options.noConnectionReuse,
      ...(options.localIPs.length === 0 ? {} : { localAddressIndex: Math.max(0, vu.idInTest - 1) }),
    });
    if (options.noVUConnectionReuse) vu.onIterationStart(() => this.connections.closeIdle());
    vu.onDispose(() => this.connections.close());
  }

  /** The active jar; made, and from then on emptied before each iteration, when a script or a server first uses it. */
  openJar(): CookieJar {
    if (this.jar === null) {
      this.jar = new CookieJar();
      if (!this.#keepCookies && !this.#resets) {
        this.#resets = true;
        this.vu.onIterationStart(() => {
          this.jar = null;
        });
      }
    }
    return this.jar;
  }
  #resets = false;

  /** Makes sure that requests in flight are cut off when the iteration is interrupted. */
  watchInterrupt(): void {
    if (this.#hooked) return;
    this.#hooked = true;
    this.vu.onInterrupt(() => {
      this.#hooked = false;
      this.epoch++;
      this.connections.abandonActive();
      for (const unpacking of this.unpackings) unpacking.cancel();
      this.unpackings.clear();
    });
  }
}
