// TLS to PostgreSQL: asked for in the clear, then spoken on the same connection (https://www.postgresql.org/docs/current/protocol-flow.html, "SSL Session Encryption").
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { dialForDriver } from './dial-for-driver.ts';

/** A length of 8 and the code 80877103. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * The driver would do it, too, but loses why a handshake fails.
 * @throws WireError with a code of the catalogue
 */
export async function dialPostgresTls(
  vu: VirtualUser,
  host: string,
  port: number,
  options: ConnectionOptions,
): Promise<Duplex> {
  const plain = dialForDriver(vu, host, port);
  try {
    plain.write(SSL_REQUEST);
    const answer = await readByte(plain);
    if (answer !== 'S') {
      const reason = answer === 'N' ? 'the server does not support SSL connections' : 'the server does not speak TLS';
      throw new WireError(1301, `${reason} (write sslmode=disable)`, { kind: 'no TLS' });
    }
    const secure = connect({ ...options, socket: plain });
    try {
      await once(secure, 'secureConnect');
    } catch (error) {
      throw toWireError(error, 'tls');
    }
    // The driver tells a socket to connect and waits for it.
    return Object.assign(secure, { connect: () => void process.nextTick(() => secure.emit('connect')) });
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

/** Not more: what comes behind it would be of the handshake. */
async function readByte(stream: Duplex): Promise<string | null> {
  for (;;) {
    const byte = stream.read(1) as Buffer | null;
    if (byte !== null) return byte.toString('latin1');
    const ended = new AbortController();
    try {
      const happened = await Promise.race([
        once(stream, 'readable', { signal: ended.signal }).then(() => 'readable'),
        once(stream, 'close', { signal: ended.signal }).then(() => 'close'),
      ]);
      if (happened === 'close') throw new WireError(1040, 'EOF: the server closed the connection');
      if (stream.readableEnded) return null;
    } finally {
      ended.abort();
    }
  }
}
