// What of the web needs the HTTP client, in one file since it is loaded only when a script asks for it.
import type { VuEnvironment } from '../../vu/environment.ts';
import { createFetch } from './fetch.ts';
import { requestClassOf } from './request-class.ts';
import { responseClassOf } from './response-class.ts';

/** @returns the class or function of the realm, for all virtual users of the worker: who asks keeps it */
export function fetchGlobal(environment: VuEnvironment, name: 'fetch' | 'Request' | 'Response'): unknown {
  switch (name) {
    case 'fetch':
      return createFetch(environment);
    case 'Request':
      return requestClassOf(environment.realm).constructor;
    case 'Response':
      return responseClassOf(environment.realm).constructor;
  }
}
