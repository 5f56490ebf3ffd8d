// `Request` (https://fetch.spec.whatwg.org, section 5.4).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostImpl, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import { abortClassesOf, type SignalState } from './abort-classes.ts';
import { type BodyHolder, bodyMethods, type FetchBody, readBody } from './fetch-body.ts';
import { type HeaderFields, headersClassOf } from './headers-class.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { defineTag } from './script-methods.ts';

type Redirect = 'follow' | 'error' | 'manual';
type Credentials = 'omit' | 'same-origin' | 'include';

/** What is to be sent. */
export interface RequestState extends BodyHolder {
  readonly method: string;
  readonly url: string;
  readonly fields: HeaderFields;
  readonly body: FetchBody | null;
  readonly redirect: Redirect;
  readonly credentials: Credentials;
  readonly signal: SignalState | null;
  /** Of Sixfold, as in the params of k6/http; undefined where not given. */
  readonly tags: unknown;
  readonly timeout: unknown;
}

interface RequestClass {
  readonly constructor: RealmFunction;
  /** Reads the arguments of `fetch()` and `new Request()`. @throws TypeError for what cannot be requested */
  read(args: readonly unknown[], what: string): RequestState;
}

const REDIRECTS: readonly string[] = ['follow', 'error', 'manual'] satisfies Redirect[];
const CREDENTIALS: readonly string[] = ['omit', 'same-origin', 'include'] satisfies Credentials[];
/** Methods that are written in capitals whatever the script writes. */
const KNOWN_METHODS = /^(?:delete|get|head|options|post|put)$/i;
/** What concerns pages only, with the values that hold here. */
const FIXED = {
  cache: 'no-store',
  destination: '',
  duplex: 'half',
  integrity: '',
  isHistoryNavigation: false,
  isReloadNavigation: false,
  keepalive: false,
  mode: 'cors',
  referrer: 'about:client',
  referrerPolicy: '',
} as const;

function readMethod(given: unknown): string {
  const method = toText(given);
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method))
    throw new TypeError(`${JSON.stringify(method)} is not a method of HTTP`);
  if (/^(?:connect|trace|track)$/i.test(method)) throw new TypeError(`fetch cannot make requests of method ${method}`);
  return KNOWN_METHODS.test(method) ? method.toUpperCase() : method;
}

function readChoice<T extends string>(name: string, given: unknown, choices: readonly string[], otherwise: T): T {
  if (given === undefined) return otherwise;
  const choice = toText(given);
  if (!choices.includes(choice))
    throw new TypeError(`${name} is one of ${choices.join(', ')}, not ${JSON.stringify(choice)}`);
  return choice as T;
}

/** The class of a realm. */
export const requestClassOf: (realm: Realm) => RequestClass = oncePerRealm((realm) => {
  const states = createAttachedState<RequestState>();
  const headersOf = headersClassOf(realm);
  const aborts = abortClassesOf(realm);
  const shown = new WeakMap<RequestState, object>();
  const signals = new WeakMap<RequestState, object>();
  const own = (self: unknown): RequestState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not a Request');
    return state;
  };
  const readUrl = (given: unknown): string => {
    const text = toText(given);
    const url = URL.parse(text);
    if (url === null)
      throw new TypeError(
        `Invalid URL: ${JSON.stringify(text)}; fetch takes a whole address, such as https://test.example/path`,
      );
    return url.href;
  };
  const readSignal = (given: unknown, before: SignalState | null): SignalState | null => {
    if (given === undefined) return before;
    if (given === null) return null;
    const signal = aborts.signalOf(given);
    if (signal === null) throw new TypeError('the signal of a request must be an AbortSignal');
    return signal;
  };
  const read = (args: readonly unknown[], what: string): RequestState => {
    if (args.length === 0) throw new TypeError(`${what} requires an address or a Request`);
    const { 0: input, 1: options } = args;
    if (options !== undefined && options !== null && typeof options !== 'object')
      throw new TypeError(`the options of ${what} must be an object, not ${typeof options}`);
    const init = (options ?? {}) as Readonly<Record<string, unknown>>;
    const base = states.of(input);
    const url = base === null ? readUrl(input) : base.url;
    const { method: givenMethod, headers: givenHeaders, body: givenBody } = init;
    const method = givenMethod === undefined ? (base?.method ?? 'GET') : readMethod(givenMethod);
    const fields = givenHeaders === undefined && base !== null ? base.fields.copy() : headersOf.read(givenHeaders);
    const ownBody = readBody(realm, givenBody);
    const inherited = ownBody === null && base !== null ? base.body : null;
    const body = ownBody ?? inherited;
    if (ownBody?.type && fields.get('content-type') === null) fields.append('content-type', ownBody.type);
    if (body !== null && (method === 'GET' || method === 'HEAD'))
      throw new TypeError(`a request of method ${method} cannot have a body`);
    const { redirect, credentials, signal, tags, timeout } = init;
    const state: RequestState = {
      method,
      url,
      fields,
      body,
      isUsed: false,
      redirect: readChoice('redirect', redirect, REDIRECTS, base?.redirect ?? 'follow'),
      credentials: readChoice('credentials', credentials, CREDENTIALS, base?.credentials ?? 'same-origin'),
      signal: readSignal(signal, base?.signal ?? null),
      tags: tags ?? base?.tags,
      timeout: timeout ?? base?.timeout,
    };
    // Only now: what is refused leaves the other Request as it is.
    if (inherited !== null) {
      if (base!.isUsed) throw new TypeError('the body of the Request has been read already');
      base!.isUsed = true;
    }
    return state;
  };
  const getters: Record<string, HostImpl> = {
    headers(this: unknown) {
      const state = own(this);
      let headers = shown.get(state);
      if (headers === undefined) shown.set(state, (headers = headersOf.create(state.fields)));
      return headers;
    },
    signal(this: unknown) {
      const state = own(this);
      let signal = signals.get(state);
      if (signal === undefined) signals.set(state, (signal = aborts.follow(state.signal).signal));
      return signal;
    },
  };
  for (const name of ['method', 'url', 'redirect', 'credentials'] as const)
    getters[name] = function (this: unknown) {
      return own(this)[name];
    };
  for (const [name, value] of Object.entries(FIXED))
    getters[name] = function (this: unknown) {
      own(this);
      return value;
    };
  const body = bodyMethods(realm, own);
  const requests = realm.hostClass({
    name: 'Request',
    length: 1,
    construct(self, args) {
      states.attach(self, read(args, 'new Request()'));
    },
    getters: { ...getters, ...body.getters },
    methods: {
      ...body.methods,
      clone: {
        length: 0,
        impl(this: unknown) {
          const state = own(this);
          if (state.isUsed) throw new TypeError('the body of the Request has been read already');
          const copy = requests.create();
          states.attach(copy, { ...state, fields: state.fields.copy() });
          return copy;
        },
      },
    },
  });
  defineTag(requests.prototype, 'Request');
  return { constructor: requests.constructor, read };
});
