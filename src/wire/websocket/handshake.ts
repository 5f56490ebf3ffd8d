// The opening handshake (RFC 6455, section 4.1) as an exchange of HTTP/1.1.
import { createHash, randomBytes } from 'node:crypto';
import { HttpResponse } from '../http1/exchange.ts';
import { Head, INCOMPLETE, MALFORMED, NOT_HTTP } from '../http1/head-scanner.ts';
import type { ReceivedHeaders } from '../http1/received-headers.ts';
import { writeHead } from '../http1/request-writer.ts';
import { DONE, FAILED, MAX_HEAD_BYTES, ResponseParser } from '../http1/response-parser.ts';
import type { Connection, ConnectionHandler } from '../net/connection.ts';
import { startTimings } from '../net/timings.ts';
import { WireError } from '../net/wire-error.ts';
import { HANDSHAKE_GUID } from './protocol.ts';

export interface HandshakeRequest {
  /** `host:port` as the Host header has it. */
  readonly authority: string;
  /** With its query. */
  readonly path: string;
  /** The caller's own; those of the handshake go before them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly protocols: readonly string[];
  /** Whether to offer permessage-deflate. */
  readonly compression: boolean;
}

/** The server has agreed. */
export interface Agreement {
  readonly response: HttpResponse;
  /** The subprotocol that it chose, or empty. */
  readonly protocol: string;
  /** `Sec-WebSocket-Extensions` as the server wrote it. */
  readonly extensions: string;
  readonly compression: boolean;
  /** What came behind the head: the first frames. */
  readonly rest: Buffer;
}

/** Of a handshake that goes over a channel of some kind. */
export interface HandshakeListener<Channel> {
  onAgreed(agreement: Agreement, channel: Channel): void;
  /** @param response what the server answered instead, if it answered */
  onRefused(error: WireError, response: HttpResponse | null): void;
}

/** A head is read so far; a server that sends more without an end has something else in mind. */
const MAX_HEAD = 256 * 1024;
/** Those that the handshake writes itself; the subprotocol may also come as a header, as many scripts have it. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'upgrade',
  'connection',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
]);
/** Each message by itself, so that an idle socket keeps no window of either side. */
export const DEFLATE_OFFER = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';

/** The phases of a handshake are told together, as `ws_connecting`. */
const NOT_TIMED = startTimings();

/** Performs the handshake on a connection that has just been dialled; then the connection is the caller's again. */
export class Handshake implements ConnectionHandler {
  readonly #connection: Connection;
  readonly #request: HandshakeRequest;
  readonly #listener: HandshakeListener<Connection>;
  readonly #key = randomBytes(16).toString('base64');
  #read: Buffer = Buffer.alloc(0);
  /** Octets of the heads that went before the answer. */
  #interimLength = 0;
  /** Reads an answer that is no agreement, with its body. */
  #refusal: ResponseParser | null = null;
  /** Whether what has come begins as an answer of HTTP does. */
  #answered = false;
  #over = false;

  constructor(connection: Connection, request: HandshakeRequest, listener: HandshakeListener<Connection>) {
    this.#connection = connection;
    this.#request = request;
    this.#listener = listener;
  }

  /** @throws Error when a header cannot be written, or is the handshake's own */
  start(): void {
    const { authority, path, headers, protocols, compression } = this.#request;
    const given = new Set(headers.map(([name]) => name.toLowerCase()));
    checkHeaders(headers, protocols);
    const own: (readonly [string, string])[] = [
      ['Host', authority],
      ['Upgrade', 'websocket'],
      ['Connection', 'Upgrade'],
      ['Sec-WebSocket-Key', this.#key],
      ['Sec-WebSocket-Version', '13'],
    ];
    if (protocols.length > 0) own.push(['Sec-WebSocket-Protocol', protocols.join(', ')]);
    if (compression) own.push(['Sec-WebSocket-Extensions', DEFLATE_OFFER]);
    const head = writeHead({
      method: 'GET',
      scheme: 'http',
      host: authority,
      port: 0,
      path,
      headers: [...own.filter(([name]) => name !== 'Host' || !given.has('host')), ...headers] as [string, string][],
      body: null,
    });
    this.#connection.handler = this;
    this.#connection.write(head);
  }

  /** Gives up; nothing more is called back. */
  cancel(): void {
    this.#over = true;
    this.#connection.destroy();
  }

  onData(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#refusal !== null) {
      this.#pushRefusal(chunk);
      return;
    }
    this.#read = this.#read.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#read, chunk]);
    // 100 and 103 go before the answer, any number of times, as long as they measure no more than HTTP takes.
    while (this.#readHead());
  }

  /** @returns whether there may be another head behind it */
  #readHead(): boolean {
    const head = new Head();
    const end = head.scan(this.#read, 0, this.#read.length);
    this.#answered ||= this.#read.length > 0 && head.fault !== NOT_HTTP;
    if (end === INCOMPLETE) {
      if (this.#read.length > MAX_HEAD)
        this.#fail(new WireError(1042, 'websocket: the answer to the handshake has no end'));
    } else if (end === MALFORMED) this.#fail(new WireError(1041, head.fault));
    else if (head.status === 101) this.#agree(head, end);
    else if (head.status < 200) {
      this.#read = this.#read.subarray(end);
      this.#interimLength += end;
      if (this.#interimLength <= MAX_HEAD_BYTES) return true;
      this.#fail(new WireError(1042, `server response headers exceeded ${MAX_HEAD_BYTES} bytes`));
    } else {
      this.#refusal = new ResponseParser();
      this.#refusal.reset(false, true);
      this.#pushRefusal(this.#read);
    }
    return false;
  }

  onDrain(): void {}

  onClose(error: WireError | null): void {
    if (this.#over) return;
    const refusal = this.#refusal;
    if (error === null && refusal !== null && refusal.end() === DONE) this.#refuse(refusal);
    else this.#fail(error ?? new WireError(1040, 'EOF'));
  }

  onFault(failure: WireError): void {
    this.#fail(failure);
  }

  #agree(head: Head, end: number): void {
    const response = this.#responseOf(
      101,
      this.#read.toString('latin1', head.reasonStart, head.reasonEnd),
      this.#read.toString('latin1', head.linesStart, head.linesEnd),
      null,
    );
    const one = (name: string): string => response.values(name).join(', ');
    const fault = (): string | null => {
      if (one('upgrade').toLowerCase() !== 'websocket') return 'its Upgrade is not websocket';
      if (!/(?:^|,)\s*upgrade\s*(?:,|$)/i.test(one('connection'))) return 'its Connection does not say Upgrade';
      const expected = createHash('sha1')
        .update(this.#key + HANDSHAKE_GUID)
        .digest('base64');
      if (one('sec-websocket-accept') !== expected) return 'its Sec-WebSocket-Accept is not for our key';
      // The subprotocol is taken as the server says, offered or not: as k6 does, and scripts rely on it.
      return readExtensions(one('sec-websocket-extensions'), this.#request.compression).fault;
    };
    const reason = fault();
    if (reason !== null) {
      this.#fail(new WireError(1901, `websocket: bad handshake: ${reason}`), response);
      return;
    }
    this.#over = true;
    const extensions = one('sec-websocket-extensions');
    const agreement = {
      response,
      protocol: one('sec-websocket-protocol'),
      extensions,
      compression: readExtensions(extensions, this.#request.compression).compression,
      rest: this.#read.subarray(end),
    };
    this.#listener.onAgreed(agreement, this.#connection);
  }

  #pushRefusal(bytes: Buffer): void {
    const refusal = this.#refusal as ResponseParser;
    const progress = refusal.push(bytes);
    if (progress === DONE) this.#refuse(refusal);
    else if (progress === FAILED) this.#fail(new WireError(refusal.errorCode, refusal.errorMessage));
  }

  #refuse(parser: ResponseParser): void {
    const response = this.#responseOf(parser.status, parser.statusText, parser.headers, parser.body);
    this.#fail(
      new WireError(1901, `websocket: bad handshake: the server answered with status ${parser.status}`),
      response,
    );
  }

  #responseOf(status: number, reason: string, headers: ReceivedHeaders | string, body: Buffer | null): HttpResponse {
    return new HttpResponse(status, reason, 'HTTP/1.1', headers, body, body === null, NOT_TIMED, this.#connection);
  }

  #fail(error: WireError, response: HttpResponse | null = null): void {
    if (this.#over) return;
    error.answered ||= this.#answered;
    this.cancel();
    this.#listener.onRefused(error, response);
  }
}

/** @throws Error when a header is the handshake's own */
export function checkHeaders(headers: HandshakeRequest['headers'], protocols: readonly string[]): void {
  for (const [name] of headers) {
    const key = name.toLowerCase();
    if (OWN_HEADERS.has(key) || (key === 'sec-websocket-protocol' && protocols.length > 0))
      throw new Error(`websocket: duplicate header not allowed: ${name}`);
  }
}

/** What the server accepted of our offer (RFC 7692, section 7.1): only what was offered, as it was offered. */
export function readExtensions(header: string, offered: boolean): { compression: boolean; fault: string | null } {
  if (header.trim() === '') return { compression: false, fault: null };
  const refuse = (what: string) => ({
    compression: false,
    fault: `it uses the extension ${what}, which was not offered`,
  });
  const [name = '', ...parameters] = header.split(';').map((part) => part.trim());
  if (!offered || name !== 'permessage-deflate' || header.includes(',')) return refuse(header.slice(0, 100));
  for (const parameter of parameters) {
    const [key = '', value] = parameter.split('=').map((part) => part.trim());
    const isWindow = key === 'server_max_window_bits' && /^"?(?:[89]|1[0-5])"?$/.test(value ?? '');
    if (key !== 'server_no_context_takeover' && key !== 'client_no_context_takeover' && !isWindow)
      return refuse(parameter);
  }
  // Without it a message would need those before it.
  if (!parameters.includes('server_no_context_takeover')) return refuse('permessage-deflate with context takeover');
  return { compression: true, fault: null };
}
