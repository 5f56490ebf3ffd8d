// The address of a broker, as scripts write it.
import { maskUnread } from '../../addresses/credentials.ts';

/** Whether the scheme is over a WebSocket, and over TLS, and the port that it stands for. */
const SCHEMES: Readonly<
  Record<string, { readonly overWebSocket: boolean; readonly secure: boolean; readonly port: number }>
> = {
  mqtt: { overWebSocket: false, secure: false, port: 1883 },
  tcp: { overWebSocket: false, secure: false, port: 1883 },
  mqtts: { overWebSocket: false, secure: true, port: 8883 },
  ssl: { overWebSocket: false, secure: true, port: 8883 },
  tls: { overWebSocket: false, secure: true, port: 8883 },
  ws: { overWebSocket: true, secure: false, port: 80 },
  wss: { overWebSocket: true, secure: true, port: 443 },
};

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly overWebSocket: boolean;
  /** For WebSockets. */
  readonly path: string;
  /** Without credentials: for tags and messages. */
  readonly shown: string;
  readonly username: string | null;
  readonly password: string | null;
}

/**
 * @param given `mqtt://broker.example:1883`; without a scheme it is mqtt
 * @throws TypeError that says what is wrong with it
 */
export function parseBrokerUrl(given: string): BrokerAddress {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `mqtt://${given}`;
  const name = text.slice(0, text.indexOf(':')).toLowerCase();
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (scheme === undefined)
    throw new TypeError(`a broker's URL begins with ${Object.keys(SCHEMES).join('://, ')}://, not ${name}://`);
  let url: URL;
  let username: string;
  let password: string;
  try {
    // URL knows the parts of http addresses; of other schemes it checks little.
    url = new URL(`http${text.slice(name.length)}`);
    username = decodeURIComponent(url.username);
    password = decodeURIComponent(url.password);
  } catch {
    throw new TypeError(
      `cannot read the broker's URL ${JSON.stringify(maskUnread(given))}: write mqtt://broker.example:1883`,
    );
  }
  // URL leaves out the port that http has anyway.
  const isPortGiven = /^[^/]*\/\/[^/?#]*:\d+(?:[/?#]|$)/.test(text);
  const port = url.port === '' ? (isPortGiven ? 80 : scheme.port) : Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port,
    secure: scheme.secure,
    overWebSocket: scheme.overWebSocket,
    path: url.pathname + url.search,
    shown: `${name}://${url.hostname}:${port}${scheme.overWebSocket ? url.pathname : ''}`,
    username: username === '' ? null : username,
    password: password === '' ? null : password,
  };
}
