// A dialled connection as a stream of Node's.
import { Duplex } from 'node:stream';
import { inNextTurn } from '../../node/next-turn.ts';
import type { Connection } from './connection.ts';
import { WireError } from './wire-error.ts';

/**
 * What clients of other protocols are given in place of a socket, so that they go through our look-up, block lists, TLS and byte
 * counts. What is written before the dial is over waits for it; a dial that fails is the stream's `error`, a {@link WireError}.
 */
export class DialedStream extends Duplex {
  /** As a socket's: true until `connect` is emitted. */
  connecting = true;
  remoteAddress = '';
  remotePort = 0;
  #connection: Connection | null = null;
  #onDialed: (() => void) | null = null;
  /** Of the write, or the end, in progress: it is told what became of it, whatever that is. */
  #done: ((error?: Error | null) => void) | null = null;

  /** @param dialing the dial, begun already */
  constructor(dialing: Promise<Connection>) {
    super({ allowHalfOpen: false });
    dialing.then(
      (connection) => this.#take(connection),
      (error: Error) => this.destroy(error),
    );
  }

  #take(connection: Connection): void {
    if (this.destroyed) {
      connection.destroy();
      return;
    }
    this.#connection = connection;
    this.remoteAddress = connection.remoteAddress;
    this.remotePort = connection.remotePort;
    this.connecting = false;
    connection.handler = {
      onData: (chunk) => {
        // The chunk lies in a buffer that all sockets share.
        if (!this.push(Buffer.from(chunk))) connection.pause();
      },
      onDrain: () => this.#settle(null),
      onClose: (error) => {
        if (error !== null) this.destroy(error);
        else {
          this.push(null);
          this.#settle(brokenPipe());
        }
      },
      onFault: (failure) => this.destroy(failure),
    };
    this.emit('connect');
    const go = this.#onDialed;
    this.#onDialed = null;
    go?.();
  }

  #settle(error: Error | null): void {
    const done = this.#done;
    this.#done = null;
    done?.(error);
  }

  override _read(): void {
    this.#connection?.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const connection = this.#connection;
    if (connection === null) {
      this.#done = done;
      this.#onDialed = () => this._write(chunk, _encoding, done);
    } else if (connection.closed) this.#finish(done, brokenPipe());
    else if (connection.write(chunk)) this.#finish(done, null);
    else this.#done = done;
  }

  #finish(done: (error?: Error | null) => void, error: Error | null): void {
    this.#done = null;
    done(error);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#connection === null) {
      this.#done = done;
      this.#onDialed = () => this._final(done);
      return;
    }
    this.#connection.end();
    this.#finish(done, null);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.connecting = false;
    this.#onDialed = null;
    this.#connection?.destroy();
    this.#settle(error ?? brokenPipe());
    // Later than what a client's own TLS over it has to say about why it gives up: that is the reason, not the end of this.
    inNextTurn(() => done(error));
  }

  // What clients ask of a socket; the dialer has set it already, or has timers of its own.

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

function brokenPipe(): WireError {
  return new WireError(1201, 'write: broken pipe');
}
