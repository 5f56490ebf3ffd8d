import { createAttachedState } from '../../script/attached-state.ts';
import type { HeaderList, HttpResponse } from '../../wire/http1/exchange.ts';
import type { Timings } from '../../wire/net/timings.ts';
import type { ResponseType } from './request-settings.ts';

/** What `response.request` shows. */
export interface SentRequest {
  method: string;
  url: string;
  /** By canonical name. */
  headers: HeaderList;
  body: string;
  cookies: readonly { name: string; value: string; replace: boolean }[];
}

/** Says what was sent, when a script asks. */
export interface SentDescription {
  describeSent(): SentRequest;
}

/** The same for all requests without one: a list for each adds up. */
export const NO_COOKIES: SentRequest['cookies'] = [];

/** What a Response of the script stands for; its slow parts are made when a script asks. */
export interface ResponseState {
  readonly wire: HttpResponse | null;
  /** Decoded; null when there is none to show. */
  readonly bytes: Buffer | null;
  readonly responseType: ResponseType;
  readonly url: string;
  readonly timings: Timings | null;
  readonly error: string;
  readonly errorCode: number;
  /** Null for a request that could not even be made. */
  readonly sent: SentDescription | null;
  /** What the getters have made so far, or scripts have assigned, by property name. */
  made: Partial<Record<string, unknown>> | null;
  /** The body as JSON of the host's own realm, for selectors; undefined: not parsed, null in `failed`: not JSON. */
  parsed: { value: unknown } | null;
}

/** The states of the responses that scripts hold. */
export const responseStates = createAttachedState<ResponseState>();

/** @throws TypeError for an object that is no response */
export function stateOfResponse(object: unknown): ResponseState {
  const state = responseStates.of(object);
  if (state === null) throw new TypeError('this is not a Response');
  return state;
}
