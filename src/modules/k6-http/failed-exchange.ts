// What is kept of a request that failed.
import { type FailedExchange, namedTimings, type RawMessage, rawResponse, remoteOf } from '../../vu/note-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { HttpRequest, HttpResponse } from '../../wire/http1/exchange.ts';
import type { Timings } from '../../wire/net/timings.ts';

export interface ExchangeParts {
  readonly vu: VirtualUser;
  /** Of http.url, or a tag; null: the address stands for it. */
  readonly name: string | null;
  /** Without credentials. */
  readonly url: string;
  readonly timings: Readonly<Timings>;
  /** null: it was not even sent. */
  readonly request: HttpRequest | null;
  /** As the script gave it: what goes out may be packed. */
  readonly content: Uint8Array | string | null;
  readonly response: HttpResponse | null;
  /** Unpacked; null: not read, or not readable. */
  readonly body: Buffer | null;
  readonly peer: { readonly remoteIp?: string; readonly remotePort?: number };
}

export function describeExchange(parts: ExchangeParts): FailedExchange {
  const { vu, name, url, timings, request, content, response, body, peer } = parts;
  return {
    vu,
    target: name ?? url,
    timings: namedTimings(timings),
    remote: remoteOf(peer),
    request: request && describeRequest(request, url, content),
    response: response && rawResponse(response, body ?? response.body),
  };
}

function describeRequest(request: HttpRequest, url: string, content: Uint8Array | string | null): RawMessage {
  const { method, headers, body } = request;
  // A redirect may have dropped the content.
  return { start: `${method} ${url}`, headers, body: body === null ? null : (content ?? body) };
}
