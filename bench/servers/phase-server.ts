// Takes a known time for each phase of a request – the handshake of TLS, the first octet, the rest of the body – and says in the body how
// long each really was, by its own clock: what a client measures of them can be held against that.
import net from 'node:net';
import tls from 'node:tls';
import { createCertificates } from '../../src/demo/certificates.ts';

/** Of each phase; others than each other, so that none is taken for another. As many times as long as the first argument says. */
const [HANDSHAKE_MS, FIRST_OCTET_MS, BODY_MS] = [20, 30, 25].map((ms) => ms * Number(process.argv[2] ?? 1));

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';

const { cert, key } = createCertificates(['127.0.0.1']);
const secureContext = tls.createSecureContext({ cert, key });
let requests = 0;

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** Requests come whole, and one at a time on a connection. */
function answer(socket: tls.TLSSocket, handshaking: number): void {
  const asked = performance.now();
  requests++;
  setTimeout(() => {
    const first = performance.now();
    socket.write(HEAD + chunk(`{"tls_handshaking":${handshaking},"waiting":${first - asked},`), 'latin1');
    setTimeout(() => {
      socket.write(`${chunk(`"receiving":${performance.now() - first}}`)}0\r\n\r\n`, 'latin1');
    }, BODY_MS);
  }, FIRST_OCTET_MS);
}

const server = net.createServer({ noDelay: true }, (raw) => {
  const accepted = performance.now();
  raw.on('error', () => raw.destroy());
  setTimeout(() => {
    if (raw.destroyed) return;
    const socket = new tls.TLSSocket(raw, { isServer: true, secureContext });
    let handshaking = 0;
    socket.on('error', () => socket.destroy());
    socket.on('secure', () => {
      handshaking = performance.now() - accepted;
    });
    socket.on('data', () => answer(socket, handshaking));
  }, HANDSHAKE_MS);
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
// Asked by its parent how many requests there were.
process.on('message', () => process.send?.(requests));
process.on('disconnect', () => process.exit());
