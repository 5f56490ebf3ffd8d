import type { Timings } from './timings.ts';

/** Every failure below the protocols' own results. `code` is a number of the catalogue (`src/codes`). */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: number;
  /** Milliseconds spent in each part of the exchange until it failed, when an exchange had begun. */
  timings: Timings | null = null;
  remoteIp = '';
  remotePort = 0;

  constructor(code: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
