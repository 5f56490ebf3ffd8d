import type { HeaderField } from '../http2/hpack/header-field.ts';
import { fromHeaderFields, type Metadata } from './metadata.ts';
import type { Verdict } from './verdict.ts';

/** How a call ended, and what came with it. Metadata stay header fields until somebody looks at them. */
export class CallResult {
  readonly status: number;
  readonly statusMessage: string;
  /** Of the catalogue: 0 for OK, 18xx when the server sent the status, else why the call failed below gRPC. */
  readonly errorCode: number;
  /** The reply of a unary call, serialised; null on failure and for streams, whose messages have been handed out. */
  readonly message: Uint8Array | null;
  /** Milliseconds from the call to its end. */
  readonly durationMs: number;
  /** Empty when there was no connection. */
  readonly remoteIp: string;
  readonly remotePort: number;
  /** As they came. Those of many answers that are the same are mostly one list. */
  readonly headerFields: readonly HeaderField[];
  readonly trailerFields: readonly HeaderField[];

  constructor(
    end: Verdict,
    message: Uint8Array | null,
    headers: readonly HeaderField[],
    trailers: readonly HeaderField[],
    durationMs: number,
    remote: { remoteAddress: string; remotePort: number } | null,
  ) {
    this.status = end.status;
    this.statusMessage = end.message;
    this.errorCode = end.errorCode;
    this.message = message;
    this.durationMs = durationMs;
    this.remoteIp = remote?.remoteAddress ?? '';
    this.remotePort = remote?.remotePort ?? 0;
    this.headerFields = headers;
    this.trailerFields = trailers;
  }

  /** Empty for Trailers-Only: then everything is in the trailers. */
  get headers(): Metadata {
    return fromHeaderFields(this.headerFields);
  }

  get trailers(): Metadata {
    return fromHeaderFields(this.trailerFields);
  }

  /** `grpc-status-details-bin`: a serialised google.rpc.Status. */
  get detailsBin(): Uint8Array | null {
    for (const [name, value] of this.trailers)
      if (name === 'grpc-status-details-bin' && typeof value !== 'string') return value;
    return null;
  }
}
