// For tests: a server that asks for NTLM, as MS-NLMP describes its part. curl logs in to it, too (`curl --ntlm -u 'SHOP\ann:pass'`).
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Md4 } from '../k6-crypto/md4.ts';

export interface NtlmServerOptions {
  readonly scheme?: 'NTLM' | 'Negotiate';
  /** Names the time in its challenge, as later servers do. */
  readonly namesTime?: boolean;
  /** Of the account; curl knows ASCII only. */
  readonly password?: string;
}

const ACCOUNT = { domain: 'SHOP', user: 'ann' };

const pair = (id: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
};
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

function challengeMessage(challenge: Buffer, namesTime: boolean): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(116_444_736_000_000_000n + BigInt(Date.now()) * 10_000n);
  const info = Buffer.concat([
    pair(2, wide('SHOP')),
    pair(1, wide('SERVER')),
    ...(namesTime ? [pair(7, time)] : []),
    pair(0, Buffer.alloc(0)),
  ]);
  const target = wide('SHOP');
  const head = Buffer.alloc(48);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt16LE(target.length, 12);
  head.writeUInt16LE(target.length, 14);
  head.writeUInt32LE(48, 16);
  head.writeUInt32LE(0xa2898205, 20);
  challenge.copy(head, 24);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(48 + target.length, 44);
  return Buffer.concat([head, target, info]);
}

function isRight(message: Buffer, challenge: Buffer, password: string): boolean {
  const field = (at: number): Buffer => {
    const start = message.readUInt32LE(at + 4);
    return message.subarray(start, start + message.readUInt16LE(at));
  };
  const [nt, domain, user] = [field(20), field(28).toString('utf16le'), field(36).toString('utf16le')];
  if (domain !== ACCOUNT.domain || user !== ACCOUNT.user || nt.length < 32) return false;
  const md5 = (key: Buffer, data: Buffer): Buffer => createHmac('md5', key).update(data).digest();
  const key = md5(new Md4().update(wide(password)).digest(), wide(user.toUpperCase() + domain));
  return timingSafeEqual(md5(key, Buffer.concat([challenge, nt.subarray(16)])), nt.subarray(0, 16));
}

/** Answers who is logged in on the connection, with the requests' bodies and the messages that came. */
export function createNtlmServer({
  scheme = 'NTLM',
  namesTime = false,
  password = 'pässword',
}: NtlmServerOptions = {}): Server {
  const challenges = new WeakMap<Socket, Buffer>();
  const loggedIn = new WeakSet<Socket>();
  const refuse = (response: ServerResponse, token = ''): void => {
    response.writeHead(401, { 'WWW-Authenticate': `${scheme}${token === '' ? '' : ` ${token}`}` }).end('who are you?');
  };
  /** Whether the connection is logged in once the message has been heard; else it has been asked on. */
  const hear = (socket: Socket, message: Buffer, response: ServerResponse): boolean => {
    if (message.readUInt32LE(8) === 1) {
      const challenge = randomBytes(8);
      challenges.set(socket, challenge);
      refuse(response, challengeMessage(challenge, namesTime).toString('base64'));
      return false;
    }
    const known = challenges.get(socket);
    if (known !== undefined && isRight(message, known, password)) {
      loggedIn.add(socket);
      return true;
    }
    refuse(response);
    return false;
  };
  const decide = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const { socket } = request;
    const [given, token] = (request.headers.authorization ?? '').split(' ');
    if (!loggedIn.has(socket)) {
      if (given !== scheme || token === undefined) {
        refuse(response);
        return;
      }
      if (!hear(socket, Buffer.from(token, 'base64'), response)) return;
    }
    response.end(JSON.stringify({ url: request.url, body, sent: given }));
  };
  return createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => decide(request, response, body));
  });
}
