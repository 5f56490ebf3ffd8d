import type { SelfEncoding } from './stream.ts';

export interface Http2Options {
  /** Octets that a stream may bring before we return window; grows by itself up to `maxWindow`. */
  initialWindow?: number;
  connectionWindow?: number;
  maxWindow?: number;
  /** Octets of a decoded header list, 32 per field included. */
  maxHeaderListSize?: number;
}

export interface OpenOptions {
  /** The whole body. Without it the stream stays open for {@link Http2Stream.write}, unless `endStream` is set. */
  body?: Uint8Array | SelfEncoding;
  /** The request has no body, or it is `body`. */
  endStream: boolean;
  /** A HEAD request. */
  bodiless?: boolean;
  /** What the clock said just now (`performance.now()`), if the caller has asked it. */
  askedAt?: number;
}

/** Requests as {@link Http2Connection.request} takes them. */
export interface Http2Request {
  method: string;
  scheme: string;
  authority: string;
  path: string;
  /** Lower-case names, without those that HTTP/2 forbids. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array | null;
}
