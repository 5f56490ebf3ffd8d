// A web server that sends what no honest one would, by the request's path. Raw octets: a library would not let them out.
import net, { type AddressInfo } from 'node:net';
import zlib from 'node:zlib';

export interface HostileServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** What each of its bombs unpacks to, in octets. */
const BOMB_SIZE = 512 * 1024 * 1024;

/** Packs zeros that nobody could keep. */
async function pack(packer: zlib.BrotliCompress | zlib.Gzip | zlib.ZstdCompress): Promise<Buffer> {
  const piece = Buffer.alloc(4 * 1024 * 1024);
  const pieces: Buffer[] = [];
  packer.on('data', (data: Buffer) => pieces.push(data));
  const ended = new Promise((resolve) => packer.once('end', resolve));
  for (let left = BOMB_SIZE; left > 0; left -= piece.length)
    if (!packer.write(piece)) await new Promise((resolve) => packer.once('drain', resolve));
  packer.end();
  await ended;
  return Buffer.concat(pieces);
}

function packBomb(coding: string): Promise<Buffer> {
  if (coding === 'gzip') return pack(zlib.createGzip({ level: 1 }));
  if (coding === 'zstd')
    return pack(zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }));
  return pack(zlib.createBrotliCompress({ params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }));
}

type Part = string | Buffer;

/** Paths, and what is sent for them: a status, lines of the head and a body. The query is one argument, percent-encoded. */
const ANSWERS: Record<
  string,
  (argument: string) => [status: string, lines: Part[], body?: Part] | Promise<[string, Part[], Part]>
> = {
  '/ok': () => ['200 OK', [], 'ok'],
  /** Answers with lines of the script's own making, octet by octet. */
  '/line': (line) => ['200 OK', [Buffer.from(line, 'utf8')], 'ok'],
  '/cookie-and-redirect': (to) => ['302 Found', ['Set-Cookie: a=b', `Location: ${to}`]],
  '/redirect': (to) => ['302 Found', [`Location: ${to}`]],
  '/challenge': (challenge) => ['401 Unauthorized', [`WWW-Authenticate: ${challenge}`]],
  '/long-challenge': (letter) => ['401 Unauthorized', [`WWW-Authenticate: Digest ${letter.repeat(200_000)}`]],
  '/names': () => [
    '200 OK',
    ['constructor', '__proto__', 'toString'].map((name) => `Set-Cookie: ${name}=1; Path=/`),
    'ok',
  ],
  '/deep': () => ['200 OK', ['Content-Type: application/json'], '['.repeat(50_000) + ']'.repeat(50_000)],
  '/bomb': async (coding) => ['200 OK', [`Content-Encoding: ${coding}`], await bombOf(coding)],
};

const bombs = new Map<string, Promise<Buffer>>();
function bombOf(coding: string): Promise<Buffer> {
  let bomb = bombs.get(coding);
  if (bomb === undefined) bombs.set(coding, (bomb = packBomb(coding)));
  return bomb;
}

/** Starts it on loopback. */
export async function startHostileServer(): Promise<HostileServer> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let head = '';
    socket.on('data', async (data) => {
      head += data.toString('latin1');
      // Requests here have no bodies.
      for (let end = head.indexOf('\r\n\r\n'); end >= 0; end = head.indexOf('\r\n\r\n')) {
        const target = /^\S+ (\S+)/.exec(head)?.[1] ?? '/';
        head = head.slice(end + 4);
        const [path = '', argument = ''] = target.split('?');
        const [status, lines, body = ''] = (await ANSWERS[path]?.(decodeURIComponent(argument))) ?? [
          '404 Not Found',
          [],
        ];
        const all: Part[] = [`HTTP/1.1 ${status}`, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, ''];
        socket.write(
          Buffer.concat([...all.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]), Buffer.from(body)]),
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
