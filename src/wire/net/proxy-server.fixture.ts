// For tests: a proxy of HTTP (requests that name their host, and CONNECT) or of SOCKS5, that knows its users and writes down what it is asked.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

export interface ProxyServerOptions {
  readonly kind?: 'http' | 'socks5';
  /** Whom it lets in; everybody when left out. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** It is spoken to by TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

export interface ProxyServer {
  readonly port: number;
  /** `GET http://…`, `CONNECT host:port`, `SOCKS host:port`. */
  readonly asked: string[];
  /** Sockets that came. */
  connections: number;
  close(): void;
}

/** Every name leads to this machine: what is tried is the proxy's way, not the name's. */
const HERE = '127.0.0.1';

export async function startProxy(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const server: Server = options.kind === 'socks5' ? createSocks(options, asked) : createHttp(options, asked);
  const proxy = {
    port: 0,
    asked,
    connections: 0,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
  server.on('connection', (socket: Socket) => {
    proxy.connections++;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, HERE, resolve));
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}

function createHttp({ credentials, certificate }: ProxyServerOptions, asked: string[]): Server {
  const wanted =
    credentials === undefined
      ? undefined
      : `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  const isKnown = (request: IncomingMessage): boolean =>
    wanted === undefined || request.headers['proxy-authorization'] === wanted;
  const server = certificate === undefined ? http.createServer() : https.createServer(certificate);
  server.on('request', (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!isKnown(request)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic' }).end();
      return;
    }
    const { port, pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const target = { host: HERE, port: port || 80, path: pathname + search, method: request.method, headers };
    const forwarded = http.request(target, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.writeHead(502).end());
    request.pipe(forwarded);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket, early: Buffer) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on('error', () => {});
    if (!isKnown(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const port = Number(/:(\d+)$/.exec(request.url ?? '')?.[1]);
    join(socket, port, early, () => 'HTTP/1.1 200 Connection established\r\n\r\n', 'HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  return server;
}

function join(
  socket: Socket,
  port: number,
  early: Buffer,
  welcome: () => string | Buffer,
  refusal: string | Buffer,
): void {
  const target = net.connect(port, HERE, () => {
    socket.write(welcome());
    target.write(early);
    target.pipe(socket);
    socket.pipe(target);
  });
  target.on('error', () => socket.end(refusal));
  socket.on('close', () => target.destroy());
}

/** RFC 1928 and RFC 1929, of one who sends each message in one piece. */
function createSocks({ credentials }: ProxyServerOptions, asked: string[]): Server {
  return net.createServer((socket) => {
    const receive = (then: (bytes: Buffer) => void): void => void socket.once('data', then);
    const onRequest = (bytes: Buffer): void => {
      const isName = bytes[3] === 3;
      const end = isName ? 5 + bytes[4]! : bytes[3] === 1 ? 8 : 20;
      const name = isName ? bytes.toString('latin1', 5, end) : [...bytes.subarray(4, end)].join('.');
      const port = bytes.readUInt16BE(end);
      asked.push(`SOCKS ${name}:${port}`);
      const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
      socket.pause();
      join(socket, port, bytes.subarray(end + 2), () => reply(0), reply(5));
    };
    receive((methods) => {
      if (credentials === undefined) {
        socket.write(Buffer.from([5, 0]));
        receive(onRequest);
      } else if (!methods.includes(2, 2)) socket.end(Buffer.from([5, 0xff]));
      else {
        socket.write(Buffer.from([5, 2]));
        receive((given) => {
          const user = given.toString('utf8', 2, 2 + given[1]!);
          const password = given.toString('utf8', 3 + given[1]!);
          const isKnown = user === credentials.user && password === credentials.password;
          socket.write(Buffer.from([1, isKnown ? 0 : 1]));
          if (isKnown) receive(onRequest);
          else socket.end();
        });
      }
    });
  });
}
