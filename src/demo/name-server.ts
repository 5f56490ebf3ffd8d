import dgram from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** What the name server says, by the first label of the name: RCODEs of RFC 1035, section 4.1.1; null says nothing. */
const ANSWERS: Readonly<Record<string, number | null>> = {
  formerr: 1,
  servfail: 2,
  nxdomain: 3,
  notimp: 4,
  refused: 5,
  silent: null,
};

const HEADER_OCTETS = 12;
/** Response, recursion desired and available. */
const FLAGS = 0x8180;
/** A pointer to the name in the question, type A, class IN, a minute, four octets: 127.0.0.1. */
const HOME = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
const TYPE_A = 1;

/** A server that is no TCP one. */
export interface SideServer {
  /** `127.0.0.1:41015` */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Starts a name server that answers as the name asks: `servfail.test`, `nxdomain.test`; any other is at 127.0.0.1.
 * @param port 0 takes a free one
 * @throws the system's error where the port cannot be had
 */
export async function startNameServer(host: string, port: number): Promise<SideServer> {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, resolve);
  });
  socket.on('error', () => {});
  socket.on('message', (question, from) => {
    const answer = answerTo(question);
    if (answer !== null) socket.send(answer, from.port, from.address, () => {});
  });
  const bound = socket.address() as AddressInfo;
  return {
    address: bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** @returns null for what is no question, or is to stay without an answer */
function answerTo(message: Buffer): Buffer | null {
  const end = endOfQuestion(message);
  if (end === null) return null;
  const from = HEADER_OCTETS + 1;
  const label = message.toString('latin1', from, from + message[HEADER_OCTETS]!).toLowerCase();
  const known = Object.hasOwn(ANSWERS, label) ? ANSWERS[label] : undefined;
  if (known === null) return null;
  const isFound = known === undefined && message.readUInt16BE(end - 4) === TYPE_A;
  const head = Buffer.from(message.subarray(0, end));
  head.writeUInt16BE(FLAGS | (known ?? 0), 2);
  head.writeUInt16BE(isFound ? 1 : 0, 6);
  // Neither authorities nor additional records: what the question had of them (EDNS) is left out.
  head.writeUInt32BE(0, 8);
  return isFound ? Buffer.concat([head, HOME]) : head;
}

/** Where the first question ends, its type and class included. */
function endOfQuestion(message: Buffer): number | null {
  if (message.length < HEADER_OCTETS || message.readUInt16BE(4) === 0) return null;
  let at = HEADER_OCTETS;
  while (at < message.length && message[at]! > 0) at += 1 + message[at]!;
  return at + 5 <= message.length && at > HEADER_OCTETS ? at + 5 : null;
}
