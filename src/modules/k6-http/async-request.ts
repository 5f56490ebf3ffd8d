import { box } from '../../script/runtime/suspension.ts';
import type { Outcome, Requests } from './requests.ts';

/** Makes a request as `http.asyncRequest` does. */
export function requestAsync(
  requests: Requests,
  method: string,
  url: unknown,
  body: unknown,
  params: unknown,
): Promise<unknown> {
  const vu = requests.caller();
  return new Promise((resolve, reject) => {
    const outcome: Outcome = {
      settle: (response, failure) => {
        if (failure !== null) reject(requests.realm.error('Error', failure));
        else resolve(box(response));
      },
    };
    const call = requests.read(method, url, body, params, outcome);
    if (call !== null) requests.start(vu, call, outcome, true);
  });
}
