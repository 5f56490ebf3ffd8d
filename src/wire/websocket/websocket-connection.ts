// A WebSocket after its handshake (RFC 6455), from the client's side.
import { nodeZlib } from '../../node/late-builtins.ts';
import type { ByteChannel, ConnectionHandler } from '../net/connection.ts';
import { type TimerHandle, timerWheel } from '../net/timer-wheel.ts';
import { WireError } from '../net/wire-error.ts';
import type { FrameError } from './frame-error.ts';
import { writeFrame } from './frame-writer.ts';
import { type MessageListener, MessageReader } from './message-reader.ts';
import { CLOSE_CODE, OPCODE } from './protocol.ts';

/** How a socket ended. */
export interface SocketEnd {
  /** The peer's, or 1006 where it sent none. */
  readonly code: number;
  readonly reason: string;
  /** Both sides sent a close frame. */
  readonly wasClean: boolean;
  /** What went wrong, unless it was closed as it should be. */
  readonly error: WireError | null;
}

export interface SocketListener {
  /** @param data text, or bytes that are the listener's own */
  onMessage(data: string | Buffer): void;
  /** It has been answered already. */
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** Nothing comes after it. */
  onEnd(end: SocketEnd): void;
}

export interface SocketLimits {
  /** Octets that a message may have, unpacked. */
  readonly messageOctets: number;
  /** How long the peer may take to answer a close frame, in ms. */
  readonly closeMs: number;
  /** How long it may then hold the connection open, in ms. */
  readonly lingerMs: number;
}

/** What is smaller is not worth compressing. */
const LEAST_COMPRESSED = 64;

type State = 'open' | 'closing' | 'closed';

export class WebSocketConnection implements ConnectionHandler, MessageListener {
  readonly #connection: ByteChannel;
  readonly #listener: SocketListener;
  readonly #limits: SocketLimits;
  readonly #reader: MessageReader;
  readonly #compression: boolean;
  #state: State = 'open';
  #timer: TimerHandle | null = null;
  /** What the peer's close frame said. */
  #peer: { readonly code: number; readonly reason: string } | null = null;
  #error: WireError | null = null;
  /** The peer does not read: of its pings only the last is answered, once it does (section 5.5.3), so that they pile up nothing. */
  #isBehind = false;
  #owedPong: Buffer | null = null;
  /** The listener wants no more for now. */
  #held = false;
  /** The connection ended while a message was being unpacked: told once that, and what came behind it, has been read. */
  #closing: (() => void) | null = null;

  /** @param compression whether permessage-deflate was agreed on */
  constructor(connection: ByteChannel, compression: boolean, limits: SocketLimits, listener: SocketListener) {
    this.#connection = connection;
    this.#listener = listener;
    this.#limits = limits;
    this.#compression = compression;
    this.#reader = new MessageReader(this, limits.messageOctets, compression);
  }

  /**
   * Takes over the connection.
   * @param rest what came behind the head of the handshake
   */
  start(rest: Buffer): void {
    this.#connection.handler = this;
    if (rest.length > 0) this.onData(rest);
  }

  get state(): State {
    return this.#state;
  }

  /** Octets that the system has not taken yet. */
  get queued(): number {
    return this.#connection.queued;
  }

  /** Sends a message. @returns false, and sends nothing, once it is closing */
  send(data: string | Uint8Array): boolean {
    if (this.#state !== 'open') return false;
    const isText = typeof data === 'string';
    const payload = isText ? Buffer.from(data, 'utf8') : data;
    const opcode = isText ? OPCODE.text : OPCODE.binary;
    if (!this.#compression || payload.length < LEAST_COMPRESSED) {
      this.#connection.write(writeFrame(opcode, payload));
      return true;
    }
    const { deflateRawSync, constants } = nodeZlib();
    const packed = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
    // The empty block at the end is left out (RFC 7692, section 7.2.1).
    this.#connection.write(writeFrame(opcode, packed.subarray(0, packed.length - 4), 0x80 | 0x40));
    return true;
  }

  /**
   * @param payload at most 125 octets
   * @returns false, and sends nothing, once it is closing
   */
  ping(payload: Uint8Array): boolean {
    if (this.#state !== 'open') return false;
    this.#connection.write(writeFrame(OPCODE.ping, payload));
    return true;
  }

  /** Begins the closing handshake; {@link SocketListener.onEnd} follows. */
  close(code: number, reason = ''): void {
    if (this.#state !== 'open') return;
    this.#beginClose(code, reason);
  }

  /** Leaves it: the peer is told so (1001), nobody else; nothing comes back. */
  leave(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.#connection.write(closeFrame(CLOSE_CODE.goingAway, ''));
    this.#finish();
  }

  /** Stops reading, so that a peer that sends faster than is handled has to wait. */
  pause(): void {
    if (this.#held) return;
    this.#held = true;
    this.#connection.pause();
  }

  resume(): void {
    if (!this.#held) return;
    this.#held = false;
    if (!this.#reader.isBusy) this.#connection.resume();
  }

  onBusy(): void {
    this.#connection.pause();
  }

  onReady(): void {
    const closing = this.#closing;
    this.#closing = null;
    if (closing !== null) closing();
    else if (!this.#held) this.#connection.resume();
  }

  onData(chunk: Buffer): void {
    this.#reader.push(chunk);
  }

  onDrain(): void {
    this.#isBehind = false;
    const payload = this.#owedPong;
    this.#owedPong = null;
    if (payload !== null && this.#state === 'open') this.#writePong(payload);
  }

  onClose(error: WireError | null): void {
    if (this.#state === 'closed') {
      this.#cancelTimer();
      return;
    }
    if (this.#reader.isBusy) {
      this.#closing = () => this.onClose(error);
      return;
    }
    if (this.#peer === null) {
      this.#error ??= error ?? new WireError(1903, 'websocket: close 1006 (abnormal closure): unexpected EOF');
    }
    this.#end();
  }

  onFault(failure: WireError): void {
    if (this.#state === 'closed') return;
    this.#error ??= failure;
    this.#end();
  }

  onText(text: string): void {
    if (this.#state !== 'closed') this.#listener.onMessage(text);
  }

  onBinary(data: Buffer): void {
    if (this.#state !== 'closed') this.#listener.onMessage(data);
  }

  onPing(payload: Buffer): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') {
      if (this.#isBehind) this.#owedPong = payload;
      else this.#writePong(payload);
    }
    this.#listener.onPing(payload);
  }

  #writePong(payload: Buffer): void {
    this.#isBehind = !this.#connection.write(writeFrame(OPCODE.pong, payload));
  }

  onPong(payload: Buffer): void {
    if (this.#state !== 'closed') this.#listener.onPong(payload);
  }

  onCloseFrame(code: number, reason: string): void {
    this.#peer = { code, reason };
    // The peer's close is answered with its own code; then it is the server that ends the connection (section 7.1.1).
    if (this.#state === 'open') this.#beginClose(code, '');
    this.#end();
  }

  onReadError(error: FrameError): void {
    if (this.#state === 'closed') return;
    this.#error ??= error;
    if (this.#state === 'open') this.#connection.write(closeFrame(error.closeCode, ''));
    this.#end();
  }

  #beginClose(code: number, reason: string): void {
    this.#state = 'closing';
    this.#connection.write(closeFrame(code, reason));
    this.#timer = timerWheel.schedule(this.#limits.closeMs, () => {
      this.#timer = null;
      if (this.#state === 'closed') return;
      this.#error ??= new WireError(1903, 'websocket: the peer did not answer the close frame');
      this.#end();
    });
  }

  #cancelTimer(): void {
    if (this.#timer !== null) timerWheel.cancel(this.#timer);
    this.#timer = null;
  }

  #finish(): void {
    this.#state = 'closed';
    this.#cancelTimer();
    this.#reader.stop();
    this.#closing = null;
    this.#owedPong = null;
    const connection = this.#connection;
    if (connection.closed) {
      connection.destroy();
      return;
    }
    // What has been written still leaves; a peer that holds the connection open does not keep ours.
    connection.resume();
    connection.end();
    this.#timer = timerWheel.schedule(this.#limits.lingerMs, () => connection.destroy());
  }

  #end(): void {
    this.#finish();
    const { code, reason } = this.#peer ?? { code: CLOSE_CODE.abnormal, reason: '' };
    this.#listener.onEnd({ code, reason, wasClean: this.#peer !== null && this.#error === null, error: this.#error });
  }
}

/** 1005 stands for a frame without a code. */
function closeFrame(code: number, reason: string): Buffer {
  if (code === CLOSE_CODE.none) return writeFrame(OPCODE.close, Buffer.alloc(0));
  const text = Buffer.from(reason, 'utf8');
  const payload = Buffer.allocUnsafe(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  return writeFrame(OPCODE.close, payload);
}
