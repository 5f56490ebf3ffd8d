import { inNextTurn } from '../../node/next-turn.ts';
import type { Connection, ConnectionHandler } from '../net/connection.ts';
import type { Resend } from '../net/resend.ts';
import { WireError } from '../net/wire-error.ts';
import { BlockCollector } from './block-collector.ts';
import { FloodGuard } from './flood-guard.ts';
import { FrameReader } from './frame-reader.ts';
import { expectedLength, findTrailerFault, type ResponseHead, readResponseHead } from './header-section.ts';
import { type DecodedBlock, HpackDecoder } from './hpack/decoder.ts';
import { HeaderBlock } from './hpack/encoder.ts';
import type { HeaderField } from './hpack/header-field.ts';
import { connectionFailure, goawayFailure, type Http2Failure, streamFailure } from './http2-failure.ts';
import { ownSettings, PeerSettings } from './peer-settings.ts';
import {
  ACK,
  CANCEL,
  COMPRESSION_ERROR,
  CONTINUATION,
  DATA,
  DEFAULT_FRAME_SIZE,
  DEFAULT_WINDOW,
  END_HEADERS,
  END_STREAM,
  ENHANCE_YOUR_CALM,
  FLOW_CONTROL_ERROR,
  FRAME_SIZE_ERROR,
  GOAWAY,
  HEADERS,
  NO_ERROR,
  PADDED,
  PING,
  PREFACE,
  PRIORITY,
  PRIORITY_FLAG,
  PROTOCOL_ERROR,
  PUSH_PROMISE,
  REFUSED_STREAM,
  RST_STREAM,
  SETTINGS,
  STREAM_CLOSED,
  WINDOW_UPDATE,
} from './protocol.ts';
import { ReceiveWindows } from './receive-window.ts';
import type { Http2Options, Http2Request, OpenOptions } from './request-options.ts';
import { Sender } from './sender.ts';
import { Http2Stream, type StreamHandler } from './stream.ts';
import { StreamTable } from './stream-table.ts';

/** `HTT` of `HTTP/1.1`, read as the length of a frame. */
const HTTP1_AS_LENGTH = 0x485454;
const NO_MORE = 'the connection takes no more requests';

export type { Http2Options, Http2Request, OpenOptions };

/** An HTTP/2 client connection (RFC 9113) over a dialled socket. Knows nothing of pools or gRPC. */
export class Http2Connection implements ConnectionHandler {
  readonly connection: Connection;
  readonly peer = new PeerSettings();
  /** The peer's first SETTINGS have come. */
  onReady: (() => void) | null = null;
  /** No new request may be sent any more: GOAWAY, failure, or the end of the connection. Called once. */
  onUnusable: (() => void) | null = null;
  /** The connection has ended, and all its requests. Called once. */
  onClosed: (() => void) | null = null;
  /** Why the connection ended; null while it has not. */
  failure: WireError | null = null;

  readonly #sender: Sender;
  readonly #reader: FrameReader;
  readonly #decoder: HpackDecoder;
  readonly #collector: BlockCollector;
  readonly #windows: ReceiveWindows;
  readonly #flood = new FloodGuard();
  readonly #streams = new StreamTable(this.peer);
  #usable = true;
  #closed = false;
  #goaway: { lastId: number; failure: Http2Failure } | null = null;
  /** The trailers that were found to be without fault last; the decoder hands the same list out for an equal block. */
  #soundTrailers: readonly HeaderField[] | null = null;

  /** Speaks HTTP/2 on a connection; the preface leaves with the first request, or at the end of this turn. */
  static over(connection: Connection, options: Http2Options = {}): Http2Connection {
    return new Http2Connection(connection, options);
  }

  private constructor(connection: Connection, options: Http2Options) {
    this.connection = connection;
    const maxListSize = options.maxHeaderListSize ?? 1024 * 1024;
    const window = options.initialWindow ?? 256 * 1024;
    const connectionWindow = Math.max(options.connectionWindow ?? 4 * window, DEFAULT_WINDOW);
    this.#decoder = new HpackDecoder({ maxTableSize: 4096, maxListSize });
    this.#collector = new BlockCollector(maxListSize);
    this.#windows = new ReceiveWindows(
      window,
      connectionWindow,
      Math.max(window, options.maxWindow ?? 8 * 1024 * 1024),
    );
    this.#reader = new FrameReader(
      DEFAULT_FRAME_SIZE,
      (type, flags, id, bytes, start, end) => this.#onFrame(type, flags, id, bytes, start, end),
      (length) => this.#failOversized(length),
    );
    this.#sender = new Sender(connection, this.peer, this.#flood, () =>
      this.#fail(ENHANCE_YOUR_CALM, 'the server sends, but does not read what it makes us answer'),
    );
    this.#sender.output.addRaw(PREFACE);
    this.#sender.output.addSettings(ownSettings(window, maxListSize));
    if (connectionWindow > DEFAULT_WINDOW) this.#sender.output.addWindowUpdate(0, connectionWindow - DEFAULT_WINDOW);
    connection.handler = this;
    this.#sender.flushSoon();
  }

  /** Whether a new request may be sent on it (it may have to wait for a place). */
  get usable(): boolean {
    return this.#usable;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Requests in progress or waiting for a place. */
  get active(): number {
    return this.#streams.size;
  }

  /** Whether a request would be sent at once. */
  get hasRoom(): boolean {
    return this.#usable && this.#streams.hasRoom;
  }

  /** Sends a request. @throws Error when the connection is no longer {@link usable} */
  request(request: Http2Request, handler: StreamHandler): Http2Stream {
    const fields: HeaderField[] = [
      { name: ':method', value: request.method },
      { name: ':scheme', value: request.scheme },
      { name: ':authority', value: request.authority },
      { name: ':path', value: request.path },
    ];
    for (const [name, value] of request.headers) fields.push({ name, value });
    const options: OpenOptions = { endStream: true, bodiless: request.method === 'HEAD' };
    if (request.body !== null && request.body.length > 0) options.body = request.body;
    return this.open(new HeaderBlock(fields, false), handler, options);
  }

  /** As {@link request}, with a block of fields that may be used again. @throws Error when no longer {@link usable} */
  open(block: HeaderBlock, handler: StreamHandler, options: OpenOptions): Http2Stream {
    if (!this.#usable) throw new Error(NO_MORE);
    const stream = new Http2Stream(this, handler, block, options.bodiless === true);
    const { body } = options;
    if (!this.hasRoom) {
      if (body !== undefined) this.#sender.enqueue(stream, body);
      stream.ending = options.endStream;
      this.#streams.wait(stream);
      return stream;
    }
    this.#start(stream, options.endStream && body === undefined, options.askedAt);
    if (body !== undefined) this.#sender.sendBody(stream, body, options.endStream);
    return stream;
  }

  #start(stream: Http2Stream, endStream: boolean, now?: number): void {
    this.#streams.add(stream);
    stream.sendWindow = this.peer.initialWindow;
    stream.receiveLeft = this.#windows.stream;
    this.#sender.sendHeaders(stream, endStream, now);
    if (this.#streams.isUsedUp) this.#becomeUnusable();
  }

  #openWaiting(): void {
    while (this.#usable) {
      const stream = this.#streams.takeWaiting();
      if (stream === undefined) return;
      if (stream.closed) continue;
      this.#start(stream, stream.ending && stream.queued === 0);
      this.#sender.schedule(stream);
    }
  }

  /** @internal A stream has something to send. */
  scheduleSender(stream: Http2Stream): void {
    this.#sender.schedule(stream);
  }

  onDrain(): void {
    this.#sender.resume();
  }

  onData(chunk: Buffer): void {
    if (!this.#closed) this.#reader.read(chunk);
  }

  #onFrame(type: number, flags: number, id: number, bytes: Buffer, start: number, end: number): boolean {
    if (this.#collector.streamId !== 0 && (type !== CONTINUATION || id !== this.#collector.streamId))
      this.#fail(PROTOCOL_ERROR, 'another frame inside a header block');
    else if (!this.peer.received && (type !== SETTINGS || (flags & ACK) !== 0))
      this.#fail(PROTOCOL_ERROR, 'the first frame is not SETTINGS: the port may not speak HTTP/2');
    else
      switch (type) {
        case DATA:
          this.#onDataFrame(flags, id, bytes, start, end);
          break;
        case HEADERS:
          this.#onHeadersFrame(flags, id, bytes, start, end);
          break;
        case CONTINUATION:
          this.#onContinuation(flags, bytes, start, end);
          break;
        case RST_STREAM:
          this.#onReset(id, bytes, start, end);
          break;
        case SETTINGS:
          this.#onSettings(flags, id, bytes, start, end);
          break;
        case PING:
          this.#onPing(flags, id, bytes, start, end);
          break;
        case GOAWAY:
          this.#onGoaway(id, bytes, start, end);
          break;
        case WINDOW_UPDATE:
          this.#onWindowUpdate(id, bytes, start, end);
          break;
        case PUSH_PROMISE:
          this.#fail(PROTOCOL_ERROR, 'PUSH_PROMISE, though push is switched off');
          break;
        case PRIORITY:
          if (id === 0) this.#fail(PROTOCOL_ERROR, 'PRIORITY on stream 0');
          else if (end - start !== 5) this.#fail(FRAME_SIZE_ERROR, 'PRIORITY of a wrong size');
          else this.#guard();
          break;
        default:
          this.#guard();
      }
    return !this.#closed;
  }

  #failOversized(length: number): undefined {
    const what =
      length === HTTP1_AS_LENGTH && !this.peer.received
        ? 'the server answers in HTTP/1, not HTTP/2'
        : `a frame of ${length} octets, over the announced ${DEFAULT_FRAME_SIZE}`;
    this.#fail(FRAME_SIZE_ERROR, what);
  }

  #guard(): undefined {
    if (!this.#flood.admit()) this.#fail(ENHANCE_YOUR_CALM, 'a flood of frames that bring nothing');
  }

  #failIdle(id: number, name: string): undefined {
    this.#fail(PROTOCOL_ERROR, `${name} on stream ${id}, which is idle`);
  }

  #onDataFrame(flags: number, id: number, bytes: Buffer, start: number, end: number): undefined {
    const size = end - start;
    if (this.#streams.isIdle(id)) return this.#failIdle(id, 'DATA');
    if (!this.#windows.take(size)) return this.#fail(FLOW_CONTROL_ERROR, 'more DATA than the connection window admits');
    let from = start;
    let to = end;
    if ((flags & PADDED) !== 0) {
      const padding = size > 0 ? bytes[start]! : 0;
      if (padding >= size) return this.#fail(PROTOCOL_ERROR, 'DATA with more padding than payload');
      from++;
      to -= padding;
    }
    this.#windows.returnToConnection(this.#sender);
    const endStream = (flags & END_STREAM) !== 0;
    if (to > from || endStream) this.#flood.progress();
    else {
      this.#guard();
      if (this.#closed) return;
    }
    const stream = this.#streams.find(id);
    // One that we gave up: what was on its way counts for the connection only.
    if (stream === undefined) return;
    if (stream.remoteClosed) return this.#failStream(stream, STREAM_CLOSED, 'DATA behind the end of the response');
    if (!stream.answered) return this.#failStream(stream, PROTOCOL_ERROR, 'DATA before HEADERS');
    stream.receiveLeft -= size;
    if (stream.receiveLeft < 0) return this.#failStream(stream, FLOW_CONTROL_ERROR, 'more DATA than the window admits');
    const length = to - from;
    stream.receivedLength += length;
    if (stream.expectedLength >= 0 && stream.receivedLength > stream.expectedLength)
      return this.#failStream(stream, PROTOCOL_ERROR, 'more DATA than content-length says');
    if (length > 0) stream.handler.onData(bytes.subarray(from, to));
    if (stream.closed || this.#closed) return;
    if (endStream) this.#finish(stream);
    else {
      if (stream.paused) stream.held += length;
      this.credit(stream, stream.paused ? size - length : size);
    }
  }

  /** @internal Returns window for what a stream's handler is done with. */
  credit(stream: Http2Stream, octets: number): void {
    this.#windows.returnToStream(stream, octets, this.#sender);
  }

  #onHeadersFrame(flags: number, id: number, bytes: Buffer, start: number, end: number): undefined {
    if (this.#streams.isIdle(id)) return this.#failIdle(id, 'HEADERS');
    let from = start;
    let to = end;
    if ((flags & PADDED) !== 0) {
      to -= end > start ? bytes[start]! : 1;
      from++;
    }
    if ((flags & PRIORITY_FLAG) !== 0) from += 5;
    if (from > to) return this.#fail(PROTOCOL_ERROR, 'HEADERS with more padding than payload');
    const endStream = (flags & END_STREAM) !== 0;
    if ((flags & END_HEADERS) !== 0) {
      this.#onBlock(id, endStream, bytes, from, to);
      return;
    }
    this.#collector.begin(id, endStream);
    if (!this.#collector.add(bytes, from, to)) this.#fail(ENHANCE_YOUR_CALM, 'a header block that is too long');
  }

  #onContinuation(flags: number, bytes: Buffer, start: number, end: number): undefined {
    const collector = this.#collector;
    if (collector.streamId === 0) return this.#fail(PROTOCOL_ERROR, 'CONTINUATION without HEADERS');
    if (!collector.add(bytes, start, end))
      return this.#fail(ENHANCE_YOUR_CALM, 'a header block that is too long, or in too many pieces');
    if ((flags & END_HEADERS) === 0) return;
    const { streamId, endStream } = collector;
    const block = collector.finish();
    this.#onBlock(streamId, endStream, block, 0, block.length);
  }

  #onBlock(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): undefined {
    let block: DecodedBlock;
    try {
      // Also for streams that are gone: the table has to stay in step.
      block = this.#decoder.decode(bytes, start, end);
    } catch (error) {
      return this.#fail(COMPRESSION_ERROR, (error as Error).message);
    }
    const stream = this.#streams.find(id);
    if (stream === undefined) return this.#guard();
    if (stream.remoteClosed) return this.#failStream(stream, STREAM_CLOSED, 'HEADERS behind the end of the response');
    if (block.tooLarge) {
      this.#reset(stream, CANCEL);
      stream.handler.onError(new WireError(1042, "the response's header section is over the limit"), 'no');
      return;
    }
    if (stream.answered) this.#onTrailers(stream, block.fields, endStream);
    else this.#onResponseHead(stream, block, endStream);
  }

  #onTrailers(stream: Http2Stream, fields: readonly HeaderField[], endStream: boolean): undefined {
    if (!endStream) return this.#failStream(stream, PROTOCOL_ERROR, 'trailers that do not end the stream');
    if (fields !== this.#soundTrailers) {
      const fault = findTrailerFault(fields);
      if (fault !== null) return this.#failStream(stream, PROTOCOL_ERROR, fault);
      this.#soundTrailers = fields;
    }
    this.#flood.progress();
    if (this.#hasWrongLength(stream)) return;
    stream.handler.onTrailers(fields);
    if (!stream.closed) this.#finish(stream);
  }

  #onResponseHead(stream: Http2Stream, block: DecodedBlock, endStream: boolean): undefined {
    const { fields } = block;
    const head = (block.derived ??= readResponseHead(fields)) as ResponseHead;
    if (head.fault !== null) return this.#failStream(stream, PROTOCOL_ERROR, head.fault);
    if (head.status < 200) {
      if (endStream) return this.#failStream(stream, PROTOCOL_ERROR, `status ${head.status} ends the stream`);
      return this.#guard();
    }
    this.#flood.progress();
    stream.answered = true;
    stream.expectedLength = expectedLength(head, stream.bodiless);
    if (endStream && this.#hasWrongLength(stream)) return;
    stream.handler.onHeaders(fields, head.status, endStream, head);
    if (endStream && !stream.closed) this.#finish(stream);
  }

  #hasWrongLength(stream: Http2Stream): boolean {
    const fault = stream.lengthFault();
    if (fault !== null) this.#failStream(stream, PROTOCOL_ERROR, fault);
    return fault !== null;
  }

  /** The answer is complete; if our request is not, the rest of it is dropped (RFC 9113 section 8.1). */
  #finish(stream: Http2Stream): void {
    if (this.#hasWrongLength(stream)) return;
    stream.remoteClosed = true;
    if (stream.localClosed) this.#remove(stream);
    else this.#reset(stream, NO_ERROR);
    stream.handler.onEnd();
  }

  #onReset(id: number, bytes: Buffer, start: number, end: number): undefined {
    if (end - start !== 4) return this.#fail(FRAME_SIZE_ERROR, 'RST_STREAM of a wrong size');
    if (this.#streams.isIdle(id)) return this.#failIdle(id, 'RST_STREAM');
    const stream = this.#streams.find(id);
    if (stream === undefined) return this.#guard();
    const error = bytes.readUInt32BE(start);
    this.#remove(stream);
    const retry: Resend = error === REFUSED_STREAM ? 'unseen' : 'no';
    stream.handler.onError(streamFailure(id, error), retry);
  }

  #onSettings(flags: number, id: number, bytes: Buffer, start: number, end: number): undefined {
    if (id !== 0) return this.#fail(PROTOCOL_ERROR, 'SETTINGS on a stream');
    const size = end - start;
    if ((flags & ACK) !== 0) {
      if (size !== 0) this.#fail(FRAME_SIZE_ERROR, 'SETTINGS acknowledged with a payload');
      else this.#guard();
      return;
    }
    if (size % 6 !== 0) return this.#fail(FRAME_SIZE_ERROR, 'SETTINGS of a wrong size');
    this.#guard();
    if (this.#closed) return;
    const first = !this.peer.received;
    const { initialWindow, headerTableSize } = this.peer;
    const fault = this.peer.apply(bytes, start, end);
    if (fault !== null) return this.#fail(fault.http2Error, fault.why);
    if (this.peer.headerTableSize !== headerTableSize) this.#sender.encoder.setMaxTableSize(this.peer.headerTableSize);
    this.#sender.output.addSettingsAck();
    const delta = this.peer.initialWindow - initialWindow;
    if (delta !== 0 && !this.#sender.shiftWindows(this.#streams.open, delta)) {
      return this.#fail(FLOW_CONTROL_ERROR, 'INITIAL_WINDOW_SIZE makes a window too large');
    }
    this.#sender.flushSoon();
    if (first) this.onReady?.();
    this.#openWaiting();
  }

  #onPing(flags: number, id: number, bytes: Buffer, start: number, end: number): undefined {
    if (id !== 0) return this.#fail(PROTOCOL_ERROR, 'PING on a stream');
    if (end - start !== 8) return this.#fail(FRAME_SIZE_ERROR, 'PING of a wrong size');
    this.#guard();
    if (this.#closed) return;
    if ((flags & ACK) === 0) {
      this.#sender.output.addPing(true, bytes.subarray(start, end));
      this.#sender.flushSoon();
    } else this.#windows.endSample(bytes, start, end, this.#streams.open, this.#sender);
  }

  #onGoaway(id: number, bytes: Buffer, start: number, end: number): undefined {
    if (id !== 0) return this.#fail(PROTOCOL_ERROR, 'GOAWAY on a stream');
    if (end - start < 8) return this.#fail(FRAME_SIZE_ERROR, 'GOAWAY of a wrong size');
    const lastId = bytes.readUInt32BE(start) & 0x7fff_ffff;
    const error = bytes.readUInt32BE(start + 4);
    const failure = goawayFailure(lastId, error, bytes.toString('utf8', start + 8, end));
    if (this.#goaway !== null && lastId > this.#goaway.lastId)
      return this.#fail(PROTOCOL_ERROR, 'GOAWAY with a higher last stream than before');
    // A reason once given stands, whatever the GOAWAY that follows before the end says (Go does the same).
    const first = this.#goaway?.failure;
    this.#goaway = { lastId, failure: first !== undefined && first.http2Error !== NO_ERROR ? first : failure };
    this.#becomeUnusable();
    for (const stream of this.#streams.takeUnseen(lastId)) stream.fail(failure, 'unseen');
    this.#closeWhenEmpty();
  }

  #onWindowUpdate(id: number, bytes: Buffer, start: number, end: number): undefined {
    if (end - start !== 4) return this.#fail(FRAME_SIZE_ERROR, 'WINDOW_UPDATE of a wrong size');
    const increment = bytes.readUInt32BE(start) & 0x7fff_ffff;
    this.#guard();
    if (this.#closed) return;
    if (id === 0) {
      if (increment === 0) this.#fail(PROTOCOL_ERROR, 'WINDOW_UPDATE by zero');
      else if (!this.#sender.widen(increment)) this.#fail(FLOW_CONTROL_ERROR, 'the connection window is too large');
      return;
    }
    if (this.#streams.isIdle(id)) return this.#failIdle(id, 'WINDOW_UPDATE');
    const stream = this.#streams.find(id);
    if (stream === undefined) return;
    if (increment === 0) this.#failStream(stream, PROTOCOL_ERROR, 'WINDOW_UPDATE by zero');
    else if (!this.#sender.widenStream(stream, increment))
      this.#failStream(stream, FLOW_CONTROL_ERROR, 'the window is too large');
  }

  /** @internal */
  cancel(stream: Http2Stream, http2Error = CANCEL): void {
    if (stream.closed) return;
    if (stream.id === 0) {
      stream.closed = true;
      this.#streams.leaveQueue(stream);
      return;
    }
    this.#reset(stream, http2Error);
  }

  #reset(stream: Http2Stream, http2Error: number): void {
    this.#sender.output.addReset(stream.id, http2Error);
    this.#sender.flushSoon();
    this.#remove(stream);
  }

  #remove(stream: Http2Stream): void {
    stream.discard();
    this.#streams.remove(stream);
    this.#openWaiting();
    if (!this.#usable) this.#closeWhenEmpty();
  }

  #failStream(stream: Http2Stream, http2Error: number, why: string): undefined {
    const failure = streamFailure(stream.id, http2Error, why);
    this.#reset(stream, http2Error);
    stream.handler.onError(failure, 'no');
  }

  #becomeUnusable(): void {
    if (!this.#usable) return;
    this.#usable = false;
    this.onUnusable?.();
  }

  #closeWhenEmpty(): void {
    if (this.#closed || this.#streams.size > 0) return;
    this.#sender.output.addGoaway(0, NO_ERROR, '');
    this.#shut(this.#goaway?.failure ?? new WireError(1000, NO_MORE));
  }

  /** The peer broke the rules: says so, and ends everything. */
  #fail(http2Error: number, why: string): undefined {
    if (this.#closed) return;
    this.#sender.output.addGoaway(0, http2Error, why);
    this.#shut(connectionFailure(http2Error, why));
  }

  /** Lets what is written go out, and ends every stream with the error. */
  #shut(error: WireError): void {
    this.#closed = true;
    this.#sender.finish();
    this.connection.end();
    this.#endAll(error);
    const { connection } = this;
    inNextTurn(() => connection.destroy());
  }

  #endAll(error: WireError): void {
    this.#closed = true;
    this.failure = error;
    this.#sender.stop();
    this.#becomeUnusable();
    for (const stream of this.#streams.takeAll()) stream.fail(error, this.#resend(stream));
    this.onClosed?.();
  }

  /** Whether a request in progress may go to another connection, now that this one has ended. */
  #resend(stream: Http2Stream): Resend {
    // A connection that ends before anything was sent on it is a matter of the server, not of bad luck.
    const { lastSeen } = this.#sender;
    if (stream.id === 0 || (stream.id > lastSeen && lastSeen > 0)) return 'unseen';
    return stream.answered ? 'no' : 'unanswered';
  }

  onClose(error: WireError | null): void {
    if (this.#closed) return;
    const cause = this.#goaway?.failure ?? error ?? new WireError(1040, 'unexpected EOF');
    this.#endAll(cause);
    this.connection.destroy();
  }

  onFault(failure: WireError): void {
    if (this.#closed) return;
    this.#endAll(failure);
    this.connection.destroy();
  }

  /** Ends the connection; requests in progress fail with the error given. */
  close(error: WireError = new WireError(1030, 'the connection was closed')): void {
    if (this.#closed) return;
    this.#sender.output.addGoaway(0, NO_ERROR, '');
    this.#shut(error);
  }

  /** Takes no more requests, and ends when those in progress have. */
  drain(): void {
    this.#becomeUnusable();
    this.#closeWhenEmpty();
  }
}
