import type { Timings } from './timings.ts';

/** Every failure below the protocols' own results. `code` is a number of the catalogue (`src/codes`). */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: number;
  /**
   * The message without what differs from one failure to the next (stream ids, lengths, a peer's own words): few texts, so that
   * each can be a tag.
   */
  readonly kind: string;
  /** Milliseconds spent in each part of the exchange until it failed, when an exchange had begun. */
  timings: Timings | null = null;
  remoteIp = '';
  remotePort = 0;
  /** Whether the peer had answered in the protocol before: what failed then is not that it speaks another one, such as TLS. */
  answered = false;

  /** @param options.kind the message itself, when left out */
  constructor(code: number, message: string, options?: { cause?: unknown; kind?: string }) {
    super(message, options);
    this.code = code;
    this.kind = options?.kind ?? message;
  }
}
