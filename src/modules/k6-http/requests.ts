// Starts calls and turns what they come to into what scripts get.
import { maskAddress } from '../../addresses/credentials.ts';
import { adviseOnTransport } from '../../codes/advise-on-transport.ts';
import type { Realm } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { type ObjectBody, readObjectBody } from '../../vu/object-bodies.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { suggestUrl, UrlError } from '../../wire/http/request-url.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { type CallArguments, type CallListener, HttpCall } from './http-call.ts';
import { type HttpClient, httpClientOf } from './http-client.ts';
import { encodeBody } from './request-body.ts';
import { readSettings, SettingsError } from './request-settings.ts';
import type { ResponseFactory } from './response-class.ts';
import type { ResponseState } from './response-state.ts';
import { type ScriptObjects, scriptObjectsOf } from './script-objects.ts';

/** Told what a call comes to: a response, and the failure that a script with `throw` gets instead of it. */
export interface Outcome {
  settle(response: object, failure: string | null): void;
  /** Called before: no request came about, since the arguments cannot be used. */
  onUnmade?(): void;
}

export class Requests {
  readonly environment: VuEnvironment;
  readonly realm: Realm;
  readonly objects: ScriptObjects;
  readonly #respond: ResponseFactory;
  #client: HttpClient | null = null;

  constructor(environment: VuEnvironment, respond: ResponseFactory) {
    this.environment = environment;
    this.realm = environment.realm;
    this.objects = scriptObjectsOf(environment);
    this.#respond = respond;
  }

  get client(): HttpClient {
    this.#client ??= httpClientOf(this.environment);
    return this.#client;
  }

  /** The virtual user that is calling. */
  caller(): VirtualUser {
    const vu = this.realm.vu as VirtualUser;
    if (vu.phase === 'init') vu.forbidInit('making http requests');
    return vu;
  }

  /** Reads the arguments of a call; what is wrong with them settles it at once. */
  read(method: string, url: unknown, body: unknown, params: unknown, outcome: Outcome): CallArguments | null {
    const { client, objects } = this;
    let throws = client.defaults.throws;
    try {
      const settings = readSettings(params, client.defaults, objects, this.#warn);
      throws = settings.throws;
      const encoded = encodeBody(body, objects.isFile, this.#warn, this.#readObject);
      if (typeof url === 'string')
        return { method, plan: client.plan(method, url), name: null, body: encoded, settings };
      const named = objects.readUrl(url);
      return { method, plan: client.plan(method, named.url), name: named.name, body: encoded, settings };
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
    const { client } = this;
    const masked = maskAddress(url);
    const settings = readSettings(params, client.defaults, this.objects, () => {});
    const vu = this.caller();
    client.measureUnsendable(vu, settings, { method, url: masked, error: error.message });
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

  // One for all calls: a closure for each adds up.
  readonly #readObject = (value: object): ObjectBody | null => readObjectBody(this.realm, value);
  readonly #warn = (message: string): void => this.environment.logger.log('warning', message);

  /**
   * Runs a call of `vu`.
   * @param leavesAtOnce as that of {@link HttpCall}
   */
  start(vu: VirtualUser, call: CallArguments, outcome: Outcome, leavesAtOnce = false): void {
    const listener: CallListener = { onDone: (state, failure) => this.conclude(call, state, failure, outcome) };
    new HttpCall(this.client, vu, call, listener, leavesAtOnce).start();
  }

  conclude(call: CallArguments, state: ResponseState, failure: WireError | null, outcome: Outcome): void {
    outcome.settle(this.#respond(state), failure === null ? null : this.#judge(call, failure));
  }

  /** What a script with `throw` is thrown; without, a warning says it. */
  #judge(call: CallArguments, failure: WireError): string | null {
    const { masked, scheme } = call.plan.url;
    const advice = adviseOnTransport(failure, scheme === 'https', 'http');
    const message = `${call.method} ${JSON.stringify(masked)}: ${failure.message}${advice}`;
    if (call.settings.throws) return message;
    this.environment.logger.log('warning', 'Request Failed', { error: message, code: String(failure.code) });
    return null;
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
    made: null,
    parsed: null,
  };
}
