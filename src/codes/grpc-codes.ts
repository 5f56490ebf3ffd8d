import { type CodeEntry, entryOf } from './code-entry.ts';
import { GRPC_STATUSES, type GrpcStatus } from './grpc-status.ts';

type Row = Exclude<(typeof GRPC_STATUSES)[number], { status: 0 }>;

/** 1800 + a gRPC status, as a type. */
export type GrpcCode = Row['status'] extends infer Status
  ? Status extends number
    ? `${Status}` extends `${infer _}${infer Second}`
      ? Second extends ''
        ? `180${Status}` extends `${infer Code extends number}`
          ? Code
          : never
        : `18${Status}` extends `${infer Code extends number}`
          ? Code
          : never
      : never
    : never
  : never;
export type GrpcCodeName = `grpc_${Lowercase<Row['name']>}`;

function grpcEntry(row: GrpcStatus): CodeEntry {
  return entryOf({
    code: 1800 + row.status,
    name: `grpc_${row.name.toLowerCase()}`,
    origin: 'new',
    title: `gRPC ${row.name}`,
    meaning: `The server itself sent status ${row.status}: ${row.meaning.charAt(0).toLowerCase()}${row.meaning.slice(1)}`,
    producedBy: row.producedBy,
    retry: row.retry,
    retryAdvice: row.retryAdvice,
    look: row.look,
    related: row.related,
    grpcStatus: row.status,
  });
}

/** 1801–1816: statuses that the server sent. OK is no failure and has no code. */
export const GRPC_ENTRIES: readonly CodeEntry[] = GRPC_STATUSES.filter((row) => row.status > 0).map(grpcEntry);
