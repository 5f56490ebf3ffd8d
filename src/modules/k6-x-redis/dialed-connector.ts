// How ioredis gets its connections: through our dialer, so that hosts, block lists, look-up, TLS and byte counts are the test's.
import { AbstractConnector, Redis } from 'ioredis';
import type { Connection } from '../../wire/net/connection.ts';
import { DialedStream } from '../../wire/net/dialed-stream.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { ClientOptions, ServerAddress } from './client-options.ts';

/** Dials one server; rejects with a WireError. */
export type Dial = (server: ServerAddress) => Promise<Connection>;

/** ioredis stops waiting for the end of a stream that it has closed after this time, in ms. */
const DISCONNECT_MS = 2000;

type Stream = Awaited<ReturnType<AbstractConnector['connect']>>;
type ConnectorClass = new (options: unknown) => AbstractConnector;

/**
 * A class of connectors as ioredis wants it.
 * @param resolve which server to dial, given what ioredis would connect to
 * @param onFailure hears why a connection did not come about or has ended
 */
export function createConnectorClass(
  dial: Dial,
  resolve: (server: ServerAddress) => ServerAddress | Promise<ServerAddress>,
  onFailure: (error: WireError) => void,
): ConnectorClass {
  return class extends AbstractConnector {
    readonly #server: ServerAddress;

    constructor(options: unknown) {
      super(DISCONNECT_MS);
      const { host, port } = options as ServerAddress;
      this.#server = { host, port: Number(port) };
    }

    override async connect(): Promise<Stream> {
      this.connecting = true;
      try {
        const connection = await dial(await resolve(this.#server));
        if (!this.connecting) {
          connection.destroy();
          throw new WireError(1030, 'dial: cancelled');
        }
        const stream = new DialedStream(Promise.resolve(connection));
        stream.once('error', (error) => onFailure(error as WireError));
        stream.once('end', () => onFailure(new WireError(1040, 'EOF: the server closed the connection')));
        // As far as ioredis goes, it is a socket.
        this.stream = stream as unknown as Stream;
        return this.stream;
      } catch (error) {
        if (error instanceof WireError) onFailure(error);
        throw error;
      }
    }
  };
}

/**
 * Asks sentinels for the master's address.
 * @throws WireError where none of them can be asked, or none knows the master
 */
export async function findMaster(options: ClientOptions, dial: Dial): Promise<ServerAddress> {
  let failure: Error = new WireError(2003, `no sentinel knows a master named ${JSON.stringify(options.masterName)}`);
  for (const sentinel of options.servers) {
    let closed: WireError | null = null;
    const Connector = createConnectorClass(
      dial,
      (server) => server,
      (error) => {
        closed = error;
      },
    );
    const redis = new Redis({
      ...sentinel,
      ...quietOptions(),
      Connector,
      ...(options.sentinelUsername === undefined ? {} : { username: options.sentinelUsername }),
      ...(options.sentinelPassword === undefined ? {} : { password: options.sentinelPassword }),
    });
    redis.on('error', (error) => {
      closed ??= error as WireError;
    });
    try {
      const answer: unknown = await redis.call('SENTINEL', 'get-master-addr-by-name', options.masterName);
      if (Array.isArray(answer)) return { host: String(answer[0]), port: Number(answer[1]) };
    } catch (error) {
      failure = closed ?? (error as Error);
    } finally {
      redis.disconnect();
    }
  }
  throw failure;
}

/** Nothing that connects, asks or tries again of its own: what is measured is what the script did. */
export function quietOptions() {
  return {
    lazyConnect: true,
    protocol: 2,
    retryStrategy: null,
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    showFriendlyErrorStack: false,
  } as const;
}
