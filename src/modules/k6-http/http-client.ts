import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { parseRequestUrl, type RequestUrl } from '../../wire/http/request-url.ts';
import type { HttpRequest } from '../../wire/http1/exchange.ts';
import { writeHead } from '../../wire/http1/request-writer.ts';
import { BodyBudget } from '../../wire/net/body-budget.ts';
import type { ProxyRoute } from '../../wire/net/proxy.ts';
import { NO_TIMINGS } from '../../wire/net/timings.ts';
import { HttpDebug } from './http-debug.ts';
import { emitRequest } from './measure.ts';
import { RateLimiter } from './rate-limiter.ts';
import { defaultSettings, type RequestSettings } from './request-settings.ts';
import { callbackOf } from './response-callback.ts';
import { LastTags, readTagMask, type TagMask, tagRequest } from './sample-tags.ts';

/** Everything about a method and a URL that is the same for each request to it. */
export interface RequestPlan {
  readonly url: RequestUrl;
  /** What it goes through; null: straight to the host. */
  readonly proxy: ProxyRoute | null;
  readonly lastTags: LastTags;
  /** The request that a call without params and body sends when there are no cookies; made when first needed. */
  plain: HttpRequest | null;
}

/** Scripts that put an id into each URL must not fill the memory with plans. */
const MAX_PLANS = 5000;

/** What the http module keeps for all virtual users of a worker. Made at the first request, when options are final. */
export class HttpClient {
  readonly environment: VuEnvironment;
  readonly defaults: RequestSettings;
  readonly mask: TagMask;
  readonly limiter: RateLimiter | null;
  readonly debug: HttpDebug | null;
  readonly bodies: BodyBudget;
  readonly #plans = new Map<string, Map<string, RequestPlan>>();

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
      const parsed = parseRequestUrl(url);
      const proxy = this.environment.network.proxyFor(parsed.scheme, parsed.host, parsed.port);
      plan = { url: parsed, proxy, lastTags: new LastTags(), plain: null };
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
      plan.plain = {
        method,
        scheme: url.scheme,
        host: url.host,
        port: url.port,
        path: url.path,
        headers,
        body: null,
        proxy: plan.proxy,
      };
      try {
        plan.plain.http1Head = writeHead(plan.plain);
      } catch {
        // It cannot be sent; sending it says why.
      }
    }
    return plan.plain;
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
}

const clients = new WeakMap<VuEnvironment, HttpClient>();

/** The one of a load worker. */
export function httpClientOf(environment: VuEnvironment): HttpClient {
  let client = clients.get(environment);
  if (client === undefined) clients.set(environment, (client = new HttpClient(environment)));
  return client;
}
