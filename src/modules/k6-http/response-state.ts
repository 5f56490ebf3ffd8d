import type { HeaderList, HttpResponse, Timings } from '../../wire/http1/exchange.ts';
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
  readonly sent: { describeSent(): SentRequest } | null;
  /** What the getters have made so far, or scripts have assigned, by property name. */
  readonly made: Partial<Record<string, unknown>>;
  /** The body as JSON of the host's own realm, for selectors; undefined: not parsed, null in `failed`: not JSON. */
  parsed: { value: unknown } | null;
}

/** Returns what it is given instead of a new object, so that {@link Slot} can put its field on an object of the realm. */
class Foreign {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the point of this class
    return object;
  }
}

/** Attaches host state to objects of the realm, where scripts can neither see nor take it (unlike a property). */
export class Slot extends Foreign {
  #state: ResponseState;

  constructor(object: object, state: ResponseState) {
    super(object);
    this.#state = state;
  }

  /** @throws TypeError for an object that is no response */
  static stateOf(object: unknown): ResponseState {
    if (typeof object !== 'object' || object === null || !(#state in object))
      throw new TypeError('this is not a Response');
    return (object as Slot).#state;
  }
}
