// A wire without sockets: what the client writes goes to a function, which answers with bytes.
import type { ByteMeter } from '../../src/wire/net/byte-meter.ts';
import type { Connection, ConnectionHandler } from '../../src/wire/net/connection.ts';
import type { Dialing, DialRequest } from '../../src/wire/net/dialer.ts';
import { unexpectedFailure } from '../../src/wire/net/unexpected.ts';
import type { WireError } from '../../src/wire/net/wire-error.ts';

const NOBODY: ConnectionHandler = { onData() {}, onDrain() {}, onClose() {}, onFault() {} };

export class ScriptedConnection implements Connection {
  handler: ConnectionHandler = NOBODY;
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 80;
  readonly localAddress = '';
  readonly localPort = 0;
  readonly peer = null;
  readonly alpn: string | null;
  readonly tls = null;
  readonly marks = { lookupMs: 0, connectMs: 0, tlsMs: 0 };
  readonly meter: ByteMeter;
  closed = false;
  readonly queued = 0;
  readonly #onWrite: (connection: ScriptedConnection, bytes: Buffer) => void;

  constructor(alpn: string | null, meter: ByteMeter, onWrite: (connection: ScriptedConnection, bytes: Buffer) => void) {
    this.alpn = alpn;
    this.meter = meter;
    this.#onWrite = onWrite;
  }

  write(data: Uint8Array | string): boolean {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);
    queueMicrotask(() => {
      if (!this.closed) this.#onWrite(this, bytes);
    });
    return true;
  }

  /** Bytes of the peer. As on a socket, what the handler throws ends the connection. */
  deliver(bytes: Buffer): void {
    if (this.closed || bytes.length === 0) return;
    try {
      this.handler.onData(bytes);
    } catch (error) {
      this.closed = true;
      this.handler.onFault(unexpectedFailure(error));
    }
  }

  /** The peer has ended its side. */
  finish(): void {
    if (this.closed) return;
    this.closed = true;
    this.handler.onClose(null);
  }

  pause(): void {}
  resume(): void {}
  end(): void {}

  destroy(): void {
    this.closed = true;
  }
}

/** Requests leave at the end of a turn of the event loop; what leads to another one has it leave a turn or two later. */
const TURNS = 4;

/** Takes the place of a Dialer: every dial succeeds at once. */
export class ScriptedDialer {
  readonly #alpn: string | null;
  readonly #onWrite: (connection: ScriptedConnection, bytes: Buffer) => void;
  connections = 0;
  /** How often a client has written, on whichever connection, and the one of the last time. */
  #writes = 0;
  #asked: ScriptedConnection | null = null;

  /** @param onWrite the peer, which hears what clients write */
  constructor(alpn: string | null, onWrite: (connection: ScriptedConnection, bytes: Buffer) => void) {
    this.#alpn = alpn;
    this.#onWrite = (connection, bytes) => {
      this.#writes++;
      this.#asked = connection;
      onWrite(connection, bytes);
    };
  }

  /** Waits for a client. What is not there some turns after it last wrote is waited for rightly until the peer ends: it does. */
  async settle<T>(result: Promise<T>): Promise<T> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    result.then(end, end);
    for (let turns = 0, seen = this.#writes; !isOver; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#writes !== seen) turns = 0;
      else if (turns >= TURNS) this.#asked?.finish();
      seen = this.#writes;
    }
    return result;
  }

  start(request: DialRequest, done: (error: WireError | null, connection: Connection | null) => void): Dialing {
    let cancelled = false;
    queueMicrotask(() => {
      if (cancelled) return;
      this.connections++;
      done(null, new ScriptedConnection(this.#alpn, request.meter, this.#onWrite));
    });
    return {
      cancel: () => {
        cancelled = true;
      },
    };
  }
}
