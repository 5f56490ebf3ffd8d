import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ByteMeter } from './byte-meter.ts';
import {
  awaitWrite,
  type Formality,
  type WriteWaiter,
  watchFirstWrite,
  writeDirectly,
  writeSecurely,
} from './direct-write.ts';
import { toWireError } from './raw-errors.ts';
import { reportStrayFailure, unexpectedFailure } from './unexpected.ts';
import type { WireError } from './wire-error.ts';

/** What a protocol does with a connection's events. */
export interface ConnectionHandler {
  /** `chunk` lies in a buffer that all sockets share: valid only during the call, copy what you keep. */
  onData(chunk: Buffer): void;
  onDrain(): void;
  /** End of the peer's data (null) or failure; called once. */
  onClose(error: WireError | null): void;
  /** One of the above has thrown: what is in progress fails with this, and the connection has ended. */
  onFault(failure: WireError): void;
}

/** Bytes both ways: a dialled socket, or a stream within one. */
export interface ByteChannel {
  /** Replaceable; what arrives before there is one is kept for it. */
  handler: ConnectionHandler;
  /**
   * Sends bytes, or a string whose characters are bytes (latin1: no buffer needs to be made of it).
   * False: wait for onDrain. The channel owns `data` until it is flushed.
   */
  write(data: Uint8Array | string): boolean;
  /** Reads no more until {@link resume}: the peer has to wait. */
  pause(): void;
  resume(): void;
  end(): void;
  destroy(): void;
  readonly closed: boolean;
  /** Octets written that the system has not taken yet. */
  readonly queued: number;
}

/** A dialled socket, plain or TLS. */
export interface Connection extends ByteChannel {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Ours; empty and 0 once it is closed. */
  readonly localAddress: string;
  readonly localPort: number;
  readonly alpn: string | null;
  readonly tls: { version: string; cipher: string } | null;
  /** The peer's certificate, and what is wrong with it where the dial let that pass; null on a plain connection. */
  readonly peer: { readonly certificate: X509Certificate; readonly fault: WireError | null } | null;
  /** Durations in milliseconds. */
  readonly marks: { lookupMs: number; connectMs: number; tlsMs: number };
  readonly meter: ByteMeter;
  /** @param taken called once the system has taken all of it; never, if the connection ends before */
  write(data: Uint8Array | string, taken?: () => void): boolean;
}

/** More goes through the stream, since the cost is that of the octets then. */
const LONGEST_DIRECT = 64 * 1024;

/** Octets that may be held behind a write over TLS before the writer is told to wait. */
const MOST_HELD = 64 * 1024;

interface HeldWrite {
  readonly data: Uint8Array | string;
  readonly taken: (() => void) | undefined;
}

/** One buffer for the reads of all sockets of this thread: a read and its callback are one synchronous step. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Views of its beginning by their length: a server's answers are mostly as long as each other, and a view costs more than it looks. */
const READ_VIEWS: (Buffer | undefined)[] = new Array(4096);

function viewOf(length: number): Buffer {
  if (length >= READ_VIEWS.length) return READ_BUFFER.subarray(0, length);
  return (READ_VIEWS[length] ??= READ_BUFFER.subarray(0, length));
}

/** Keeps what came before the protocol was ready to look at it. */
class EarlyEvents implements ConnectionHandler {
  chunks: Buffer[] = [];
  closed = false;
  error: WireError | null = null;
  /** Who is to get it. */
  heir: ConnectionHandler | null = null;

  onData(chunk: Buffer): void {
    this.chunks.push(Buffer.from(chunk));
  }

  onDrain(): void {}

  onClose(error: WireError | null): void {
    this.closed = true;
    this.error = error;
  }

  onFault(failure: WireError): void {
    this.onClose(failure);
  }
}

function joinWrites(writes: readonly HeldWrite[]): Buffer {
  return Buffer.concat(writes.map(({ data }) => (typeof data === 'string' ? Buffer.from(data, 'latin1') : data)));
}

/** What a handle of Node's below a TLS socket tells of the bytes on the wire. */
interface RawHandle {
  bytesRead: number;
  bytesWritten: number;
  /** Octets that the system has not taken yet. */
  writeQueueSize: number;
}

const OWNER = Symbol('connection');

interface OwnedSocket extends Socket {
  [OWNER]?: SocketConnection;
}

// What listens to a socket is the same for all of them: a closure for each event of each of many thousand sockets adds up.
function tellOfDrain(this: OwnedSocket): void {
  this[OWNER]?.onDrain();
}

function tellOfEnd(this: OwnedSocket): void {
  this[OWNER]?.onEnd(null);
}

function tellOfError(this: OwnedSocket, error: Error): void {
  this[OWNER]?.onEnd(error);
}

/** A {@link Connection} over a socket of Node's; the dialer makes it, before the socket is connected. */
export class SocketConnection implements Connection, WriteWaiter {
  /** Options for `net.connect` and `tls.connect` that deliver reads through the shared buffer. */
  readonly onread: { buffer: Buffer; callback: (bytesRead: number, buffer: Buffer) => boolean };
  readonly marks = { lookupMs: 0, connectMs: 0, tlsMs: 0 };
  readonly meter: ByteMeter;
  remoteAddress = '';
  remotePort = 0;
  alpn: string | null = null;
  tls: { version: string; cipher: string } | null = null;
  peer: Connection['peer'] = null;
  closed = false;
  /** True once the dial has succeeded: from then on events are the handler's. */
  ready = false;

  #socket: Socket | null = null;
  #handler: ConnectionHandler = new EarlyEvents();
  #early: EarlyEvents | null = this.#handler as EarlyEvents;
  #closeTold = false;
  /** The handle below TLS, whose counters include the records' overhead. */
  #raw: RawHandle | null = null;
  #rawRead = 0;
  #rawWritten = 0;
  #secure = false;
  /** Octets, and in how many writes, that were written past the stream and that the system has not taken yet. */
  #waiting = 0;
  #waitingWrites = 0;
  /** The last write over TLS, if the system has taken it and Node may not have called it finished yet. */
  #formality: Formality | null = null;
  /** Over TLS only one write may be in progress: what is written meanwhile, and leaves together when it is over. */
  #held: HeldWrite[] = [];
  /** Somebody was told to wait until nothing is held any more. */
  #isAwaited = false;
  /** The end of our side comes behind what is held. */
  #isEnding = false;

  constructor(meter: ByteMeter) {
    this.meter = meter;
    this.onread = {
      buffer: READ_BUFFER,
      callback: (bytesRead) => {
        if (this.#secure) this.#countRaw();
        else this.meter.received += bytesRead;
        try {
          this.#handler.onData(viewOf(bytesRead));
        } catch (error) {
          this.#fail(error);
        }
        return true;
      },
    };
  }

  get handler(): ConnectionHandler {
    return this.#handler;
  }

  set handler(handler: ConnectionHandler) {
    const early = this.#early;
    if (early === null || (early.chunks.length === 0 && !early.closed)) {
      this.#early = null;
      this.#handler = handler;
      return;
    }
    // What is waiting is handed over when the caller has finished setting itself up; until then more may queue behind it, and another
    // handler may take this one's place.
    const isDue = early.heir !== null;
    early.heir = handler;
    if (isDue) return;
    process.nextTick(() => {
      const heir = early.heir!;
      this.#early = null;
      this.#handler = heir;
      this.#guard(() => {
        for (const chunk of early.chunks) heir.onData(chunk);
        if (early.closed) heir.onClose(early.error);
      });
    });
  }

  /** Takes over the socket's events; `secure` when it is a TLS socket. */
  attach(socket: Socket, secure: boolean): void {
    this.#socket = socket;
    this.#secure = secure;
    (socket as OwnedSocket)[OWNER] = this;
    socket.on('drain', tellOfDrain);
    socket.on('end', tellOfEnd);
    socket.on('error', tellOfError);
    socket.on('close', tellOfEnd);
  }

  /** @internal */
  onDrain(): void {
    this.#guard(() => this.#handler.onDrain());
  }

  /** @internal The peer's data have come to an end (null), or the socket has failed. */
  onEnd(error: NodeJS.ErrnoException | null): void {
    if (error !== null && !this.ready) return;
    const failure = error === null ? null : toWireError(error, error.syscall === 'write' ? 'write' : 'read');
    this.#guard(() => this.#tellClose(failure));
  }

  /**
   * As {@link attach}, for a socket over one on which something was said before, such as the way through a proxy: `onread` is
   * not for such sockets. It counts its own octets.
   */
  takeOver(socket: Socket): void {
    this.attach(socket, true);
    socket.on('data', (chunk: Buffer) => {
      this.#countRaw();
      this.#guard(() => this.#handler.onData(chunk));
    });
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * The one way out for what code above throws in an event of the socket: no caller could catch it, and the test must not end
   * for it. The protocol cannot be trusted to be in step any more, so the connection ends with it.
   */
  #fail(thrown: unknown): void {
    this.destroy();
    try {
      this.#handler.onFault(unexpectedFailure(thrown));
    } catch (error) {
      reportStrayFailure(error);
    }
  }

  /** Called by the dialer when the TLS socket's handle exists: its parent is the TCP handle, if this Node shows it. */
  watchRaw(): void {
    const parent = (this.#socket as unknown as { _handle?: { _parent?: Partial<RawHandle> } } | null)?._handle?._parent;
    if (
      typeof parent?.bytesRead === 'number' &&
      typeof parent.bytesWritten === 'number' &&
      typeof parent.writeQueueSize === 'number'
    ) {
      this.#raw = parent as RawHandle;
      this.#countRaw();
    }
  }

  #countRaw(): void {
    const source = this.#raw ?? this.#socket;
    if (source === null) return;
    const read = source.bytesRead;
    const written = source.bytesWritten;
    // A handle that is closing may already count nothing.
    if (read > this.#rawRead) {
      this.meter.received += read - this.#rawRead;
      this.#rawRead = read;
    }
    if (written > this.#rawWritten) {
      this.meter.sent += written - this.#rawWritten;
      this.#rawWritten = written;
    }
  }

  write(data: Uint8Array | string, taken?: () => void): boolean {
    const socket = this.#socket;
    if (socket === null || this.closed) return true;
    if (!this.#secure) this.meter.sent += data.length;
    else if (this.#isWriting(socket)) {
      this.#held.push({ data, taken });
      this.#waiting += data.length;
      this.#isAwaited ||= this.#waiting > MOST_HELD;
      return !this.#isAwaited;
    }
    return this.#write(socket, data, taken);
  }

  #write(socket: Socket, data: Uint8Array | string, taken: (() => void) | undefined): boolean {
    if (taken !== undefined) {
      return socket.write(data, 'latin1', (error) => {
        if (error === null || error === undefined) this.#guard(taken);
      });
    }
    if (data.length <= LONGEST_DIRECT) {
      const raw = this.#raw;
      const outcome = raw === null ? writeDirectly(socket, data, this) : writeSecurely(socket, data, raw, this);
      if (outcome === 'taken') return true;
      if (typeof outcome === 'object') {
        this.#formality = outcome;
        return true;
      }
      if (outcome === 'waiting') {
        this.#waiting += data.length;
        this.#waitingWrites++;
        // Node's TLS always finishes later, even where the system has taken everything.
        return this.#secure;
      }
      watchFirstWrite(socket);
    }
    return typeof data === 'string' ? socket.write(data, 'latin1') : socket.write(data);
  }

  /** Whether there is a write in progress over TLS; then we are told when it is over. */
  #isWriting(socket: Socket): boolean {
    if (this.#waitingWrites > 0) return true;
    const last = this.#formality;
    if (last === null) return false;
    this.#formality = null;
    if (!awaitWrite(socket, last, this)) return false;
    this.#waitingWrites = 1;
    return true;
  }

  /** @internal */
  onWritten(): void {
    if (--this.#waitingWrites > 0) return;
    this.#waiting = 0;
    if (this.#held.length > 0) this.#writeHeld();
    // Whatever is held still goes first, and is told of here again.
    if (this.#waitingWrites > 0 || this.closed) return;
    if (this.#isEnding) this.end();
    else if (!this.#secure || this.#isAwaited) {
      this.#isAwaited = false;
      this.#guard(() => this.#handler.onDrain());
    }
  }

  /** Writes what was held: all that may leave together, at once. */
  #writeHeld(): void {
    const socket = this.#socket;
    const held = this.#held;
    this.#held = [];
    if (socket === null || socket.destroyed || this.closed) return;
    for (let at = 0; at < held.length; ) {
      if (this.#isWriting(socket)) {
        const rest = held.slice(at);
        this.#held = [...rest, ...this.#held];
        for (const { data } of rest) this.#waiting += data.length;
        return;
      }
      const first = held[at] as HeldWrite;
      let end = at + 1;
      let length = first.data.length;
      while (first.taken === undefined && end < held.length) {
        const next = held[end] as HeldWrite;
        if (next.taken !== undefined || length + next.data.length > LONGEST_DIRECT) break;
        length += next.data.length;
        end++;
      }
      this.#write(socket, end === at + 1 ? first.data : joinWrites(held.slice(at, end)), first.taken);
      at = end;
    }
  }

  get localAddress(): string {
    return this.#socket?.localAddress ?? '';
  }

  get localPort(): number {
    return this.#socket?.localPort ?? 0;
  }

  get queued(): number {
    return (this.#socket?.writableLength ?? 0) + this.#waiting;
  }

  pause(): void {
    if (!this.closed) this.#socket?.pause();
  }

  resume(): void {
    if (!this.closed) this.#socket?.resume();
  }

  end(): void {
    const socket = this.#socket;
    if (socket === null) return;
    if (this.#secure && !socket.destroyed && this.#isWriting(socket)) this.#isEnding = true;
    else socket.end();
  }

  destroy(): void {
    if (this.#secure && !this.closed) this.#countRaw();
    this.closed = true;
    this.#closeTold = true;
    this.#socket?.destroy();
  }

  #tellClose(error: WireError | null): void {
    if (this.#closeTold || !this.ready) return;
    if (this.#secure) this.#countRaw();
    this.#closeTold = true;
    this.closed = true;
    this.#handler.onClose(error);
    if (error !== null) this.#socket?.destroy();
  }
}
