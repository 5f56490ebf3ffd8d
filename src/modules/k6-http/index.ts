// k6/http: requests of HTTP/1.1 and HTTP/2 (k6 page "k6/http").

import { adviseOnTransport } from '../../codes/advise-on-transport.ts';
import type { Realm } from '../../script/realm-interface.ts';
import { box, DirectSuspension, Suspension } from '../../script/runtime/suspension.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { copyList } from '../../vu/script-list.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { maskCredentials, suggestUrl, UrlError } from '../../wire/http/request-url.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { type BatchItem, runBatch } from './batch.ts';
import { CONSTANTS } from './constants.ts';
import { type CallArguments, type CallListener, HttpCall } from './http-call.ts';
import { callbackOf, type HttpWorker, httpWorkerOf } from './http-worker.ts';
import { createPageMethods } from './page-methods.ts';
import { encodeBody } from './request-body.ts';
import { readSettings, SettingsError } from './request-settings.ts';
import { createResponseClass, type ResponseFactory } from './response-class.ts';
import type { ResponseState } from './response-state.ts';
import { type ScriptObjects, scriptObjectsOf } from './script-objects.ts';

/** Told what a call comes to: a response, and the failure that a script with `throw` gets instead of it. */
interface Outcome {
  settle(response: object, failure: string | null): void;
  /** Called before: no request came about, since the arguments cannot be used. */
  onUnmade?(): void;
}

/** Starts calls and turns what they come to into what scripts get. */
class Requests {
  readonly environment: VuEnvironment;
  readonly realm: Realm;
  readonly objects: ScriptObjects;
  readonly #respond: ResponseFactory;
  #worker: HttpWorker | null = null;

  constructor(environment: VuEnvironment) {
    this.environment = environment;
    this.realm = environment.realm;
    this.objects = scriptObjectsOf(environment);
    this.#respond = createResponseClass(
      environment,
      createPageMethods(environment, (method, url, body, params) => this.request(method, url, body, params)),
    );
  }

  get worker(): HttpWorker {
    this.#worker ??= httpWorkerOf(this.environment);
    return this.#worker;
  }

  /** The virtual user that is calling. */
  caller(): VirtualUser {
    const vu = this.realm.vu as VirtualUser;
    if (vu.phase === 'init') vu.forbidInit('making http requests');
    return vu;
  }

  /** Reads the arguments of a call; what is wrong with them settles it at once. */
  read(method: string, url: unknown, body: unknown, params: unknown, outcome: Outcome): CallArguments | null {
    const { worker, objects } = this;
    let throws = worker.defaults.throws;
    try {
      const settings = readSettings(params, worker.defaults, objects, this.#warn);
      throws = settings.throws;
      const encoded = encodeBody(body, objects.isFile, this.#warn);
      if (typeof url === 'string')
        return { method, plan: worker.plan(method, url), name: null, body: encoded, settings };
      const named = objects.readUrl(url);
      return { method, plan: worker.plan(method, named.url), name: named.name, body: encoded, settings };
    } catch (error) {
      if (error instanceof SettingsError) throws = error.throws;
      if (error instanceof UrlError && !error.invalid) {
        this.#settleUnsendable(method, String(objects.readUrl(url).url), params, error, throws, outcome);
      } else if (error instanceof UrlError) this.#settleUnmade(1020, error.message, throws, outcome);
      else if (error instanceof TypeError) this.#settleUnmade(1000, error.message, throws, outcome);
      else throw error;
      return null;
    }
  }

  /** A request that never came about: a response without a request, and no samples. */
  #settleUnmade(code: number, message: string, throws: boolean, outcome: Outcome): void {
    if (!throws) this.#warnOfUnsent(message);
    outcome.onUnmade?.();
    outcome.settle(this.#respond(failedState('', message, code, null)), throws ? message : null);
  }

  /** A URL that can be read but not requested (`ftp:`) fails as a request: it is counted. */
  #settleUnsendable(
    method: string,
    url: string,
    params: unknown,
    error: UrlError,
    throws: boolean,
    outcome: Outcome,
  ): void {
    const { worker } = this;
    const masked = maskCredentials(url);
    const settings = readSettings(params, worker.defaults, this.objects, () => {});
    const vu = this.caller();
    worker.measureUnsendable(vu, settings, { method, url: masked, error: error.message });
    const sent = { method, url: masked, headers: [], body: '', cookies: [] };
    const message = `${method} ${JSON.stringify(masked)}: ${error.message}${suggestUrl(url)}`;
    if (!throws) this.#warnOfUnsent(message);
    outcome.settle(
      this.#respond(failedState(masked, error.message, 1000, { describeSent: () => sent })),
      throws ? message : null,
    );
  }

  /** The mistake is in the script: the warning says where. */
  #warnOfUnsent(error: string): void {
    const [, at] = /^\s+at (?:.*\()?(\S+:\d+:\d+)\)?/m.exec(this.realm.error('Error', '').stack ?? '') ?? [];
    this.environment.logger.log('warning', 'Request Failed', at === undefined ? { error } : { error, at });
  }

  readonly #warn = (message: string): void => this.environment.logger.log('warning', message);

  /** Runs a call of `vu`. */
  start(vu: VirtualUser, call: CallArguments, outcome: Outcome): void {
    new HttpCall(this.worker, vu, call, {
      onDone: (state, failure) => this.conclude(call, state, failure, outcome),
    }).start();
  }

  conclude(call: CallArguments, state: ResponseState, failure: WireError | null, outcome: Outcome): void {
    outcome.settle(this.#respond(state), failure === null ? null : this.#judge(call, failure));
  }

  /** What a script with `throw` is thrown; without, a warning says it. */
  #judge(call: CallArguments, failure: WireError): string | null {
    const { masked, scheme } = call.plan.url;
    const advice = adviseOnTransport(failure.code, scheme === 'https', 'http');
    const message = `${call.method} ${JSON.stringify(masked)}: ${failure.message}${advice}`;
    if (call.settings.throws) return message;
    this.environment.logger.log('warning', 'Request Failed', { error: message });
    return null;
  }

  /** A blocking call. */
  request(method: string, url: unknown, body: unknown, params: unknown): unknown {
    const vu = this.caller();
    const request = new BlockingRequest(this);
    const call = this.read(method, url, body, params, request);
    if (call !== null) request.start(vu, call);
    return request.result();
  }

  requestAsync(method: string, url: unknown, body: unknown, params: unknown): Promise<unknown> {
    const vu = this.caller();
    return new Promise((resolve, reject) => {
      const outcome: Outcome = {
        settle: (response, failure) => {
          if (failure !== null) reject(this.realm.error('Error', failure));
          else resolve(box(response));
        },
      };
      const call = this.read(method, url, body, params, outcome);
      if (call !== null) this.start(vu, call, outcome);
    });
  }

  batch(args: unknown[]): unknown {
    const vu = this.caller();
    if (args.length !== 1)
      throw new TypeError(`batch() takes exactly one argument, an array or an object; it was given ${args.length}`);
    const [requests] = args;
    if (typeof requests !== 'object' || requests === null)
      throw new TypeError(`batch() takes an array or an object, not ${requests === null ? 'null' : typeof requests}`);
    const keys = Array.isArray(requests) ? null : Object.keys(requests);
    const list: unknown[] =
      keys === null ? copyList(requests as unknown[]) : keys.map((key) => (requests as Record<string, unknown>)[key]);
    const responses: (object | undefined)[] = new Array<undefined>(list.length).fill(undefined);
    let failure: string | null = null;
    let unmade = false;
    const items: BatchItem[] = [];
    for (const [index, spec] of list.entries()) {
      const settle = (response: object, failed: string | null): void => {
        responses[index] = response;
        failure ??= failed;
      };
      const { method, url, body, params } = this.#readBatchItem(spec, index);
      const onUnmade = (): void => {
        unmade = true;
      };
      const call = this.read(method, url, body, params, { settle, onUnmade });
      // As in k6: what cannot even be read ends the preparing, and what stands behind it is not sent.
      if (unmade) break;
      if (call === null) continue;
      items.push({
        host: call.plan.url.authority,
        start: (done) =>
          this.start(vu, call, {
            settle(response, failed) {
              settle(response, failed);
              done();
            },
          }),
      });
    }
    if (unmade && failure !== null) throw this.realm.error('Error', failure);
    const finish = (): unknown => {
      if (failure !== null) throw this.realm.error('Error', failure);
      return this.#collect(responses, keys);
    };
    if (items.length === 0) return finish();
    const { batch, batchPerHost } = this.environment.options;
    return new Suspension(
      new Promise((resolve, reject) => {
        runBatch(items, { total: batch, perHost: batchPerHost }, () => {
          try {
            resolve(box(finish()));
          } catch (error) {
            reject(error);
          }
        });
      }),
    );
  }

  #collect(responses: readonly (object | undefined)[], keys: readonly string[] | null): unknown {
    const { intrinsics } = this.realm;
    if (keys === null) {
      const list = new intrinsics.Array() as unknown[];
      for (const response of responses) list.push(response ?? null);
      return list;
    }
    const named = new intrinsics.Object() as Record<string, unknown>;
    keys.forEach((key, index) => {
      if (responses[index] === undefined) return;
      Object.defineProperty(named, key, {
        value: responses[index],
        enumerable: true,
        writable: true,
        configurable: true,
      });
    });
    return named;
  }

  #readBatchItem(spec: unknown, index: number): { method: string; url: unknown; body: unknown; params: unknown } {
    if (typeof spec === 'string' || this.objects.isUrl(spec))
      return { method: 'GET', url: spec, body: null, params: null };
    if (Array.isArray(spec)) {
      if (spec.length < 2)
        throw new TypeError(`invalid batch request ${index}: an array needs at least a method and a URL`);
      return { method: String(spec[0]), url: spec[1], body: spec[2], params: spec[3] };
    }
    if (typeof spec === 'object' && spec !== null) {
      const { method, url, body, params } = spec as Record<string, unknown>;
      if (url === undefined) throw new TypeError(`invalid batch request ${index}: it has no url`);
      const name = method === undefined || method === null ? 'GET' : String(method).toUpperCase();
      // GET and HEAD of the object form never had a body.
      return { method: name, url, body: name === 'GET' || name === 'HEAD' ? null : body, params };
    }
    throw new TypeError(`invalid batch request ${index}: it is neither text, an array nor an object`);
  }
}

/** One blocking call: what it waits for and what it is told are one object, since nearly all load is such calls. */
class BlockingRequest extends DirectSuspension implements CallListener, Outcome {
  readonly #requests: Requests;
  #call: CallArguments | null = null;
  #response: object | null = null;
  #failure: string | null = null;
  #suspended = false;

  constructor(requests: Requests) {
    super();
    this.#requests = requests;
  }

  start(vu: VirtualUser, call: CallArguments): void {
    this.#call = call;
    new HttpCall(this.#requests.worker, vu, call, this).start();
  }

  onDone(state: ResponseState, failure: WireError | null): void {
    this.#requests.conclude(this.#call!, state, failure, this);
  }

  settle(response: object, failure: string | null): void {
    if (!this.#suspended) {
      this.#response = response;
      this.#failure = failure;
    } else if (failure === null) this.resume(response);
    else this.fail(this.#requests.realm.error('Error', failure));
  }

  /** What the host function returns: the response when it is there already, else this. */
  result(): unknown {
    if (this.#response === null) {
      this.#suspended = true;
      return this;
    }
    if (this.#failure !== null) throw this.#requests.realm.error('Error', this.#failure);
    return this.#response;
  }
}

function failedState(url: string, error: string, errorCode: number, sent: ResponseState['sent']): ResponseState {
  return {
    wire: null,
    bytes: null,
    responseType: 'text',
    url,
    timings: null,
    error,
    errorCode,
    sent,
    made: {},
    parsed: null,
  };
}

/** Functions whose second argument is the body. */
const WITH_BODY = { post: 'POST', put: 'PUT', patch: 'PATCH', del: 'DELETE', options: 'OPTIONS' } as const;
const WITHOUT_BODY = { get: 'GET', head: 'HEAD' } as const;

export const httpModule: HostModule = {
  specifier: 'k6/http',
  create(environment) {
    const { realm } = environment;
    const requests = new Requests(environment);
    const functions: Record<string, unknown> = {};
    for (const [name, method] of Object.entries(WITHOUT_BODY)) {
      let warned = false;
      functions[name] = realm.blockingFunction(name, 2, (url: unknown, params: unknown, ...more: unknown[]) => {
        if (more.length > 0 && !warned) {
          warned = true;
          environment.logger.log(
            'warning',
            `http.${name}() takes a URL and params only; the further arguments are ignored`,
          );
        }
        return requests.request(method, url, null, params);
      });
    }
    for (const [name, method] of Object.entries(WITH_BODY)) {
      functions[name] = realm.blockingFunction(name, 3, (url: unknown, body: unknown, params: unknown) =>
        requests.request(method, url, body, params),
      );
    }
    functions['request'] = realm.blockingFunction(
      'request',
      4,
      (method: unknown, url: unknown, body: unknown, params: unknown) =>
        requests.request(String(method).toUpperCase() || 'GET', url, body, params),
    );
    functions['asyncRequest'] = realm.asyncFunction(
      'asyncRequest',
      4,
      (method: unknown, url: unknown, body: unknown, params: unknown) =>
        requests.requestAsync(String(method).toUpperCase() || 'GET', url, body, params),
    );
    functions['batch'] = realm.blockingFunction('batch', 1, (...args: unknown[]) => requests.batch(args));
    functions['cookieJar'] = realm.hostFunction('cookieJar', 0, () => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('getting the cookie jar');
      return requests.objects.showJar(requests.worker.stateOf(vu).openJar());
    });
    functions['setResponseCallback'] = realm.hostFunction('setResponseCallback', 1, (value: unknown) => {
      const statuses = value === null ? null : requests.objects.statusesOf(value);
      if (value !== null && statuses === null) {
        throw new TypeError('setResponseCallback() takes what http.expectedStatuses() returns, or null');
      }
      callbackOf(realm.vu as VirtualUser).statuses = statuses;
    });
    Object.assign(functions, requests.objects.functions, CONSTANTS);
    return () => ({ named: functions });
  },
};
