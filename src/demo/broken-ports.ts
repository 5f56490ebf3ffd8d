import net, { type Server } from 'node:net';
import tls from 'node:tls';
import type { DemoAuthority, DemoCertificates } from './certificates.ts';
import { serveBreaches } from './frame-breaker.ts';

/** An alert of level fatal (RFC 8446, section 6), before any protocol has been agreed on. */
const fatalAlert = (description: number): Buffer => Buffer.from([21, 3, 3, 0, 2, 2, description]);
const HANDSHAKE_FAILURE = 40;
const PROTOCOL_VERSION = 70;
/** A handshake message of a type that there is none of, where a ServerHello is due. */
const NONSENSE = Buffer.from([22, 3, 3, 0, 4, 99, 0, 0, 0]);

const secure = (certificates: DemoCertificates, options: tls.TlsOptions = {}): Server =>
  tls
    .createServer({ cert: certificates.cert, key: certificates.key, ...options }, answerNothing)
    .on('tlsClientError', () => {});

/** Who gets as far as here has not looked at the certificate. */
function answerNothing(socket: tls.TLSSocket): void {
  socket.on('error', () => {});
  socket.once('data', () =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n', () => socket.destroySoon()),
  );
}

/** Answers each handshake with the same, as soon as it begins. */
const answering = (bytes: Buffer): Server =>
  net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes));
  });

/**
 * Makes the servers of `BROKEN_PORTS` (port-list.ts), in that order; the last, whose queue is full, is of another kind (full-queue.ts).
 * @param names that a good certificate is made out to
 */
export function createBrokenServers(
  names: readonly string[],
  authority: DemoAuthority,
  good: DemoCertificates,
): Server[] {
  const silent = net.createServer((socket) => socket.on('error', () => {}).resume());
  const breaking = tls
    .createServer({ cert: good.cert, key: good.key, ALPNProtocols: ['h2'] }, serveBreaches)
    .on('tlsClientError', () => {});
  return [
    secure(authority.issue(['another.test'])),
    secure(authority.issue(names, { from: -30, to: -1 })),
    secure(authority.issue(names, { from: 1, to: 30 })),
    answering(fatalAlert(HANDSHAKE_FAILURE)),
    answering(fatalAlert(PROTOCOL_VERSION)),
    secure(good, { requestCert: true, rejectUnauthorized: true, ca: good.ca }),
    silent,
    breaking,
    answering(NONSENSE),
  ];
}
