import { CATALOGUE, findCode, findCodeByName, httpCode } from './catalogue.ts';
import { classify, type Phase } from './classify.ts';
import type { CodeEntry } from './code-entry.ts';
import { EXIT_CODES, type ExitCodeEntry, findExitCode } from './exit-codes.ts';
import { findConstant } from './find-constant.ts';
import { findHttpStatus, findPlainHttpStatus } from './find-http-status.ts';
import { GRPC_STATUSES, type GrpcStatus } from './grpc-status.ts';
import { PLAIN_HTTP_STATUSES, type PlainHttpStatus } from './http-plain-status.ts';
import { HTTP_STATUSES } from './http-status.ts';
import { HTTP2_ERRORS, type Http2Error } from './http2-error.ts';
import { findWebSocketClose, WEBSOCKET_CLOSES, type WebSocketClose } from './websocket-close.ts';

/** What somebody may ask about. */
export type Subject =
  | { readonly kind: 'code'; readonly entry: CodeEntry }
  | { readonly kind: 'grpc'; readonly status: GrpcStatus; readonly entry: CodeEntry | undefined }
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly entry: CodeEntry | undefined;
      /** Of a status that is no failure and has a name. */
      readonly plain: PlainHttpStatus | undefined;
    }
  | { readonly kind: 'close'; readonly close: WebSocketClose }
  | { readonly kind: 'exit'; readonly exit: ExitCodeEntry }
  | { readonly kind: 'http2'; readonly error: Http2Error; readonly entries: readonly CodeEntry[] }
  | {
      readonly kind: 'errno';
      readonly errno: string;
      readonly entries: readonly { phases: readonly Phase[]; entry: CodeEntry }[];
    };

const PHASES: readonly Phase[] = ['lookup', 'dial', 'tls', 'write', 'read'];

/** By number 0–16, canonical name (`CANCELLED`, `canceled`) or script constant (`StatusCanceled`); case does not count. */
export function findGrpcStatus(which: number | string): GrpcStatus | undefined {
  if (typeof which === 'number') return GRPC_STATUSES[which];
  const wanted = which.toUpperCase();
  if (wanted === 'CANCELED') return GRPC_STATUSES[1];
  return GRPC_STATUSES.find(
    (row) =>
      row.name === wanted || row.constant.toUpperCase() === wanted || row.constant.slice(6).toUpperCase() === wanted,
  );
}

/** By number 0–13 or name (`REFUSED_STREAM`, with or without `NGHTTP2_`). */
export function findHttp2Error(which: number | string): Http2Error | undefined {
  if (typeof which === 'number') return HTTP2_ERRORS[which];
  const wanted = which.toUpperCase().replace(/^NGHTTP2_/, '');
  return HTTP2_ERRORS.find((row) => row.name === wanted);
}

/** What an errno, or a code of Node or OpenSSL, becomes in each phase; nothing where no entry names it. */
export function findErrno(errno: string): { phases: readonly Phase[]; entry: CodeEntry }[] {
  const wanted = errno.toUpperCase();
  const named = CATALOGUE.filter((entry) => entry.errnos?.some((pattern) => matches(pattern, wanted)));
  if (named.length === 0) return [];
  const code = exactCase(named, wanted);
  const found = new Map<CodeEntry, Phase[]>();
  for (const phase of PHASES) {
    const entry = classify({ code, message: '', syscall: phase === 'dial' ? 'connect' : '' }, phase);
    // What merely falls through to a category's last resort is no news.
    if (entry.code % 100 !== 0 || named.includes(entry)) found.set(entry, [...(found.get(entry) ?? []), phase]);
  }
  const isNamed = ({ entry }: { entry: CodeEntry }) => Number(named.includes(entry));
  return [...found].map(([entry, phases]) => ({ phases, entry })).sort((a, b) => isNamed(b) - isNamed(a));
}

function matches(pattern: string, errno: string): boolean {
  return new RegExp(`^${pattern.toUpperCase().replaceAll('*', '.*')}$`).test(errno);
}

/** zstd's codes are the only ones that are not all capitals. */
function exactCase(named: readonly CodeEntry[], wanted: string): string {
  return named
    .flatMap((entry) => entry.errnos ?? [])
    .some((pattern) => pattern.startsWith('ZSTD_error_') && matches(pattern, wanted))
    ? `ZSTD_error_${wanted.slice(11).toLowerCase()}`
    : wanted;
}

/**
 * Everything that `text` may mean: a number of the catalogue, its name, a gRPC status (number, name), an HTTP status, a constant of
 * some language for either, an HTTP/2 error code, a close code of WebSocket, an exit code, or an errno. A word before it (`http 503`, `grpc 5`,
 * `http2 8`, `close 1006`, `exit 99`) settles which. Whole messages are for `readMessage`.
 * @returns the subjects, likeliest first; empty where nothing fits
 */
export function lookUp(text: string): Subject[] {
  const constants = isConstant(text) ? constantSubjects(text.trim()) : [];
  if (constants.length > 0) return constants;
  const words = text
    .trim()
    .split(/[\s:=/]+/)
    .filter(Boolean);
  const protocol = protocolOf(words);
  const rest = protocol === undefined ? words.join(' ') : words.slice(protocol.words).join(' ');
  const number = /^\d+$/.test(rest) ? Number(rest) : null;
  const found = number === null ? byName(rest) : byNumber(number, protocol?.name);
  if (protocol === undefined) return found.length > 0 ? found : constantSubjects(text.trim());
  const fitting = found.filter((subject) => belongsTo(subject, protocol.name));
  // `HTTP Version Not Supported` begins with a protocol, but is a name as a whole.
  return fitting.length > 0 ? fitting : byName(words.join(' '));
}

/** Whether a text can be nothing but a constant; one that is a word of prose as well (`OK`, `conflict`) is looked up as a name first. */
function isConstant(text: string): boolean {
  return /[.:\\]\w|^\s*(?:HTTP_|STATUS_|Status[A-Z])/.test(text);
}

function constantSubjects(text: string): Subject[] {
  return findConstant(text).map(({ protocol, status }) =>
    protocol === 'grpc' ? grpcSubject(GRPC_STATUSES[status]!) : httpSubject(status),
  );
}

type Protocol = 'http' | 'grpc' | 'http2' | 'code' | 'errno' | 'close' | 'exit';

function protocolOf(words: readonly string[]): { name: Protocol; words: number } | undefined {
  if (words.length < 2) return undefined;
  const first = words[0]!.toLowerCase();
  if (first === 'http' && words[1] === '2' && words.length > 2) return { name: 'http2', words: 2 };
  if (first === 'http' || first === 'status') return { name: 'http', words: 1 };
  if (first === 'grpc') return { name: 'grpc', words: 1 };
  if (['http2', 'h2', 'rst', 'rst_stream', 'goaway'].includes(first)) return { name: 'http2', words: 1 };
  if (first === 'code' || first === 'error_code') return { name: 'code', words: 1 };
  if (['close', 'websocket', 'ws', 'exit'].includes(first))
    return {
      name: first === 'exit' ? 'exit' : 'close',
      words: /^(?:code|close)$/i.test(words[1]!) && words.length > 2 ? 2 : 1,
    };
  return first === 'errno' ? { name: 'errno', words: 1 } : undefined;
}

function belongsTo(subject: Subject, protocol: Protocol): boolean {
  if (subject.kind === protocol) return true;
  if (subject.kind !== 'code') return false;
  if (protocol === 'grpc') return subject.entry.grpcStatus !== undefined;
  return protocol === 'http2'
    ? subject.entry.http2 !== undefined
    : protocol === 'http' && subject.entry.httpStatus !== undefined;
}

function byNumber(number: number, protocol: Protocol | undefined): Subject[] {
  const subjects: Subject[] = [];
  const entry = findCode(number);
  if (entry)
    subjects.push(
      entry.grpcStatus === undefined ? { kind: 'code', entry } : grpcSubject(GRPC_STATUSES[entry.grpcStatus]!),
    );
  const grpc = findGrpcStatus(number);
  if (grpc) subjects.push(grpcSubject(grpc));
  if (number >= 100 && number <= 999) subjects.push(httpSubject(number));
  const close = findWebSocketClose(number);
  if (close && (protocol === 'close' || !entry)) subjects.push({ kind: 'close', close });
  const exit = findExitCode(number);
  if (exit && (protocol === 'exit' || number > 16)) subjects.push({ kind: 'exit', exit });
  const http2 = protocol === 'http2' ? findHttp2Error(number) : undefined;
  if (http2) subjects.push(http2Subject(http2));
  return subjects;
}

function byName(text: string): Subject[] {
  const subjects: Subject[] = [];
  const name = text.replaceAll(/[\s-]+/g, '_');
  const entry = findCodeByName(name.toLowerCase());
  if (entry) subjects.push({ kind: 'code', entry });
  const grpc = findGrpcStatus(name);
  if (grpc) subjects.push(grpcSubject(grpc));
  const http2 = findHttp2Error(name);
  if (http2) subjects.push(http2Subject(http2));
  const http = findHttpStatus(text) ?? findPlainHttpStatus(text);
  if (http) subjects.push(httpSubject(http.status));
  const close = findWebSocketClose(text);
  if (close) subjects.push({ kind: 'close', close });
  const exit = findExitCode(text);
  if (exit && exit.name !== 'ok' && exit.name !== 'other') subjects.push({ kind: 'exit', exit });
  const errnos = findErrno(name);
  if (errnos.length > 0) subjects.push({ kind: 'errno', errno: name.toUpperCase(), entries: errnos });
  return subjects;
}

/** What there is to say about an HTTP status, 100–999. */
export function httpSubject(status: number): Subject {
  return { kind: 'http', status, entry: findCode(httpCode(status)), plain: findPlainHttpStatus(status) };
}

export function grpcSubject(status: GrpcStatus): Subject {
  return { kind: 'grpc', status, entry: findCode(1800 + status.status) };
}

function http2Subject(error: Http2Error): Subject {
  return { kind: 'http2', error, entries: [1611, 1631, 1651].map((base) => findCode(base + error.error)!) };
}

/** Every name that `lookUp` knows, for suggestions. */
export function knownNames(): string[] {
  return [
    ...CATALOGUE.map((entry) => entry.name),
    ...GRPC_STATUSES.flatMap((row) => [row.name, row.constant]),
    ...HTTP2_ERRORS.map((row) => row.name),
    ...HTTP_STATUSES.map((row) => row.phrase),
    ...PLAIN_HTTP_STATUSES.map((row) => row.phrase),
    ...WEBSOCKET_CLOSES.map((row) => row.name),
    ...EXIT_CODES.map((row) => row.name).filter((name) => name !== 'ok' && name !== 'other'),
    ...CATALOGUE.flatMap((entry) => entry.errnos ?? []).filter((errno) => !errno.includes('*')),
  ];
}
