// What carries the bytes of MQTT: a socket, or the binary messages of a WebSocket (MQTT 3.1.1, section 6).
import type { ByteChannel, Connection } from '../net/connection.ts';
import type { Dialer, DialRequest } from '../net/dialer.ts';
import { WireError } from '../net/wire-error.ts';
import { Opening } from '../websocket/dial-websocket.ts';
import { WebSocketConnection } from '../websocket/websocket-connection.ts';
import type { BrokerAddress } from './broker-url.ts';

export interface TransportListener {
  /** The bytes are the listener's own. */
  onBytes(bytes: Buffer): void;
  /** Called once; null: the peer has closed it without an error. */
  onClosed(error: WireError | null): void;
}

export interface Transport {
  /** What is heard before there is a listener is kept for it. */
  listen(listener: TransportListener): void;
  send(bytes: Buffer): void;
  pause(): void;
  resume(): void;
  /** Ends it in good order: what was sent arrives. Nothing is heard any more. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}

const CLOSE_MS = 2000;
const NORMAL = 1000;

/**
 * @param dial with a TLS that offers http/1.1, if it is for a WebSocket
 * @param mostOctets of a message of a WebSocket
 * @returns gives up: nothing is called back afterwards
 */
export function openTransport(
  address: BrokerAddress,
  dialer: Dialer,
  dial: DialRequest,
  mostOctets: number,
  done: (outcome: Transport | WireError) => void,
): () => void {
  if (!address.overWebSocket) {
    const dialing = dialer.start(dial, (error, connection) =>
      done(connection === null ? (error ?? new WireError(1210, 'dial: failed')) : overSocket(connection)),
    );
    return () => dialing.cancel();
  }
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const request = {
    authority: `${host}:${address.port}`,
    path: address.path,
    headers: [],
    protocols: ['mqtt'],
    compression: false,
    dialer,
    dial,
  };
  const opening = new Opening(request, {
    onOpen: ({ rest }, connection) => done(overWebSocket(connection, rest, mostOctets)),
    onFailed: (error) => done(error),
  });
  return () => opening.cancel();
}

function overSocket(connection: Connection): Transport {
  return {
    listen(listener) {
      connection.handler = {
        // The chunk's memory is the wire's.
        onData: (chunk) => listener.onBytes(Buffer.from(chunk)),
        onDrain() {},
        onClose: (error) => listener.onClosed(error),
        onFault: (failure) => listener.onClosed(failure),
      };
    },
    send: (bytes) => void connection.write(bytes),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    end() {
      connection.handler = { onData() {}, onDrain() {}, onClose: () => connection.destroy(), onFault() {} };
      connection.end();
    },
    destroy: () => connection.destroy(),
  };
}

function overWebSocket(connection: ByteChannel, rest: Buffer, messageOctets: number): Transport {
  let heard: TransportListener | null = null;
  const socket = new WebSocketConnection(
    connection,
    false,
    { messageOctets, closeMs: CLOSE_MS, lingerMs: CLOSE_MS },
    {
      onMessage(data) {
        if (typeof data !== 'string') heard?.onBytes(data);
        else heard?.onClosed(new WireError(2304, 'mqtt: text instead of a binary message'));
      },
      onPing() {},
      onPong() {},
      onEnd: ({ error }) => heard?.onClosed(error),
    },
  );
  return {
    listen(listener) {
      heard = listener;
      socket.start(rest);
    },
    send: (bytes) => void socket.send(bytes),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end() {
      heard = null;
      socket.close(NORMAL);
    },
    destroy() {
      heard = null;
      socket.leave();
    },
  };
}
