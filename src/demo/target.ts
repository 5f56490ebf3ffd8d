import http from 'node:http';
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { createBrokenServers } from './broken-ports.ts';
import { createAuthority } from './certificates.ts';
import { ConnectionTable } from './connection-table.ts';
import { startFullQueue } from './full-queue.ts';
import { isGrpc, serveGrpc } from './grpc-front.ts';
import { grpcMethods } from './grpc-service.ts';
import { type Elsewhere, type Request, type Response, serveHttp } from './http-front.ts';
import { type SideServer, startNameServer } from './name-server.ts';
import { serveProtocols } from './protocol-front.ts';
import { refuseTunnel } from './proxy-front.ts';
import { Shop } from './shop.ts';
import { checkHealth } from './stream-methods.ts';
import { createWebSocketFront } from './websocket-front.ts';

/** Names that the target's certificate is good for: those of k6's public example among them, to be mapped by `hosts`. */
const CERTIFICATE_NAMES = [
  'localhost',
  '127.0.0.1',
  '::1',
  'quickpizza.grafana.com',
  'grpc-quickpizza.grafana.com',
  'shop.test',
] as const;

/** Where a running target is, as plain data. */
export interface TargetAddresses {
  /** `http://127.0.0.1:41001`, HTTP/1.1 */
  readonly http: string;
  /** `https://127.0.0.1:41002`, HTTP/2 and HTTP/1.1 */
  readonly https: string;
  /** `ws://127.0.0.1:41001`: the port of HTTP */
  readonly ws: string;
  /** `wss://127.0.0.1:41002`: the port of HTTPS */
  readonly wss: string;
  /** `127.0.0.1:41003`, gRPC without TLS */
  readonly grpc: string;
  /** `127.0.0.1:41004`, gRPC over TLS (and HTTP/2, like `https`) */
  readonly grpcs: string;
  /** `https://127.0.0.1:41005` and on: what `BROKEN_PORTS` lists, in its order. */
  readonly broken: readonly string[];
  /** `127.0.0.1:41015`, a name server (UDP) */
  readonly names: string;
  /** `127.0.0.1:41016`, Redis, MQTT, PostgreSQL and SSH: it goes by what the client says first */
  readonly protocols: string;
  /** The certificate of the authority that the server's is from, PEM. */
  readonly ca: string;
}

export interface TargetOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** The first of `PORTS` ports in a row: HTTP, HTTPS, gRPC, gRPC over TLS, those that fail, and those of other protocols. Default:
   * free ones. */
  readonly port?: number;
}

export interface Target {
  readonly addresses: TargetAddresses;
  /** Closes all servers and breaks off what is connected. */
  close(): Promise<void>;
}

/**
 * Starts the built-in target.
 * @throws the system's error where a port cannot be had
 */
export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const { host = '127.0.0.1', port } = options;
  const shop = new Shop();
  const methods = new Map([...grpcMethods(shop), ['/grpc.health.v1.Health/Check', checkHealth] as const]);
  const connections = new ConnectionTable();
  const names = [...new Set([...CERTIFICATE_NAMES, host])];
  const authority = createAuthority();
  const certificates = authority.issue(names);
  const { ca, cert, key } = certificates;
  const elsewhere: Elsewhere = { https: '', broken: [], names: '', protocols: '' };

  const onRequest = (request: Request, response: Response) =>
    void serveHttp({ shop, connections, elsewhere }, request, response);
  // node:http2's compatibility layer has the same methods under types of its own.
  const onHttp2Request = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    if (request.httpVersionMajor === 2 && isGrpc(request.headers))
      void serveGrpc(methods, connections, request, response);
    else onRequest(request as unknown as Request, response as unknown as Response);
  };

  const plain = http.createServer({ keepAliveTimeout: 120_000 }, onRequest);
  const secure = () => http2.createSecureServer({ cert, key, allowHTTP1: true });
  const servers: Server[] = [plain, secure(), http2.createServer(), secure()];
  for (const server of servers.slice(1))
    server
      .on('request', onHttp2Request)
      .on('sessionError', () => {})
      .on('tlsClientError', () => {});
  for (const server of servers) {
    connections.watch(server);
    // What is no HTTP – a TLS handshake on the plain port, for instance – is told so in plain text, as servers do.
    server.on('clientError', (_error: Error, socket: Socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      else socket.destroy();
    });
  }

  const onUpgrade = createWebSocketFront(shop, connections);
  for (const server of servers.slice(0, 2)) server.on('upgrade', onUpgrade).on('connect', refuseTunnel);

  const broken = createBrokenServers(names, authority, certificates);
  for (const server of broken) connections.watch(server);
  servers.push(...broken);

  const protocols = net.createServer(serveProtocols);
  connections.watch(protocols);
  const beside: SideServer[] = [];

  const close = async () => {
    const closed = [...servers, protocols]
      .filter((server) => server.listening)
      .map((server) => new Promise((resolve) => server.close(resolve)));
    connections.closeAll();
    await Promise.all([...closed, ...beside.map((server) => server.close())]);
  };
  const at: string[] = [];
  const next = () => (port === undefined ? 0 : port + at.length);
  const startBeside = async (start: typeof startNameServer) => {
    const server = await start(host, next());
    beside.push(server);
    at.push(server.address);
  };
  try {
    for (const server of servers) at.push(await listen(server, host, next()));
    await startBeside(startFullQueue);
    await startBeside(startNameServer);
    at.push(await listen(protocols, host, next()));
  } catch (error) {
    await close();
    throw error;
  }
  const [plainAt, secureAt, grpc, grpcs] = at as [string, string, string, string];
  const [namesAt, protocolsAt] = at.slice(-2) as [string, string];
  elsewhere.https = `https://${secureAt}`;
  elsewhere.names = namesAt;
  elsewhere.protocols = protocolsAt;
  elsewhere.broken = at.slice(4, -2).map((address) => `https://${address}`);
  return {
    addresses: {
      http: `http://${plainAt}`,
      https: `https://${secureAt}`,
      ws: `ws://${plainAt}`,
      wss: `wss://${secureAt}`,
      grpc,
      grpcs,
      broken: elsewhere.broken,
      names: namesAt,
      protocols: protocolsAt,
      ca,
    },
    close,
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { address, family, port: actual } = server.address() as AddressInfo;
      resolve(family === 'IPv6' ? `[${address}]:${actual}` : `${address}:${actual}`);
    });
  });
}
