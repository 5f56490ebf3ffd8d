// `Response` (https://fetch.spec.whatwg.org, section 5.5).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostImpl, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import { type BodyHolder, bodyMethods, readBody } from './fetch-body.ts';
import { HeaderFields, headersClassOf } from './headers-class.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { defineTag } from './script-methods.ts';

/** What came, or what a script has made. */
export interface ResponseState extends BodyHolder {
  readonly type: 'basic' | 'default' | 'error';
  readonly url: string;
  readonly redirected: boolean;
  readonly status: number;
  readonly statusText: string;
}

interface ResponseClass {
  readonly constructor: RealmFunction;
  create(state: ResponseState): object;
}

const SHOWN = ['type', 'url', 'redirected', 'status', 'statusText'] as const;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const WITHOUT_BODY: readonly number[] = [101, 103, 204, 205, 304];

/** What a status line can hold after the number (RFC 9112, section 4). */
function readStatusText(given: unknown): string {
  const text = toText(given);
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  throw new TypeError(`statusText cannot be ${JSON.stringify(text)}`);
}

/** The class of a realm. */
export const responseClassOf: (realm: Realm) => ResponseClass = oncePerRealm((realm) => {
  const states = createAttachedState<ResponseState>();
  const headersOf = headersClassOf(realm);
  const shown = new WeakMap<ResponseState, object>();
  const own = (self: unknown): ResponseState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not a Response');
    return state;
  };
  const create = (state: ResponseState): object => {
    const response = responses.create();
    states.attach(response, state);
    return response;
  };
  const make = (given: unknown, options: unknown, type: string | null): ResponseState => {
    const init = (typeof options === 'object' && options !== null ? options : {}) as Readonly<Record<string, unknown>>;
    const { status: givenStatus, statusText, headers } = init;
    const status = givenStatus === undefined ? 200 : Math.trunc(Number(givenStatus));
    if (!(status >= 200 && status <= 599))
      throw new RangeError(`a Response has a status from 200 to 599, not ${String(givenStatus)}`);
    const body = readBody(realm, given);
    if (body !== null && WITHOUT_BODY.includes(status))
      throw new TypeError(`a Response of status ${status} cannot have a body`);
    const fields = headersOf.read(headers);
    const contentType = type ?? body?.type ?? null;
    if (contentType !== null && fields.get('content-type') === null) fields.append('content-type', contentType);
    return {
      type: 'default',
      url: '',
      redirected: false,
      status,
      statusText: statusText === undefined ? '' : readStatusText(statusText),
      fields,
      body,
      isUsed: false,
    };
  };
  const getters: Record<string, HostImpl> = {
    ok(this: unknown) {
      const { status } = own(this);
      return status >= 200 && status <= 299;
    },
    headers(this: unknown) {
      const state = own(this);
      let headers = shown.get(state);
      if (headers === undefined) shown.set(state, (headers = headersOf.create(state.fields)));
      return headers;
    },
  };
  for (const name of SHOWN)
    getters[name] = function (this: unknown) {
      return own(this)[name];
    };
  const body = bodyMethods(realm, own);
  const responses = realm.hostClass({
    name: 'Response',
    length: 0,
    construct(self, { 0: given, 1: options }) {
      states.attach(self, make(given, options, null));
    },
    getters: { ...getters, ...body.getters },
    methods: {
      ...body.methods,
      clone: {
        length: 0,
        impl(this: unknown) {
          const state = own(this);
          if (state.isUsed) throw new TypeError('the body of the Response has been read already');
          return create({ ...state, fields: state.fields.copy(state.fields.isFixed) });
        },
      },
    },
    statics: {
      error: {
        length: 0,
        impl: () =>
          create({
            type: 'error',
            url: '',
            redirected: false,
            status: 0,
            statusText: '',
            fields: new HeaderFields([], true),
            body: null,
            isUsed: false,
          }),
      },
      json: {
        length: 1,
        impl(data: unknown, init: unknown) {
          const text = realm.stringify(data);
          if (text === undefined) throw new TypeError('Response.json() takes what JSON can hold');
          return create(make(text, init, 'application/json'));
        },
      },
      redirect: {
        length: 1,
        impl(url: unknown, given: unknown = 302) {
          const target = URL.parse(toText(url));
          const status = Number(given);
          if (target === null) throw new TypeError(`Invalid URL: ${JSON.stringify(String(url))}`);
          if (!REDIRECTS.includes(status)) throw new RangeError(`${String(given)} is not a status of a redirect`);
          const fields = new HeaderFields([['location', target.href]], true);
          return create({ ...make(null, null, null), status, fields });
        },
      },
    },
  });
  defineTag(responses.prototype, 'Response');
  return { constructor: responses.constructor, create };
});
