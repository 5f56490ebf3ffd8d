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
  type WrittenCode,
} from './catalogue.ts';
export { classify, type Phase } from './classify.ts';
export type { CodeEntry, Http2Family, Origin, Retry } from './code-entry.ts';
export { CODE_USES, type CodeUseNumber } from './code-uses.ts';
export { codeOfMessage } from './error-phrases.ts';
export { EXIT_CODES, type ExitCodeEntry, type ExitNumber, findExitCode } from './exit-codes.ts';
export { type ConstantStatus, findConstant } from './find-constant.ts';
export { findHttpStatus, findPlainHttpStatus } from './find-http-status.ts';
export { type Constant, grpcConstants } from './grpc-constants.ts';
export { GRPC_DETAILS, type GrpcDetails, type GrpcLibrary, type GrpcMisuse, type GrpcNumber } from './grpc-details.ts';
export { GRPC_STATUSES, type GrpcStatus } from './grpc-status.ts';
export { httpConstants } from './http-constants.ts';
export { PLAIN_HTTP_STATUSES, type PlainHttpNumber, type PlainHttpStatus } from './http-plain-status.ts';
export { HTTP_RARE_USES } from './http-rare-uses.ts';
export { HTTP_STATUSES, type HttpStatus, type NamedHttpStatus } from './http-status.ts';
export type { HttpMisuse, HttpUse } from './http-use.ts';
export { findHttpUse, HTTP_USES, type HttpUseNumber } from './http-uses.ts';
export { HTTP_VENDOR_USES } from './http-vendor-uses.ts';
export { http2Code } from './http2-codes.ts';
export { HTTP2_ERRORS, type Http2Error, type Http2Number } from './http2-error.ts';
export { LITMUS_GROUPS, type LitmusGroup, type LitmusName, type LitmusQuestion, litmusFor } from './litmus.ts';
export {
  findErrno,
  findGrpcStatus,
  findHttp2Error,
  knownNames,
  lookUp,
  type Subject,
} from './look-up.ts';
export { nearestNames } from './nearest-names.ts';
export { CLOSE_USES, EXIT_USES, HTTP2_USES } from './protocol-uses.ts';
export { readMessage } from './read-message.ts';
export { codeToGrpc, grpcToHttp, httpToGrpc, resetToGrpc } from './status-mapping.ts';
export type { Mistaken, Use } from './use.ts';
export { type CloseNumber, findWebSocketClose, WEBSOCKET_CLOSES, type WebSocketClose } from './websocket-close.ts';
