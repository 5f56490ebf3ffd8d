import { DirectSuspension } from '../../script/runtime/suspension.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { type CallArguments, type CallListener, HttpCall } from './http-call.ts';
import type { Outcome, Requests } from './requests.ts';
import type { ResponseState } from './response-state.ts';

/** Makes a request as `http.request` does: a Response, or what its virtual user waits for. */
export function requestBlocking(
  requests: Requests,
  method: string,
  url: unknown,
  body: unknown,
  params: unknown,
): unknown {
  const vu = requests.caller();
  const request = new BlockingRequest(requests);
  const call = requests.read(method, url, body, params, request);
  if (call !== null) request.start(vu, call);
  return request.result();
}

/** One blocking call: what it waits for and what it is told are one object, since nearly all load is such calls. */
class BlockingRequest extends DirectSuspension implements CallListener, Outcome {
  readonly #requests: Requests;
  #call: CallArguments | null = null;
  #response: object | null = null;
  #failure: string | null = null;
  #suspended = false;

  constructor(requests: Requests) {
    super();
    this.#requests = requests;
  }

  start(vu: VirtualUser, call: CallArguments): void {
    this.#call = call;
    new HttpCall(this.#requests.client, vu, call, this).start();
  }

  onDone(state: ResponseState, failure: WireError | null): void {
    this.#requests.conclude(this.#call!, state, failure, this);
  }

  settle(response: object, failure: string | null): void {
    if (!this.#suspended) {
      this.#response = response;
      this.#failure = failure;
    } else if (failure === null) this.resumeInTurn(response);
    else this.fail(this.#requests.realm.error('Error', failure));
  }

  /** What the host function returns: the response when it is there already, else this. */
  result(): unknown {
    if (this.#response === null) {
      this.#suspended = true;
      return this;
    }
    if (this.#failure !== null) throw this.#requests.realm.error('Error', this.#failure);
    return this.#response;
  }
}
