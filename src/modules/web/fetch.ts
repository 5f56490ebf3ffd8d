// `fetch` (https://fetch.spec.whatwg.org, section 5.6): requests of k6/http's own kind – its connections, cookies, options, metrics.
import { adviseOnTransport } from '../../codes/advise-on-transport.ts';
import type { RealmFunction } from '../../script/realm-interface.ts';
import { box } from '../../script/runtime/suspension.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { CookieJar } from '../../wire/http/cookie-jar.ts';
import { UrlError } from '../../wire/http/request-url.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { HttpCall } from '../k6-http/http-call.ts';
import { httpClientOf } from '../k6-http/http-client.ts';
import { readSettings } from '../k6-http/request-settings.ts';
import type { ResponseState as HttpState } from '../k6-http/response-state.ts';
import { scriptObjectsOf } from '../k6-http/script-objects.ts';
import { HeaderFields } from './headers-class.ts';
import { type RequestState, requestClassOf } from './request-class.ts';
import { responseClassOf } from './response-class.ts';

/** The standard's number; the option maxRedirects is k6's. */
const MOST_REDIRECTS = 20;

/** The function of a worker. */
export function createFetch(environment: VuEnvironment): RealmFunction {
  const { realm, logger } = environment;
  const requests = requestClassOf(realm);
  const responses = responseClassOf(realm);
  const objects = scriptObjectsOf(environment);

  const limitOf = ({ redirect }: RequestState): number => {
    const { maxRedirects, maxRedirectsSet } = environment.options;
    if (redirect !== 'follow') return 0;
    return maxRedirectsSet ? maxRedirects : MOST_REDIRECTS;
  };
  const failed = (message: string, code: number): Error =>
    realm.error('TypeError', `fetch failed: ${message}`, { error_code: code });

  const judge = (request: RequestState, state: HttpState, failure: WireError | null): object => {
    const { method, url } = request;
    if (failure !== null) {
      const advice = adviseOnTransport(failure, url.startsWith('https:'), 'http');
      throw failed(`${method} ${JSON.stringify(state.url)}: ${failure.message}${advice}`, failure.code);
    }
    const wire = state.wire!;
    const leads = [301, 302, 303, 307, 308].includes(wire.status) && wire.values('location').length > 0;
    if (leads && request.redirect === 'error')
      throw failed(`${method} ${JSON.stringify(state.url)}: it is redirected, and redirect is "error"`, 1000);
    if (leads && request.redirect === 'follow' && !environment.options.maxRedirectsSet)
      throw failed(`${method} ${JSON.stringify(state.url)}: more than ${MOST_REDIRECTS} redirects`, 1000);
    return responses.create({
      type: 'basic',
      url: state.url,
      redirected: state.url !== url,
      status: wire.status,
      statusText: wire.statusText,
      fields: new HeaderFields(
        wire.headers.map(([name, value]) => [name.toLowerCase(), value]),
        true,
      ),
      body: state.bytes === null ? null : { bytes: state.bytes, type: null },
      isUsed: false,
    });
  };

  const send = (vu: VirtualUser, request: RequestState): Promise<unknown> => {
    const client = httpClientOf(environment);
    const { method, url, body, signal, tags, timeout } = request;
    const params = {
      throw: false,
      responseType: 'binary',
      redirects: limitOf(request),
      // The standard leaves a length out that a script gives, and says nothing: packages give one.
      headers: Object.fromEntries(
        request.fields.list
          .filter(([name]) => name !== 'content-length')
          .map(([name]) => [name, request.fields.get(name)]),
      ),
      tags,
      timeout,
    };
    const settings = readSettings(params, client.defaults, objects, (message) => logger.log('warning', message));
    if (request.credentials === 'omit') settings.jar = new CookieJar();
    const encoded = body && { data: body.bytes, shown: '', contentType: null };
    const plan = client.plan(method, url);
    return new Promise((resolve, reject) => {
      const call = new HttpCall(
        client,
        vu,
        { method, plan, name: null, body: encoded, settings },
        {
          onDone(state, failure) {
            signal?.actions.delete(onAbort);
            try {
              resolve(box(judge(request, state, failure)));
            } catch (error) {
              reject(error);
            }
          },
        },
      );
      const onAbort = (reason: unknown, isTimeout: boolean): void => {
        reject(reason);
        call.cancel(
          isTimeout
            ? new WireError(1050, 'request timeout')
            : new WireError(1030, 'aborted by the AbortSignal of the script'),
        );
      };
      signal?.actions.add(onAbort);
      call.start();
    });
  };

  return realm.asyncFunction('fetch', 1, async (...args: unknown[]) => {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('making http requests');
    const request = requests.read(args, 'fetch()');
    if (request.signal?.aborted) throw request.signal.reason;
    try {
      return await send(vu, request);
    } catch (error) {
      if (error instanceof UrlError) throw failed(error.message, error.invalid ? 1020 : 1000);
      throw error;
    }
  });
}
