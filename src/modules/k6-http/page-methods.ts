import type { HostMember } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { pageOf, selectInPage } from './response-html.ts';
import { stateOfResponse } from './response-state.ts';
import { type PageRequest, type PageSource, requestOfForm, requestOfLink } from './submit-form.ts';

/** Makes a request as `http.request` does: a Response, or a Suspension. */
export type MakeRequest = (method: string, url: string, body: unknown, params: unknown) => unknown;

/** The methods of Response that take its body for a page. */
export function createPageMethods(environment: VuEnvironment, request: MakeRequest): Record<string, HostMember> {
  const { realm } = environment;
  const warn = (message: string): void => environment.logger.log('warning', message);
  const sourceOf = (response: unknown): PageSource => {
    const state = stateOfResponse(response);
    return { page: pageOf(state, (response as { body: unknown }).body), url: state.url };
  };
  const start = ({ method, url, body, params }: PageRequest): unknown => request(method, url, body, params);
  return {
    html: {
      length: 1,
      impl(this: unknown, selector: unknown) {
        return selectInPage(realm, sourceOf(this).page, selector);
      },
    },
    submitForm: {
      length: 1,
      kind: 'blocking',
      impl(this: unknown, options: unknown) {
        return start(requestOfForm(sourceOf(this), options, warn));
      },
    },
    clickLink: {
      length: 1,
      kind: 'blocking',
      impl(this: unknown, options: unknown) {
        return start(requestOfLink(sourceOf(this), options));
      },
    },
  };
}
