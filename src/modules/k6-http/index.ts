// k6/http: requests of HTTP/1.1 and HTTP/2 (k6 page "k6/http").

import type { HostModule } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { requestAsync } from './async-request.ts';
import { requestBatch } from './batch-request.ts';
import { requestBlocking } from './blocking-request.ts';
import { CONSTANTS } from './constants.ts';
import { httpStateOf } from './http-state.ts';
import { createPageMethods } from './page-methods.ts';
import { Requests } from './requests.ts';
import { callbackOf } from './response-callback.ts';
import { createResponseClass } from './response-class.ts';

/** Functions whose second argument is the body. */
const WITH_BODY = { post: 'POST', put: 'PUT', patch: 'PATCH', del: 'DELETE', options: 'OPTIONS' } as const;
const WITHOUT_BODY = { get: 'GET', head: 'HEAD' } as const;

export const httpModule: HostModule = {
  specifier: 'k6/http',
  create(environment) {
    const { realm } = environment;
    const requests: Requests = new Requests(
      environment,
      createResponseClass(
        environment,
        createPageMethods(environment, (method, url, body, params) =>
          requestBlocking(requests, method, url, body, params),
        ),
      ),
    );
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
        return requestBlocking(requests, method, url, null, params);
      });
    }
    for (const [name, method] of Object.entries(WITH_BODY)) {
      functions[name] = realm.blockingFunction(name, 3, (url: unknown, body: unknown, params: unknown) =>
        requestBlocking(requests, method, url, body, params),
      );
    }
    functions['request'] = realm.blockingFunction(
      'request',
      4,
      (method: unknown, url: unknown, body: unknown, params: unknown) =>
        requestBlocking(requests, String(method).toUpperCase() || 'GET', url, body, params),
    );
    functions['asyncRequest'] = realm.asyncFunction(
      'asyncRequest',
      4,
      (method: unknown, url: unknown, body: unknown, params: unknown) =>
        requestAsync(requests, String(method).toUpperCase() || 'GET', url, body, params),
    );
    functions['batch'] = realm.blockingFunction('batch', 1, (...args: unknown[]) => requestBatch(requests, args));
    functions['cookieJar'] = realm.hostFunction('cookieJar', 0, () => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('getting the cookie jar');
      return requests.objects.showJar(httpStateOf(requests.client, vu).openJar());
    });
    functions['setResponseCallback'] = realm.hostFunction('setResponseCallback', 1, (value: unknown) => {
      const statuses = value === null ? null : requests.objects.statusesOf(value);
      if (value !== null && statuses === null) {
        throw new TypeError('setResponseCallback() takes what http.expectedStatuses() returns, or null');
      }
      callbackOf(realm.vu as VirtualUser).statuses = statuses;
    });
    Object.assign(functions, requests.objects.functions, CONSTANTS);
    const exports = { named: functions };
    return () => exports;
  },
};
