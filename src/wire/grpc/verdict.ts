import { grpcCode, httpCode } from '../../codes/catalogue.ts';
import { findHttpStatus } from '../../codes/find-http-status.ts';
import { codeToGrpc, httpToGrpc, resetToGrpc } from '../../codes/status-mapping.ts';
import type { HeaderField } from '../http2/hpack/header-field.ts';
import { Http2Failure } from '../http2/http2-failure.ts';
import { errorName } from '../http2/protocol.ts';
import type { WireError } from '../net/wire-error.ts';
import { decodeStatusMessage } from './status-message.ts';

/** How a call ended. */
export interface Verdict {
  /** 0–16, or whatever number the server sent. */
  readonly status: number;
  readonly message: string;
  /** Of the catalogue: 0 for OK, 18xx when the server sent the status, else why the call failed below gRPC. */
  readonly errorCode: number;
}

export const INTERNAL = 13;

/** @param errorCode of the catalogue, see {@link Verdict.errorCode} */
export function verdict(status: number, message: string, errorCode: number): Verdict {
  return { status, message, errorCode };
}

const OK: Verdict = verdict(0, '', 0);

function find(fields: readonly HeaderField[], name: string): string | null {
  for (const field of fields) if (field.name === name) return field.value;
  return null;
}

/** The verdict that a trailer section (or Trailers-Only) carries; null when it has no `grpc-status`. */
export function readTrailers(fields: readonly HeaderField[]): Verdict | null {
  const text = find(fields, 'grpc-status');
  if (text === null) return null;
  if (text === '0') return OK;
  if (!/^[+-]?\d{1,10}$/.test(text) || Math.abs(Number(text)) > 0x7fff_ffff) {
    const why = `strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`;
    return verdict(2, `transport: malformed grpc-status: ${why}`, 1041);
  }
  const status = Number(text);
  if (status === 0) return OK;
  const message = find(fields, 'grpc-message');
  return verdict(status, message === null ? '' : decodeStatusMessage(message), grpcCode(status));
}

export const MISSING_STATUS: Verdict = verdict(2, 'the server ended the call without a grpc-status', 1041);
export const MISSING_TRAILERS: Verdict = verdict(INTERNAL, 'server closed the stream without sending trailers', 1041);

/** What grpc-go says where the method is not server-streaming. */
export const TWO_MESSAGES = verdict(
  INTERNAL,
  'cardinality violation: expected <EOF> for non server-streaming RPCs, but received another message',
  1041,
);
export const NO_MESSAGE = verdict(
  INTERNAL,
  'cardinality violation: received no response message from non server-streaming RPC',
  1041,
);

function findContentTypeFault(fields: readonly HeaderField[]): string | null {
  const type = find(fields, 'content-type');
  if (type === null) return 'malformed header: missing HTTP content-type';
  return /^application\/grpc(?:$|[+;])/i.test(type)
    ? null
    : `transport: received unexpected content-type ${JSON.stringify(type)}`;
}

/** What the headers of an answer mean for a call. */
export interface AnswerHead {
  /** The answer is not gRPC, and its body must not be read. */
  readonly refusal: Verdict | null;
  /** `grpc-encoding`, or null. */
  readonly encoding: string | null;
}

/** Judges the first headers; `endStream` when there is nothing behind them (Trailers-Only). */
export function readAnswerHead(fields: readonly HeaderField[], httpStatus: number, endStream: boolean): AnswerHead {
  const encoding = find(fields, 'grpc-encoding');
  const typeFault = findContentTypeFault(fields);
  if (httpStatus === 200 && typeFault === null) return { refusal: null, encoding };
  if (endStream && find(fields, 'grpc-status') !== null) return { refusal: null, encoding };
  const faults: string[] = [];
  if (httpStatus !== 200) {
    const name = findHttpStatus(httpStatus)?.phrase ?? '';
    faults.push(`unexpected HTTP status code received from server: ${httpStatus} (${name})`);
  }
  if (typeFault !== null) faults.push(typeFault);
  const status = httpStatus === 200 ? 2 : httpToGrpc(httpStatus);
  const code = httpStatus >= 400 ? httpCode(httpStatus) : 1041;
  return { refusal: verdict(status, faults.join('; '), code), encoding };
}

/** The verdict of a call whose stream or connection failed. Texts as grpc-go's where it has one for the case. */
export function readFailure(error: WireError): Verdict {
  if (!(error instanceof Http2Failure)) {
    if (error.code === 1040) return verdict(14, 'error reading from server: EOF', 1040);
    if (error.code >= 1200 && error.code < 1300)
      return verdict(14, `error reading from server: ${error.message}`, error.code);
    return verdict(codeToGrpc(error.code), error.message, error.code);
  }
  switch (error.family) {
    case 'stream':
      if (!error.byPeer) return verdict(INTERNAL, error.message, error.code);
      return verdict(
        resetToGrpc(error.http2Error, 'grpc-go'),
        `stream terminated by RST_STREAM with error code: ${errorName(error.http2Error)}`,
        error.code,
      );
    case 'goaway':
      return verdict(14, `closing transport due to: ${error.message}`, error.code);
    case 'connection':
      return verdict(14, error.message, error.code);
  }
}

/** The verdict of a call that found no connection. */
export function readDialFailure(error: WireError): Verdict {
  if (error.code === 1030) return verdict(1, error.message, 1030);
  const text = `connection error: desc = "transport: Error while dialing: ${error.message}"`;
  return verdict(14, text, error.code);
}
