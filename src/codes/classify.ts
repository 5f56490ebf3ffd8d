import { type Code, findCode, grpcCode, httpCode } from './catalogue.ts';
import { classifyTls } from './classify-tls.ts';
import type { CodeEntry } from './code-entry.ts';
import { codeOfMessage } from './error-phrases.ts';
import { http2Code } from './http2-codes.ts';
import { HTTP2_ERRORS } from './http2-error.ts';

/** What was being done when the error came. */
export type Phase = 'lookup' | 'dial' | 'tls' | 'write' | 'read';

/** The part of a thrown value that says what happened. */
interface Evidence {
  readonly name: string;
  readonly code: string;
  readonly number: number | null;
  readonly syscall: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const LOOKUP: Readonly<Record<string, Code>> = {
  ENOTFOUND: 1101,
  ENODATA: 1101,
  EBADNAME: 1101,
  EAI_NONAME: 1101,
  EAI_NODATA: 1101,
  EAI_ADDRFAMILY: 1101,
  ETIMEOUT: 1102,
  ETIMEDOUT: 1102,
  EAI_AGAIN: 1103,
  ESERVFAIL: 1103,
  EREFUSED: 1104,
  ECONNREFUSED: 1104,
  ECANCELLED: 1030,
  EAI_CANCELED: 1030,
  EMFILE: 1217,
  ENFILE: 1217,
};

/** Codes that only a resolver gives, whatever the phase. */
const RESOLVER_ONLY =
  /^(?:ENOTFOUND|ENODATA|EBADNAME|ETIMEOUT|ESERVFAIL|EREFUSED|EFORMERR|ENOTIMP|EBADRESP|EBADQUERY|EBADFAMILY|EBADSTR|ENONAME|EBADHINTS|ENOTINITIALIZED|EAI_\w+)$/;
const RESOLVER_SYSCALL = /^(?:getaddrinfo|getnameinfo|query\w*)$/;

const DIAL: Readonly<Record<string, Code>> = {
  ETIMEDOUT: 1211,
  ECONNREFUSED: 1212,
  EHOSTUNREACH: 1214,
  ENETUNREACH: 1215,
  EADDRNOTAVAIL: 1216,
  EMFILE: 1217,
  ENFILE: 1217,
  ECONNRESET: 1220,
  ECONNABORTED: 1220,
  EPIPE: 1201,
};

const CONNECTED: Readonly<Record<string, Code>> = {
  EPIPE: 1201,
  ECONNRESET: 1220,
  ECONNABORTED: 1220,
  ECONNREFUSED: 1212,
  EMFILE: 1217,
  ENFILE: 1217,
};

/** Codes that mean one thing in any phase: Node's, llhttp's, undici's. */
const ANYWHERE: Readonly<Record<string, Code>> = {
  ERR_INVALID_URL: 1020,
  ERR_INVALID_PROTOCOL: 1020,
  ERR_UNESCAPED_CHARACTERS: 1020,
  UND_ERR_INVALID_ARG: 1020,
  ABORT_ERR: 1030,
  ECANCELED: 1030,
  UND_ERR_ABORTED: 1030,
  UND_ERR_DESTROYED: 1030,
  UND_ERR_CLOSED: 1030,
  HPE_INVALID_EOF_STATE: 1040,
  ERR_STREAM_PREMATURE_CLOSE: 1040,
  UND_ERR_SOCKET: 1040,
  HPE_HEADER_OVERFLOW: 1042,
  UND_ERR_HEADERS_OVERFLOW: 1042,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 1041,
  ERR_HTTP_INVALID_HEADER_VALUE: 1041,
  UND_ERR_HEADERS_TIMEOUT: 1050,
  UND_ERR_BODY_TIMEOUT: 1050,
  ERR_HTTP_REQUEST_TIMEOUT: 1050,
  ERR_SOCKET_CONNECTION_TIMEOUT: 1211,
  UND_ERR_CONNECT_TIMEOUT: 1211,
  Z_DATA_ERROR: 1701,
  Z_BUF_ERROR: 1701,
  Z_NEED_DICT: 1701,
  Z_STREAM_ERROR: 1701,
  ERR_BUFFER_TOO_LARGE: 1702,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 1702,
};

const TIMEOUT_OF_PHASE: Readonly<Record<Phase, Code>> = {
  lookup: 1102,
  dial: 1211,
  tls: 1323,
  write: 1050,
  read: 1050,
};
const LAST_RESORT: Readonly<Record<Phase, Code>> = { lookup: 1100, dial: 1210, tls: 1300, write: 1000, read: 1000 };

/** Of several attempts at one connection (happy eyeballs) the one that came furthest tells most: last wins. */
const TELLING = [1000, 1210, 1215, 1213, 1214, 1211, 1217, 1216, 1212];

/**
 * Turns what Node throws – sockets, `node:dns`, `node:tls`, `node:http`, `node:http2`, zlib, fetch, @grpc/grpc-js, ws – into an
 * entry of the catalogue. Chains of causes and the errors of an AggregateError are walked; an error that already carries a code
 * of the catalogue keeps it.
 * @param error whatever was thrown
 * @param phase what was being done; a resolver's or TLS's own codes are known in any phase
 */
export function classify(error: unknown, phase: Phase): CodeEntry {
  return findCode(codeOf(error, phase, new Set()) ?? LAST_RESORT[phase]) as CodeEntry;
}

function codeOf(error: unknown, phase: Phase, seen: Set<unknown>): number | undefined {
  if (typeof error === 'string') return codeOfMessage(error);
  if (typeof error !== 'object' || error === null || seen.has(error)) return undefined;
  seen.add(error);
  const fields = error as { readonly errors?: unknown; readonly cause?: unknown };
  const inner = [...(Array.isArray(fields.errors) ? fields.errors : [])]
    .map((one) => codeOf(one, phase, seen))
    .filter((code) => code !== undefined);
  if (inner.length > 0) return inner.reduce((best, code) => (rank(code) > rank(best) ? code : best));
  const own = ofEvidence(evidenceOf(error), phase);
  // A cause is nearer to what happened than the wrapper around it, unless it says less; a gRPC library's status never says more.
  const deeper = codeOf(fields.cause, phase, seen);
  if (deeper !== undefined && (own === undefined || isGeneric(own) || isGrpc(own) || !isGeneric(deeper))) return deeper;
  return own;
}

function rank(code: number): number {
  const at = TELLING.indexOf(code);
  return at < 0 ? TELLING.length : at;
}

function isGrpc(code: number): boolean {
  return code > 1800 && code < 1900;
}

function isGeneric(code: number): boolean {
  return code % 100 === 0 || code === 1202 || code === 1210 || code === 1213 || code === 1040;
}

function evidenceOf(error: object): Evidence {
  const fields = error as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    name: text(fields['name']),
    code: text(fields['code']),
    number: typeof fields['code'] === 'number' ? fields['code'] : null,
    syscall: text(fields['syscall']),
    message: text(fields['message']),
    details: fields,
  };
}

function ofEvidence(evidence: Evidence, phase: Phase): number | undefined {
  const { code, name, syscall, message } = evidence;
  if (name === 'TimeoutError') return TIMEOUT_OF_PHASE[phase];
  if (name === 'AbortError') return 1030;
  if (name === 'HTTPParserError') return 1041;
  if (evidence.number !== null) return ofNumber(evidence, evidence.number);
  if (code === '') return codeOfMessage(message);
  if (RESOLVER_ONLY.test(code) || RESOLVER_SYSCALL.test(syscall)) return LOOKUP[code] ?? 1100;
  const sure = ANYWHERE[code];
  if (sure !== undefined) return sure;
  if (code.startsWith('ERR_HTTP2_')) return ofHttp2(code, message);
  const tls = classifyTls(code, message);
  if (tls !== undefined) return tls;
  if (code.startsWith('HPE_')) return 1041;
  if (/^(?:ERR__ERROR_|ERR_BROTLI|ERR_PADDING|ZSTD_error_|Z_)/.test(code)) return 1701;
  if (code.startsWith('WS_ERR_')) return 1902;
  if (/^E[A-Z0-9]+$/.test(code)) return ofErrno(code, syscall, message, phase);
  return codeOfMessage(message);
}

function ofErrno(code: string, syscall: string, message: string, phase: Phase): Code {
  // Node reports an end of the stream where a response or handshake was due as ECONNRESET, without a system call.
  if (code === 'ECONNRESET' && syscall === '' && /hang up|disconnected|closed|aborted/i.test(message)) return 1040;
  if (phase === 'lookup' && syscall === '') return LOOKUP[code] ?? 1100;
  if (phase === 'dial' || phase === 'lookup' || syscall === 'connect' || syscall === 'bind') return DIAL[code] ?? 1213;
  return CONNECTED[code] ?? 1202;
}

/** A number in `code`: ours, or a gRPC status (grpc-js, connect). */
function ofNumber(evidence: Evidence, number: number): number | undefined {
  if (number >= 1000 && findCode(number)) return number;
  const { details } = evidence;
  const grpc = 'metadata' in details || 'details' in details || 'rawMessage' in details;
  if (!grpc || number < 0) return codeOfMessage(evidence.message);
  const text = [details['rawMessage'], details['details'], evidence.message].find((one) => typeof one === 'string');
  return ofGrpcLibrary(number, text as string) ?? (grpcCode(number) || undefined);
}

/** Which statuses a client's library gives to what happens below gRPC: only these are looked for in its words. */
const MADE_BY_CLIENTS: readonly number[] = [1, 4, 8, 13, 14];

/**
 * What happened below gRPC, by the words that grpc-js and connect have for it; a status that a server sent keeps its own code.
 * @param text what the library says, without the status
 */
function ofGrpcLibrary(status: number, text: string): number | undefined {
  // 401, 403 and 404 become statuses that only servers give otherwise: there these words have to be all.
  const http = /^(?:Received HTTP status code|HTTP) (\d{3})\b(?<rest>.*)$/s.exec(text);
  if (http && (MADE_BY_CLIENTS.includes(status) || http.groups?.['rest'] === ''))
    return httpCode(Number(http[1])) || undefined;
  if (!MADE_BY_CLIENTS.includes(status)) return undefined;
  const goaway = /^Received RST_STREAM .* internal client error: Session closed with error code (\d+)$/.exec(text);
  if (goaway) return http2Code('goaway', Number(goaway[1]));
  const reset = /^Received RST_STREAM with code (\d+)/.exec(text);
  if (reset && Number(reset[1]) > 0) return http2Code('stream', Number(reset[1]));
  return LIBRARY_WORDS.test(text) || SYSTEM_WORDS.test(text) ? codeOfMessage(text) : undefined;
}

/** How such texts begin or end: a server may say "connection refused" of a server behind it, and then it is its status that counts. */
const LIBRARY_WORDS =
  /^(?:No connection established|Name resolution failed for target|Deadline exceeded after|Cancelled on client|Stream refused by server|Bandwidth exhausted or memory limit exceeded|Connection dropped|Received message larger than max|Received RST_STREAM with code 0|message size \d+ is larger|the operation timed out|protocol error: missing status)/;

/** What Node says of a socket, and nothing more. */
const SYSTEM_WORDS = /^(?:read|write) E[A-Z]+$/;

function ofHttp2(code: string, message: string): number {
  const at = /(?:code|NGHTTP2_)\s*(?:NGHTTP2_)?(\w+)/.exec(message)?.[1] ?? '';
  const error = /^\d+$/.test(at) ? Number(at) : HTTP2_NAMES.indexOf(at);
  if (code === 'ERR_HTTP2_STREAM_ERROR') return http2Code('stream', error);
  if (code === 'ERR_HTTP2_SESSION_ERROR') return http2Code('goaway', error);
  if (code === 'ERR_HTTP2_GOAWAY_SESSION') return 1610;
  if (code === 'ERR_HTTP2_STREAM_CANCEL') return 1040;
  if (code === 'ERR_HTTP2_ERROR') return ofNghttp2(message);
  return 1600;
}

const HTTP2_NAMES: readonly string[] = HTTP2_ERRORS.map((row) => row.name);

/** nghttp2's own texts, for connection errors that it found (nghttp2_strerror). */
function ofNghttp2(message: string): number {
  if (/header.*(?:compress|decompress)|hd /i.test(message)) return http2Code('connection', 9);
  if (/flow control/i.test(message)) return http2Code('connection', 3);
  if (/frame size/i.test(message)) return http2Code('connection', 6);
  if (/protocol error|settings|bad client magic/i.test(message)) return http2Code('connection', 1);
  return 1650;
}
