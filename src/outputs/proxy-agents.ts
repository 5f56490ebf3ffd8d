// Agents of Node's HTTP clients for each kind of proxy. Those of Node know no SOCKS.
import http from 'node:http';
import https from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressForNode } from '../addresses/node-proxies.ts';
import type { ProxyServer } from '../addresses/proxy-address.ts';
import { openTunnel } from '../wire/net/tunnel.ts';

/** @param proxy null: straight to the host */
export function createAgent(secure: boolean, proxy: ProxyServer | null, tls: https.AgentOptions): http.Agent {
  if (proxy?.kind === 'socks5') {
    const options = { keepAlive: true };
    return secure ? new SecureSocksAgent(proxy, { ...options, ...tls }) : new SocksAgent(proxy, options);
  }
  const through = proxy && addressForNode(proxy);
  const options = { keepAlive: true, proxyEnv: through === null ? {} : { HTTP_PROXY: through, HTTPS_PROXY: through } };
  return secure ? new https.Agent({ ...options, ...tls }) : new http.Agent(options);
}

type OnCreated = (error: Error | null, socket: Duplex) => void;
/** What an agent is asked to connect to. */
type Target = Pick<http.ClientRequestArgs, 'host' | 'port'>;

class SocksAgent extends http.Agent {
  readonly #proxy: ProxyServer;

  constructor(proxy: ProxyServer, options: http.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(target: Target, done: OnCreated): undefined {
    dialThrough(this.#proxy, target, done);
  }
}

class SecureSocksAgent extends https.Agent {
  readonly #proxy: ProxyServer;

  constructor(proxy: ProxyServer, options: https.AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(target: Target, done: OnCreated): undefined {
    dialThrough(this.#proxy, target, (error, socket) => {
      if (error !== null) done(error, socket);
      else done(null, super.createConnection({ ...target, socket } as https.RequestOptions) as Duplex);
    });
  }
}

function dialThrough(proxy: ProxyServer, { host, port }: Target, done: OnCreated): void {
  const socket: Socket = connect(proxy.port, proxy.host);
  const settle = (error: Error | null): void => {
    socket.off('error', settle);
    socket.off('close', onClose);
    if (error === null) {
      socket.resume();
      done(null, socket);
      return;
    }
    // What else goes wrong with it is nobody's.
    socket.on('error', () => {});
    socket.destroy();
    done(new Error(`the proxy ${proxy.shown}: ${error.message}`), socket);
  };
  const onClose = (): void => settle(new Error('it closed the connection'));
  socket.once('error', settle);
  socket.once('close', onClose);
  socket.once('connect', () => openTunnel(socket, proxy, { host: host ?? 'localhost', port: Number(port) }, settle));
}
