import type { VirtualUser } from '../../vu/virtual-user.ts';
import { DEFAULT_EXPECTED, type StatusSet } from './expected-statuses.ts';

const CALLBACK = Symbol('k6/http callback');

/** What `setResponseCallback` has set; it may be called in init code, when there are no connections yet. */
export interface ResponseCallback {
  statuses: StatusSet | null;
}

/** The response callback of a virtual user; until it sets one, statuses from 200 to 399 count as expected. */
export function callbackOf(vu: VirtualUser): ResponseCallback {
  return vu.state(CALLBACK, () => ({ statuses: DEFAULT_EXPECTED }));
}
