import { findCode } from './catalogue.ts';
import { codeOfMessage } from './error-phrases.ts';
import { http2Code } from './http2-codes.ts';
import { HTTP2_ERRORS } from './http2-error.ts';
import { findErrno, findGrpcStatus, grpcSubject, httpSubject, lookUp, type Subject } from './look-up.ts';
import { findWebSocketClose } from './websocket-close.ts';

/** How libraries write a gRPC status into a message: Go, Python, C#, Java, Node, connect, and the trailer itself. */
const GRPC_PATTERNS: readonly RegExp[] = [
  /\bcode = (\w+) desc\b/,
  /\bstatus: '?(\w+)'?, (?:message|details)\b/,
  /\bStatusCode(?:\.|="?)(\w+)/,
  /StatusRuntimeException: (\w+)/,
  /(?:^|\s)\d{1,2} ([A-Z_]{2,}):/,
  /(?:^|\s)\[(\w+)\] /,
  /\bgrpc[-_]status\W+(\d{1,2})\b/i,
  /\b((?:[A-Z]+_)+(?:ARGUMENT|EXCEEDED|FOUND|EXISTS|DENIED|EXHAUSTED|PRECONDITION|RANGE|LOSS)|UNAVAILABLE|UNAUTHENTICATED|UNIMPLEMENTED)\b/,
];

const HTTP_PATTERNS: readonly RegExp[] = [
  /\bHTTP\/[\d.]+"? ([1-5]\d\d)\b/,
  /\bHTTP (?:status |error |code )*([1-5]\d\d)\b/i,
  /\bstatus(?: code)?[ :=]+([1-5]\d\d)\b/i,
  /\breturned error: ([1-5]\d\d)\b/,
  /\bstatus code received from server: ([1-5]\d\d)\b/,
  /\bresponse code[ :=]+([1-5]\d\d)\b/i,
];

/** Any number with words behind it: taken where the words are its phrase. */
const NUMBER_AND_PHRASE = /\b([1-5]\d\d) ([A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)*)/g;

/**
 * Finds out what a pasted error message is about: `read: connection reset by peer`, `rpc error: code = Unavailable desc = …`,
 * `upstream sent 502 Bad Gateway`.
 * @returns what it names, likeliest and deepest first; empty where nothing of it is known
 */
export function readMessage(message: string): Subject[] {
  const code = codeOfMessage(message);
  const found = [
    ...http2In(message),
    ...(code === undefined ? [] : [{ kind: 'code', entry: findCode(code) } as const]),
    ...errnosIn(message),
    ...grpcIn(message),
    ...httpIn(message),
    ...closeIn(message),
  ];
  const keys = found.map(keyOf);
  return found.filter((_, i) => keys.indexOf(keys[i]!) === i);
}

/** What two subjects have in common if they say the same. */
function keyOf(subject: Subject): string {
  switch (subject.kind) {
    case 'code':
      return `code ${subject.entry.code}`;
    case 'errno':
      return `code ${subject.entries[0]?.entry.code}`;
    case 'grpc':
      return `grpc ${subject.status.status}`;
    case 'http':
      return `http ${subject.status}`;
    case 'http2':
      return `http2 ${subject.error.error}`;
    case 'close':
      return `close ${subject.close.close}`;
    case 'exit':
      return `exit ${subject.exit.exit}`;
  }
}

function errnosIn(message: string): Subject[] {
  const names =
    message.match(
      /\b(?:E[A-Z][A-Z_]{2,}|ERR_[A-Z0-9_]+|HPE_[A-Z_]+|UND_ERR_[A-Z_]+|[A-Z]+_CERT[A-Z_]*|CERT_[A-Z_]+)\b/g,
    ) ?? [];
  return names.flatMap((errno): Subject[] => {
    const entries = findErrno(errno);
    return entries.length > 0 ? [{ kind: 'errno', errno, entries }] : [];
  });
}

function grpcIn(message: string): Subject[] {
  for (const pattern of GRPC_PATTERNS) {
    const name = pattern.exec(message)?.[1];
    const status = name === undefined ? undefined : findGrpcStatus(/^\d+$/.test(name) ? Number(name) : name);
    if (status && status.status > 0) return [grpcSubject(status)];
  }
  return [];
}

function httpIn(message: string): Subject[] {
  for (const pattern of HTTP_PATTERNS) {
    const status = Number(pattern.exec(message)?.[1] ?? 0);
    if (status >= 300) return [httpSubject(status)];
  }
  for (const [, number, words = ''] of message.matchAll(NUMBER_AND_PHRASE)) {
    const named = lookUp(`http ${words}`).find((subject) => subject.kind === 'http');
    if (named?.kind === 'http' && named.status === Number(number)) return [named];
  }
  return [];
}

const HTTP2_NAMES = HTTP2_ERRORS.map((row) => row.name).join('|');
const HTTP2_IN_TEXT = new RegExp(`(?:NGHTTP2_|ERR_?CODE[=: ]+|error[ _]code[=: ]+|; |\\b)(${HTTP2_NAMES})\\b`, 'i');

function http2In(message: string): Subject[] {
  if (!/http\/?2|RST_STREAM|GOAWAY|\bstream (?:error|closed|ID)/i.test(message)) return [];
  const name = HTTP2_IN_TEXT.exec(message)?.[1]?.toUpperCase();
  const number = /RST_STREAM with (?:error )?code:? ?(\d+)/i.exec(message)?.[1];
  const error = name === undefined ? Number(number ?? -1) : HTTP2_ERRORS.findIndex((row) => row.name === name);
  if (error < 0) return [];
  const family = /GOAWAY|session (?:error|closed)/i.test(message)
    ? 'goaway'
    : /connection error/i.test(message)
      ? 'connection'
      : 'stream';
  const entry = findCode(http2Code(family, error));
  return entry ? [{ kind: 'code', entry }] : [];
}

function closeIn(message: string): Subject[] {
  const number = /\bclose[d]?(?: with)?(?: code)?[ :=]+([13]\d{3})\b(?! bytes)/i.exec(message)?.[1];
  const close = number === undefined ? undefined : findWebSocketClose(Number(number));
  return close ? [{ kind: 'close', close }] : [];
}
