/** What is known of a failed exchange at the moment it failed: HTTP and gRPC clients fill it in, samples are made from it. */
export interface FailedExchange {
  blocked: number;
  lookingUp: number;
  connecting: number;
  tlsHandshaking: number;
  sending: number;
  waiting: number;
  receiving: number;
}

/** Every failure below the protocols' own results. `code` is a number of the catalogue (`src/codes`). */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: number;
  /** Milliseconds spent in each part of the exchange until it failed, when an exchange had begun. */
  timings: FailedExchange | null = null;
  remoteIp = '';
  remotePort = 0;

  constructor(code: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
