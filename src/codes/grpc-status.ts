import type { Retry } from './code-entry.ts';

/** One of gRPC's seventeen statuses. */
export interface GrpcStatus {
  /** 0–16, as it travels in the `grpc-status` trailer. */
  readonly status: number;
  /** `DEADLINE_EXCEEDED` */
  readonly name: string;
  /** `StatusDeadlineExceeded`, the constant of `k6/net/grpc`. */
  readonly constant: string;
  readonly meaning: string;
  /** Which of client library, server library and application may produce it. */
  readonly producedBy: string;
  readonly retry: Retry;
  readonly retryAdvice: string;
  /** The HTTP status that corresponds to it. */
  readonly http: number;
  readonly look: string;
  /** Codes of the catalogue to tell it from. */
  readonly related: readonly number[];
}

/**
 * gRPC's statuses in their order, so that the index is the status.
 * Source: the gRPC status code documentation and google.rpc.Code.
 */
export const GRPC_STATUSES = [
  {
    status: 0,
    name: 'OK',
    constant: 'StatusOK',
    meaning: 'Success.',
    producedBy: 'application',
    retry: 'none',
    retryAdvice: 'Nothing failed.',
    http: 200,
    look: 'Nothing: a check of the reply itself is still worth while.',
    related: [],
  },
  {
    status: 1,
    name: 'CANCELLED',
    constant: 'StatusCanceled',
    meaning: 'The operation was cancelled, typically by the caller.',
    producedBy: 'client library or application; a server library on RST_STREAM(CANCEL)',
    retry: 'no',
    retryAdvice: 'No: somebody wanted it to end.',
    http: 499,
    look: 'Who cancelled: the end of the iteration or of a stream, or the server that passes on the cancelling of a call behind it.',
    related: [1030, 1639, 1804],
  },
  {
    status: 2,
    name: 'UNKNOWN',
    constant: 'StatusUnknown',
    meaning: 'An error of another error space, or one that says too little; also an answer that is not gRPC.',
    producedBy: 'application (an exception that nobody mapped to a status), client library or server library',
    retry: 'no',
    retryAdvice: 'Not before the cause is known.',
    http: 500,
    look: "The message and the server's log: most often an exception that the handler did not turn into a status.",
    related: [1500, 1813],
  },
  {
    status: 3,
    name: 'INVALID_ARGUMENT',
    constant: 'StatusInvalidArgument',
    meaning: 'The argument is wrong whatever the state of the system.',
    producedBy: 'application',
    retry: 'no',
    retryAdvice: 'No: the request has to be corrected.',
    http: 400,
    look: 'The request that the script builds; the message or the details name the field.',
    related: [1400, 1809, 1811],
  },
  {
    status: 4,
    name: 'DEADLINE_EXCEEDED',
    constant: 'StatusDeadlineExceeded',
    meaning: 'The deadline passed; a state change may have happened all the same.',
    producedBy: 'client library, server library, or application (for a call behind it)',
    retry: 'idempotent',
    retryAdvice: 'If the call is idempotent, and not while the server is overloaded.',
    http: 504,
    look: "The `timeout` of the call, then the server's latency under this load: queues, pools, locks.",
    related: [1050, 1504, 1801],
  },
  {
    status: 5,
    name: 'NOT_FOUND',
    constant: 'StatusNotFound',
    meaning: 'The entity does not exist.',
    producedBy: 'application',
    retry: 'no',
    retryAdvice: 'No.',
    http: 404,
    look: 'The test data. (A wrong method or service name is UNIMPLEMENTED, not this.)',
    related: [1404, 1812],
  },
  {
    status: 6,
    name: 'ALREADY_EXISTS',
    constant: 'StatusAlreadyExists',
    meaning: 'The entity to create exists.',
    producedBy: 'application',
    retry: 'no',
    retryAdvice: 'No: after a timeout it may be the proof that the first try worked.',
    http: 409,
    look: 'Whether virtual users share test data that should be unique (use exec.scenario.iterationInTest).',
    related: [1409, 1810],
  },
  {
    status: 7,
    name: 'PERMISSION_DENIED',
    constant: 'StatusPermissionDenied',
    meaning:
      'The (known) caller may not do this; not for exhausted resources (RESOURCE_EXHAUSTED), not for unknown callers (UNAUTHENTICATED).',
    producedBy: 'application; client library on HTTP 403',
    retry: 'no',
    retryAdvice: 'No: the caller needs other rights.',
    http: 403,
    look: 'The rights of the test account, and gateways or firewalls that answer 403.',
    related: [1403, 1816, 1808],
  },
  {
    status: 8,
    name: 'RESOURCE_EXHAUSTED',
    constant: 'StatusResourceExhausted',
    meaning: 'A quota, or space, is used up; also a message over the size limit.',
    producedBy: 'application, server library, or client library (a message over maxReceiveSize or maxSendSize)',
    retry: 'backoff',
    retryAdvice: 'After backoff; a message that is too large stays too large.',
    http: 429,
    look: 'The message: "larger than max" is a size limit (4 MiB by default), else rate limits, quotas and pools of the server.',
    related: [1429, 1642, 1702],
  },
  {
    status: 9,
    name: 'FAILED_PRECONDITION',
    constant: 'StatusFailedPrecondition',
    meaning: "The system's state must be fixed first, for instance a directory to delete is not empty.",
    producedBy: 'application',
    retry: 'after-fix',
    retryAdvice: 'Not until the state has been fixed.',
    http: 400,
    look: 'The order of the steps in the script, and state left over by iterations before.',
    related: [1412, 1810, 1811, 1814],
  },
  {
    status: 10,
    name: 'ABORTED',
    constant: 'StatusAborted',
    meaning: 'A concurrency conflict: a sequencer check failed, a transaction was aborted.',
    producedBy: 'application',
    retry: 'higher-level',
    retryAdvice: 'At a higher level: the whole read-modify-write, not just this call.',
    http: 409,
    look: 'Contention: virtual users that work on the same entity; it grows with the load by nature.',
    related: [1409, 1809, 1814],
  },
  {
    status: 11,
    name: 'OUT_OF_RANGE',
    constant: 'StatusOutOfRange',
    meaning: 'Past the valid range, for instance reading past the end; may be right once the state changes.',
    producedBy: 'application',
    retry: 'no',
    retryAdvice: 'No: a caller that goes through a space is done.',
    http: 400,
    look: 'Offsets and page tokens in the script.',
    related: [1416, 1803, 1809],
  },
  {
    status: 12,
    name: 'UNIMPLEMENTED',
    constant: 'StatusUnimplemented',
    meaning: 'Not implemented, or not enabled, in this service.',
    producedBy: 'server library (unknown service or method), application, or client library on HTTP 404',
    retry: 'no',
    retryAdvice: 'No.',
    http: 501,
    look: 'Package, service and method name, the version of the .proto, and whether a gateway routes this path to the right server.',
    related: [1404, 1501],
  },
  {
    status: 13,
    name: 'INTERNAL',
    constant: 'StatusInternal',
    meaning: 'An invariant of the underlying system is broken.',
    producedBy:
      'application, server library, or client library (a message that cannot be decoded, a stream that ends without trailers)',
    retry: 'no',
    retryAdvice: 'No.',
    http: 500,
    look: 'The message: does it come from the server (its log), or from the client about what the server sent?',
    related: [1500, 1600, 1802],
  },
  {
    status: 14,
    name: 'UNAVAILABLE',
    constant: 'StatusUnavailable',
    meaning: 'Not available now, most likely transient.',
    producedBy:
      'application, server library (shutting down), or client library (no connection: then the code is that of the transport)',
    retry: 'backoff',
    retryAdvice: 'Just this call, with backoff; not always safe for non-idempotent ones.',
    http: 503,
    look: 'Restarts, overload protection and load balancers. 1814 was sent by the server; if nobody listens, the code is 1212.',
    related: [1212, 1503, 1638, 1809, 1810],
  },
  {
    status: 15,
    name: 'DATA_LOSS',
    constant: 'StatusDataLoss',
    meaning: 'Unrecoverable loss or corruption of data.',
    producedBy: 'application',
    retry: 'no',
    retryAdvice: 'No.',
    http: 500,
    look: "The server's storage: stop the test and find out.",
    related: [1500],
  },
  {
    status: 16,
    name: 'UNAUTHENTICATED',
    constant: 'StatusUnauthenticated',
    meaning: 'No valid credentials.',
    producedBy: 'application, or client library on HTTP 401',
    retry: 'after-fix',
    retryAdvice: 'With (fresh) credentials.',
    http: 401,
    look: 'The authorization metadata: tokens that expire during the test.',
    related: [1401, 1807],
  },
] as const satisfies readonly GrpcStatus[];
