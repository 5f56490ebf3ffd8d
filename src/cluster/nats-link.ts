// The connection to NATS, and what is said when there is none.
import {
  type ConnectionOptions,
  connect,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { OwnPlace } from '../wire/net/place-rules.ts';
import { type Credentials, inboxOf, readCredentials } from './credentials.ts';

export interface NatsSettings {
  /** `nats://host:4222`, `tls://…`; several, with commas between them. */
  readonly url: string;
  /** A file with credentials; null: none. */
  readonly creds: string | null;
  /** A file with the certificate of who signed the server's; null: those of the system. */
  readonly ca: string | null;
  /** Files with the certificate that this side shows, and its key; null: none. */
  readonly cert: string | null;
  readonly key: string | null;
}

const DEFAULT_PORT = 4222;

/** @param urls as {@link NatsSettings} has them @returns where the servers listen; what cannot be read is left out: connecting says so */
export function natsPlaces(urls: string): OwnPlace[] {
  return urls.split(',').flatMap((one) => {
    const text = one.trim();
    const url = URL.parse(text.includes('://') ? text : `nats://${text}`);
    if (url === null || url.hostname === '') return [];
    return [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? DEFAULT_PORT : Number(url.port) }];
  });
}

/** A machine that makes load may be busy: whoever is not there at all is known at once. */
const CONNECT_MS = 15_000;
/** Between attempts to get a lost connection back, in ms. */
const RETRY_MS = 250;
/** How often the server is asked for a sign of life, in ms: after two that stay out the connection counts as lost. */
const PING_MS = 3000;

/**
 * @param name how the server calls it
 * @throws ExitError 255 that says why it cannot be reached
 */
export async function connectNats(settings: NatsSettings, name: string): Promise<NatsConnection> {
  const { creds } = settings;
  const credentials = creds === null ? null : readCredentials(creds);
  return connectWith(settings, credentials, name);
}

/** As {@link connectNats}, with credentials that have been read. */
export async function connectWith(
  settings: NatsSettings,
  credentials: Credentials | null,
  name: string,
): Promise<NatsConnection> {
  const { url, ca, cert } = settings;
  const inboxPrefix = inboxOf(credentials?.role ?? null);
  const servers = url.split(',').map((one) => one.trim());
  try {
    return await connect({
      servers,
      name,
      timeout: CONNECT_MS,
      // Whoever waits comes back by itself, however long it takes.
      maxReconnectAttempts: -1,
      reconnectTimeWait: RETRY_MS,
      reconnectJitter: RETRY_MS,
      pingInterval: PING_MS,
      maxPingOut: 2,
      ...(credentials !== null && { authenticator: credentials.authenticator }),
      ...(inboxPrefix !== null && { inboxPrefix }),
      ...((ca !== null || cert !== null || servers.some((one) => one.startsWith('tls:'))) && tlsOptions(settings)),
    });
  } catch (error) {
    const { message } = error as Error;
    throw new ExitError(
      EXIT.other,
      `NATS at ${url} cannot be reached: ${message}. Is a nats-server with JetStream (nats-server -js) there, and are the credentials its own?`,
      { cause: error },
    );
  }
}

function tlsOptions({ ca, cert, key }: NatsSettings): Pick<ConnectionOptions, 'tls'> {
  return {
    tls: {
      ...(ca !== null && { caFile: ca }),
      ...(cert !== null && { certFile: cert }),
      ...(key !== null && { keyFile: key }),
    },
  };
}

/**
 * Hears a subject. The client reads a subscription no further once its callback has thrown, and whoever can reach NATS can say anything
 * there: what cannot be taken is passed over.
 * @param onFault hears of the first one: of more, somebody could fill a log with them
 */
export function listenTo(
  connection: NatsConnection,
  subject: string,
  take: (message: Msg) => void,
  onFault: (text: string) => void,
): Subscription {
  let isSaid = false;
  const callback = (error: Error | null, message: Msg): void => {
    if (error !== null) return;
    try {
      take(message);
    } catch (fault) {
      if (isSaid) return;
      isSaid = true;
      onFault(unreadable(subject, fault));
    }
  };
  return connection.subscribe(subject, { callback });
}

/** @returns that a message is passed over, and why */
export function unreadable(subject: string, fault: unknown): string {
  return `a message on ${subject} cannot be read, and is passed over, as more of them are: ${(fault as Error).message}`;
}

/** Tells when the connection comes and goes. @returns ends it */
export function watchConnection(connection: NatsConnection, onChange: (isUp: boolean) => void): () => void {
  let isWatched = true;
  void (async () => {
    for await (const { type } of connection.status()) {
      if (!isWatched) return;
      if (type === 'disconnect') onChange(false);
      if (type === 'reconnect') onChange(true);
    }
  })();
  return () => {
    isWatched = false;
  };
}
