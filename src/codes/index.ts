/**
 * The catalogue of error and status codes, as a library of its own: `import { findCode } from 'sixfold/codes'`.
 * No dependency, no import of Node.
 */
export {
  CATALOGUE,
  CODE_RANGES,
  type Code,
  type CodeName,
  type CodeRange,
  findCode,
  findCodeByName,
  grpcCode,
  httpCode,
  RETIRED_CODES,
} from './catalogue.ts';
export { classify, type Phase } from './classify.ts';
export type { CodeEntry, Http2Family, Origin, Retry } from './code-entry.ts';
export { GRPC_LITMUS, GRPC_STATUSES, type GrpcStatus } from './grpc-status.ts';
export { HTTP_STATUSES, type HttpStatus } from './http-status.ts';
export { http2Code } from './http2-codes.ts';
export { HTTP2_ERRORS, type Http2Error } from './http2-error.ts';
export {
  findErrno,
  findGrpcStatus,
  findHttp2Error,
  findHttpStatus,
  knownNames,
  lookUp,
  type Subject,
} from './look-up.ts';
export { nearestNames } from './nearest-names.ts';
export { codeToGrpc, grpcToHttp, httpToGrpc, resetToGrpc } from './status-mapping.ts';
