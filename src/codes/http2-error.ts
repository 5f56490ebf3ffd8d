import type { Retry } from './code-entry.ts';

/** One of HTTP/2's error codes (RFC 9113, section 7). */
export interface Http2Error {
  /** 0–13 */
  readonly error: number;
  /** `REFUSED_STREAM` */
  readonly name: string;
  readonly meaning: string;
  readonly retry: Retry;
  readonly retryAdvice: string;
  readonly look: string;
}

/** HTTP/2's error codes in their order, so that the index is the code. */
export const HTTP2_ERRORS = [
  {
    error: 0,
    name: 'NO_ERROR',
    meaning: 'No error: a graceful end.',
    retry: 'yes',
    retryAdvice: 'Yes, on a new connection, if the stream was not processed.',
    look: 'Limits on requests or time per connection at server and proxies (nginx: keepalive_requests), and restarts.',
  },
  {
    error: 1,
    name: 'PROTOCOL_ERROR',
    meaning: 'The protocol was broken.',
    retry: 'no',
    retryAdvice: 'No.',
    look: "The message, and the peer's log: a header that is not allowed, a proxy that does not speak HTTP/2 to the end.",
  },
  {
    error: 2,
    name: 'INTERNAL_ERROR',
    meaning: 'An unexpected error inside the sender.',
    retry: 'idempotent',
    retryAdvice: 'Only an idempotent request.',
    look: "The peer's log: often a handler that panicked or threw.",
  },
  {
    error: 3,
    name: 'FLOW_CONTROL_ERROR',
    meaning: 'The flow-control rules were broken.',
    retry: 'no',
    retryAdvice: 'No.',
    look: 'The implementation that sent too much: peer or proxy.',
  },
  {
    error: 4,
    name: 'SETTINGS_TIMEOUT',
    meaning: 'SETTINGS were not acknowledged in time.',
    retry: 'yes',
    retryAdvice: 'Yes, on a new connection.',
    look: "The load generator's own load, and the latency of the network.",
  },
  {
    error: 5,
    name: 'STREAM_CLOSED',
    meaning: 'A frame came for a stream that was already closed.',
    retry: 'no',
    retryAdvice: 'No.',
    look: 'Whether the peer ends streams while the request is still coming.',
  },
  {
    error: 6,
    name: 'FRAME_SIZE_ERROR',
    meaning: 'A frame has a size that is not allowed.',
    retry: 'no',
    retryAdvice: 'No.',
    look: 'Whether the port really speaks HTTP/2: HTTP/1.1 text reads as a huge frame.',
  },
  {
    error: 7,
    name: 'REFUSED_STREAM',
    meaning: 'The stream was refused before anything was done.',
    retry: 'backoff',
    retryAdvice: 'Yes, always safe; done once by itself.',
    look: "The server's limit of concurrent streams, and overload protection.",
  },
  {
    error: 8,
    name: 'CANCEL',
    meaning: 'The stream is not wanted any more.',
    retry: 'idempotent',
    retryAdvice: 'Only an idempotent request.',
    look: 'Timeouts in the server and in proxies: they give up with CANCEL.',
  },
  {
    error: 9,
    name: 'COMPRESSION_ERROR',
    meaning: 'The state of header compression is lost.',
    retry: 'yes',
    retryAdvice: 'Yes, on a new connection.',
    look: 'The HPACK implementation of the peer or a proxy.',
  },
  {
    error: 10,
    name: 'CONNECT_ERROR',
    meaning: 'The connection behind a CONNECT failed.',
    retry: 'backoff',
    retryAdvice: 'After a pause.',
    look: 'The target behind the proxy.',
  },
  {
    error: 11,
    name: 'ENHANCE_YOUR_CALM',
    meaning: 'The peer finds our behaviour excessive.',
    retry: 'backoff',
    retryAdvice: 'After a long pause.',
    look: 'Rate limits, too many resets ("rapid reset" protection), or too many PINGs (gRPC: too_many_pings).',
  },
  {
    error: 12,
    name: 'INADEQUATE_SECURITY',
    meaning: 'The TLS parameters are too weak for HTTP/2.',
    retry: 'no',
    retryAdvice: 'No.',
    look: 'TLS version and ciphers.',
  },
  {
    error: 13,
    name: 'HTTP_1_1_REQUIRED',
    meaning: 'The peer wants HTTP/1.1 for this.',
    retry: 'after-fix',
    retryAdvice: 'With HTTP/1.1.',
    look: 'Features that the server has only over HTTP/1.1, such as NTLM or client certificates by renegotiation.',
  },
] as const satisfies readonly Http2Error[];

/** 0–13. */
export type Http2Number = (typeof HTTP2_ERRORS)[number]['error'];
