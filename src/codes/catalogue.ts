import { type CodeEntry, entryOf } from './code-entry.ts';
import { CONTENT_CODES } from './content-codes.ts';
import { DNS_CODES } from './dns-codes.ts';
import { GENERAL_CODES } from './general-codes.ts';
import { GRPC_ENTRIES, type GrpcCode, type GrpcCodeName } from './grpc-codes.ts';
import { HTTP_ENTRIES, type HttpCode, type HttpCodeName, unnamedHttpEntry } from './http-codes.ts';
import { HTTP2_ENTRIES, type Http2Code, type Http2CodeName } from './http2-codes.ts';
import { MQTT_CODES } from './mqtt-codes.ts';
import { REDIS_CODES } from './redis-codes.ts';
import { SQL_CODES } from './sql-codes.ts';
import { SSH_CODES } from './ssh-codes.ts';
import { TCP_CODES } from './tcp-codes.ts';
import { TLS_CODES } from './tls-codes.ts';
import { WEBSOCKET_CODES } from './websocket-codes.ts';

type Written =
  | (typeof GENERAL_CODES)[number]
  | (typeof DNS_CODES)[number]
  | (typeof TCP_CODES)[number]
  | (typeof TLS_CODES)[number]
  | (typeof CONTENT_CODES)[number]
  | (typeof WEBSOCKET_CODES)[number]
  | (typeof REDIS_CODES)[number]
  | (typeof MQTT_CODES)[number]
  | (typeof SSH_CODES)[number]
  | (typeof SQL_CODES)[number];

/** Codes that are written down one by one: those of HTTP, gRPC and HTTP/2 are made from their statuses and errors. */
export type WrittenCode = Written['code'];
/** Every number of the catalogue. */
export type Code = WrittenCode | HttpCode | Http2Code | GrpcCode;
/** Every name of the catalogue. */
export type CodeName = Written['name'] | HttpCodeName | Http2CodeName | GrpcCodeName;

/** Numbers that were given up: never to be used again, since results on record still carry them. */
export const RETIRED_CODES: readonly number[] = [];

/** A hundred of numbers that belong together. */
export interface CodeRange {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

export const CODE_RANGES: readonly CodeRange[] = [
  { from: 1000, to: 1099, title: 'General' },
  { from: 1100, to: 1199, title: 'DNS' },
  { from: 1200, to: 1299, title: 'TCP' },
  { from: 1300, to: 1399, title: 'TLS' },
  { from: 1400, to: 1499, title: 'HTTP 4xx' },
  { from: 1500, to: 1599, title: 'HTTP 5xx' },
  { from: 1600, to: 1699, title: 'HTTP/2' },
  { from: 1700, to: 1799, title: 'Content' },
  { from: 1800, to: 1899, title: 'gRPC status' },
  { from: 1900, to: 1999, title: 'WebSocket' },
  { from: 2000, to: 2099, title: 'Redis' },
  { from: 2100, to: 2199, title: 'SQL' },
  { from: 2300, to: 2399, title: 'MQTT' },
  { from: 2400, to: 2499, title: 'SSH' },
];

/** The whole catalogue, ascending by number. */
export const CATALOGUE: readonly CodeEntry[] = [
  ...[...GENERAL_CODES, ...DNS_CODES, ...TCP_CODES, ...TLS_CODES].map(entryOf),
  ...HTTP_ENTRIES,
  ...HTTP2_ENTRIES,
  ...CONTENT_CODES.map(entryOf),
  ...GRPC_ENTRIES,
  ...WEBSOCKET_CODES.map(entryOf),
  ...REDIS_CODES.map(entryOf),
  ...SQL_CODES.map(entryOf),
  ...MQTT_CODES.map(entryOf),
  ...SSH_CODES.map(entryOf),
];

const BY_CODE = new Map(CATALOGUE.map((entry) => [entry.code, entry]));
const BY_NAME = new Map(CATALOGUE.map((entry) => [entry.name, entry]));

/**
 * The entry of a number. HTTP statuses without a name of their own are found as well.
 * @param code from 1000 on; typed as a code of the catalogue it is never undefined
 */
export function findCode(code: Code): CodeEntry;
export function findCode(code: number): CodeEntry | undefined;
export function findCode(code: number): CodeEntry | undefined {
  return BY_CODE.get(code) ?? unnamedHttpEntry(code);
}

/** The entry of a name such as `connection_refused`. */
export function findCodeByName(name: CodeName): CodeEntry;
export function findCodeByName(name: string): CodeEntry | undefined;
export function findCodeByName(name: string): CodeEntry | undefined {
  return BY_NAME.get(name);
}

/**
 * The code of an answer's HTTP status.
 * @returns 1000 + status for 400–599, 1500 over that, 0 where the status is no failure
 */
export function httpCode(status: number): number {
  if (status >= 600) return 1500;
  return status >= 400 ? 1000 + status : 0;
}

/** The code of a status that a gRPC server sent: 1801–1816, 0 for OK, and that of UNKNOWN for a number that is none. */
export function grpcCode(status: number): number {
  if (status === 0) return 0;
  return status >= 1 && status <= 16 ? 1800 + status : 1802;
}
