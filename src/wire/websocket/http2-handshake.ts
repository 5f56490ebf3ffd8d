// The opening handshake as a CONNECT of HTTP/2 (RFC 8441, section 5).
import { HttpResponse } from '../http1/exchange.ts';
import type { Http2Connection } from '../http2/connection.ts';
import { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { HeaderField } from '../http2/hpack/header-field.ts';
import { REASON_PHRASES } from '../http2/reason-phrases.ts';
import type { Http2Stream, StreamHandler } from '../http2/stream.ts';
import { StreamTunnel } from '../http2/stream-tunnel.ts';
import { startTimings } from '../net/timings.ts';
import { WireError } from '../net/wire-error.ts';
import {
  checkHeaders,
  DEFLATE_OFFER,
  type HandshakeListener,
  type HandshakeRequest,
  readExtensions,
} from './handshake.ts';

/** What a server may say instead of agreeing. */
const MAX_BODY = 256 * 1024;
/** Said by pseudo headers, or of a connection of HTTP/1.1. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-length',
]);

export class Http2Handshake implements StreamHandler {
  readonly #http2: Http2Connection;
  readonly #request: HandshakeRequest;
  readonly #listener: HandshakeListener<StreamTunnel>;
  readonly #onOver: () => void;
  #stream: Http2Stream | null = null;
  #tunnel: StreamTunnel | null = null;
  /** The head of an answer that is no agreement. */
  #refusal: { readonly fields: readonly HeaderField[]; readonly status: number } | null = null;
  #body: Buffer[] = [];
  #length = 0;
  #over = false;

  /** @param onOver the stream is not needed any more: refused, given up, or at its end; called once */
  constructor(
    http2: Http2Connection,
    request: HandshakeRequest,
    listener: HandshakeListener<StreamTunnel>,
    onOver: () => void,
  ) {
    this.#http2 = http2;
    this.#request = request;
    this.#listener = listener;
    this.#onOver = onOver;
  }

  /** @throws Error when a header is the handshake's own */
  start(): void {
    const { authority, path, headers, protocols, compression } = this.#request;
    checkHeaders(headers, protocols);
    const given = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
    const fields: HeaderField[] = [
      { name: ':method', value: 'CONNECT' },
      { name: ':protocol', value: 'websocket' },
      { name: ':scheme', value: 'https' },
      { name: ':authority', value: given ?? authority },
      { name: ':path', value: path },
      { name: 'sec-websocket-version', value: '13' },
    ];
    if (protocols.length > 0) fields.push({ name: 'sec-websocket-protocol', value: protocols.join(', ') });
    if (compression) fields.push({ name: 'sec-websocket-extensions', value: DEFLATE_OFFER });
    for (const [name, value] of headers) {
      const lower = name.toLowerCase();
      if (!NOT_SENT.has(lower)) fields.push({ name: lower, value });
    }
    this.#stream = this.#http2.open(new HeaderBlock(fields), this, { endStream: false });
  }

  /** Gives up; nothing more is called back. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stream?.cancel();
    this.#onOver();
  }

  onHeaders(fields: readonly HeaderField[], status: number): void {
    if (this.#over) return;
    if (status < 200 || status > 299) {
      this.#refusal = { fields, status };
      return;
    }
    const response = this.#responseOf(fields, status, null);
    const one = (name: string): string => response.values(name).join(', ');
    const extensions = one('sec-websocket-extensions');
    const { fault, compression } = readExtensions(extensions, this.#request.compression);
    if (fault !== null) {
      this.#fail(new WireError(1901, `websocket: bad handshake: ${fault}`), response);
      return;
    }
    this.#over = true;
    this.#tunnel = new StreamTunnel(this.#stream as Http2Stream, this.#onOver);
    const protocol = one('sec-websocket-protocol');
    const agreement = { response, protocol, extensions, compression, rest: Buffer.alloc(0) };
    this.#listener.onAgreed(agreement, this.#tunnel);
  }

  onData(chunk: Buffer): void {
    if (this.#tunnel !== null) this.#tunnel.receive(chunk);
    else if (!this.#over) {
      this.#length += chunk.length;
      if (this.#length > MAX_BODY) this.#refuse();
      else this.#body.push(Buffer.from(chunk));
    }
  }

  onTrailers(): void {}

  onEnd(): void {
    if (this.#tunnel !== null) this.#tunnel.finish(null);
    else this.#refuse();
  }

  onError(error: WireError): void {
    if (this.#tunnel !== null) this.#tunnel.finish(error);
    else this.#fail(error, null);
  }

  onWritable(): void {
    this.#tunnel?.drained();
  }

  #refuse(): void {
    if (this.#refusal === null) return;
    const { fields, status } = this.#refusal;
    this.#fail(
      new WireError(1901, `websocket: bad handshake: the server answered with status ${status}`),
      this.#responseOf(fields, status, Buffer.concat(this.#body)),
    );
  }

  #responseOf(fields: readonly HeaderField[], status: number, body: Buffer | null): HttpResponse {
    const headers = fields
      .filter(({ name }) => name.charCodeAt(0) !== 58)
      .map(({ name, value }): [string, string] => [name, value]);
    const { connection } = this.#http2;
    const reason = REASON_PHRASES[status] ?? '';
    return new HttpResponse(status, reason, 'HTTP/2.0', headers, body, body === null, startTimings(), connection);
  }

  #fail(error: WireError, response: HttpResponse | null): void {
    if (this.#over) return;
    this.cancel();
    this.#listener.onRefused(error, response);
  }
}
