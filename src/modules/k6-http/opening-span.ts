// The span of a request that opens something lasting – a WebSocket, a stream of events: it ends with the answer's head, or without one.
import type { RequestSpan } from '../../vu/tracing/tracer.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { RequestUrl } from '../../wire/http/request-url.ts';
import type { HttpResponse } from '../../wire/http1/exchange.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { endHttpSpan } from './request-span.ts';

type Header = readonly [name: string, value: string];

export class OpeningSpan {
  /** The header that carries its context. */
  readonly header: Header;
  readonly #vu: VirtualUser;
  #span: RequestSpan | null;

  private constructor(vu: VirtualUser, header: string, span: RequestSpan) {
    this.header = [header, span.text];
    this.#vu = vu;
    this.#span = span;
  }

  /** @param given the script's headers @returns null: there is no trace, or the script gave a context of its own */
  static begin(vu: VirtualUser, given: readonly Header[]): OpeningSpan | null {
    const { trace } = vu;
    if (trace === null) return null;
    const wanted = trace.header.toLowerCase();
    if (given.some(([name]) => name.toLowerCase() === wanted)) return null;
    return new OpeningSpan(vu, trace.header, trace.request(vu.environment.now()));
  }

  /**
   * The answer is there, or it is known that none will come; what is said after the first time counts for nothing.
   * @param shownUrl masked
   */
  end(
    { method, shownUrl, url, hops = 0 }: { method: string; shownUrl: string; url: RequestUrl; hops?: number },
    response: HttpResponse | null,
    error: WireError | null,
  ): void {
    const span = this.#span;
    this.#span = null;
    if (span === null || !span.isSampled) return;
    endHttpSpan(
      span,
      this.#vu.environment.now(),
      {
        method,
        url: shownUrl,
        status: response?.status ?? 0,
        proto: '',
        errorCode: error?.code ?? 0,
        error: error?.message ?? '',
        ip: response?.remoteIp ?? '',
      },
      { name: '', url, hops },
    );
  }
}
