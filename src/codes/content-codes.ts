import type { CodeDefinition } from './code-entry.ts';

/** 1700–1799: the response's body. */
export const CONTENT_CODES = [
  {
    code: 1701,
    name: 'decompression',
    origin: 'k6',
    title: 'Body cannot be read',
    meaning:
      'The body is not what its Content-Encoding says, or ends early; a gRPC message is not what its encoding or its schema says.',
    producedBy: 'server or a proxy before it',
    retry: 'no',
    retryAdvice: 'No: the same body comes again.',
    look: 'Whether the server compresses twice, or names an encoding that it did not apply; for gRPC, whether both sides have the same .proto.',
    related: [1041, 1702],
    errnos: [
      'Z_DATA_ERROR',
      'Z_BUF_ERROR',
      'Z_NEED_DICT',
      'Z_STREAM_ERROR',
      'ERR_BROTLI_*',
      'ERR__ERROR_*',
      'ZSTD_error_*',
    ],
  },
  {
    code: 1702,
    name: 'body_too_large',
    origin: 'new',
    k6Code: null,
    title: 'Body over the limit',
    meaning:
      'The body, as it came or unpacked, is larger than the limit: the option maxResponseBytes (1 GB for all bodies in progress), or maxReceiveSize and maxSendSize of a gRPC client.',
    producedBy: 'client, on account of its limit',
    retry: 'no',
    retryAdvice: 'No: the same body comes again.',
    look: 'What the server sends: a list without paging, or a compressed body that unpacks to far more than came. If it is meant to be that large, raise the limit, or let discardResponseBodies throw bodies away.',
    related: [1701, 1808],
    errnos: ['ERR_BUFFER_TOO_LARGE', 'UND_ERR_RES_EXCEEDED_MAX_SIZE'],
  },
] as const satisfies readonly CodeDefinition[];
