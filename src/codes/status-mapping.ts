import { GRPC_STATUSES } from './grpc-status.ts';

const HTTP_TO_GRPC = new Map([
  [200, 0],
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

/** By HTTP/2 error code, 0–13. */
const RESET_TO_GRPC = [13, 13, 13, 13, 13, 13, 13, 14, 1, 13, 13, 8, 7, 13];

/**
 * The gRPC status of an answer that is not gRPC (no `grpc-status`), by its HTTP status.
 * Source: gRPC, "HTTP to gRPC Status Code Mapping". 200 gives OK here; that an answer with 200 lacks its `grpc-status`
 * is for the caller to know.
 */
export function httpToGrpc(status: number): number {
  return HTTP_TO_GRPC.get(status) ?? 2;
}

/** The HTTP status that corresponds to a gRPC status (google.rpc.Code); 500 for a number that is not one. */
export function grpcToHttp(status: number): number {
  return GRPC_STATUSES[status]?.http ?? 500;
}

/**
 * The gRPC status of a call whose stream was reset, by the HTTP/2 error code of the RST_STREAM.
 * @param h2code 0–13; any other gives UNKNOWN
 * @param rules the gRPC specification's table, or what grpc-go (and so k6) does: FLOW_CONTROL_ERROR is RESOURCE_EXHAUSTED
 *   there. STREAM_CLOSED and HTTP_1_1_REQUIRED, on which the specification is silent, are INTERNAL with both, as in grpc-go.
 */
export function resetToGrpc(h2code: number, rules: 'specification' | 'grpc-go' = 'specification'): number {
  if (h2code === 3 && rules === 'grpc-go') return 8;
  return RESET_TO_GRPC[h2code] ?? 2;
}

/**
 * The gRPC status that a call ends with when `code` of the catalogue is why it failed.
 * @param code of the catalogue; an HTTP status counts as that of an answer which is not gRPC
 */
export function codeToGrpc(code: number): number {
  if (code === 1030) return 1;
  if (code === 1050) return 4;
  if (code === 1041 || code === 1701) return 13;
  if (code === 1042 || code === 1702) return 8;
  if (code > 1800 && code <= 1816) return code - 1800;
  if (code >= 1400 && code < 1600) return httpToGrpc(code - 1000);
  if (code >= 1630 && code < 1650) return resetToGrpc(code - 1631);
  return code === 1000 || code === 1020 ? 2 : 14;
}
