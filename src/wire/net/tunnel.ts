// A way through a proxy to a host: CONNECT (RFC 9110 section 9.3.6) and SOCKS5 (RFC 1928, RFC 1929).
import { isIP, type Socket } from 'node:net';
import type { ProxyServer } from '../../addresses/proxy-address.ts';
import { proxyAuthorization } from './proxy.ts';
import { WireError } from './wire-error.ts';

/** What a proxy may say before it lets us through. */
const MAX_ANSWER = 64 * 1024;
const HEAD_END = '\r\n\r\n';

/** One side of a conversation with a proxy. */
interface Conversation {
  /** What to say first. */
  readonly greeting: Buffer;
  /**
   * Reads what has come so far.
   * @returns more to say and how much was read; `through` when the tunnel is open; null: more has to come
   * @throws WireError when the proxy refuses or is none
   */
  read(bytes: Buffer): { used: number; say?: Buffer; through?: true } | null;
}

/**
 * Asks the proxy at the other end of a socket for a tunnel.
 * @param done with null the socket is the target's: paused, what came early put back, without listeners of ours
 */
export function openTunnel(
  socket: Socket,
  proxy: ProxyServer,
  target: { readonly host: string; readonly port: number },
  done: (error: WireError | null) => void,
): void {
  if (!/^[\x21-\x7e]+$/.test(target.host)) {
    done(
      new WireError(1020, `the host ${JSON.stringify(target.host)} cannot be asked of a proxy`, {
        kind: 'invalid host',
      }),
    );
    return;
  }
  const talk = proxy.kind === 'socks5' ? askSocks(proxy, target) : askConnect(proxy, target);
  let bytes: Buffer = Buffer.alloc(0);
  const finish = (error: WireError | null): void => {
    socket.removeListener('data', onData);
    socket.pause();
    if (error === null && bytes.length > 0) socket.unshift(bytes);
    done(error);
  };
  const onData = (chunk: Buffer): void => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    try {
      for (;;) {
        const step = talk.read(bytes);
        if (step === null) break;
        bytes = bytes.subarray(step.used);
        if (step.say !== undefined) socket.write(step.say);
        if (step.through === true) {
          finish(null);
          return;
        }
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      finish(error);
      return;
    }
    if (bytes.length > MAX_ANSWER) finish(new WireError(1232, 'the proxy answers without end'));
  };
  socket.on('data', onData);
  socket.write(talk.greeting);
}

function askConnect(proxy: ProxyServer, { host, port }: { host: string; port: number }): Conversation {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const authorization = proxyAuthorization(proxy);
  /** Octets of what went before the answer. */
  let interim = 0;
  const lines = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    ...(authorization === null ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  return {
    greeting: Buffer.from(`${lines.join('\r\n')}${HEAD_END}`, 'latin1'),
    read(bytes) {
      const end = bytes.indexOf(HEAD_END);
      // What is no HTTP never gets to an end of a head.
      if (end < 0 && (bytes.length < 5 || bytes.subarray(0, 5).equals(Buffer.from('HTTP/')))) return null;
      const head = bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
      const [, status = '', reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?(?:\r\n|$)/.exec(head) ?? [];
      if (status === '') throw new WireError(1232, 'what answers is no HTTP proxy');
      // What goes before the answer says nothing that a tunnel needs (RFC 9110 section 15.2); nobody asked to switch protocols.
      if (status.startsWith('1') && status !== '101') {
        if ((interim += end + HEAD_END.length) > MAX_ANSWER) throw new WireError(1232, 'the proxy answers without end');
        return { used: end + HEAD_END.length };
      }
      if (!status.startsWith('2')) {
        const text = `${status} ${reason.replace(/[^\x20-\x7e]/g, '').slice(0, 80)}`.trimEnd();
        throw new WireError(status === '407' ? 1231 : 1230, text, { kind: status });
      }
      return { used: end + HEAD_END.length, through: true };
    },
  };
}

const NO_AUTHENTICATION = 0;
const BY_PASSWORD = 2;

/** Kinds of addresses. */
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** The replies of RFC 1928 section 6. */
const SOCKS_REPLIES: Readonly<Record<number, string>> = {
  1: 'general SOCKS server failure',
  2: 'connection not allowed by ruleset',
  3: 'network unreachable',
  4: 'host unreachable',
  5: 'connection refused',
  6: 'TTL expired',
  7: 'command not supported',
  8: 'address type not supported',
};

/** Names are resolved by the proxy, as Go has it for `socks5:` too. */
function askSocks({ credentials }: ProxyServer, { host, port }: { host: string; port: number }): Conversation {
  let step: 'method' | 'password' | 'reply' = 'method';
  const methods = credentials === null ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, BY_PASSWORD];
  const ask = (): Buffer => {
    step = 'reply';
    return Buffer.from([5, 1, 0, ...socksAddress(host), port >> 8, port & 0xff]);
  };
  return {
    greeting: Buffer.from([5, methods.length, ...methods]),
    read(bytes) {
      if (bytes.length < 2) return null;
      const [version, answer] = bytes as unknown as [number, number];
      if (version !== (step === 'password' ? 1 : 5)) throw new WireError(1232, 'what answers is no SOCKS5 proxy');
      if (step === 'method') {
        if (answer === NO_AUTHENTICATION) return { used: 2, say: ask() };
        if (answer !== BY_PASSWORD || credentials === null)
          throw new WireError(1231, 'the SOCKS proxy wants other credentials');
        step = 'password';
        const [user, password] = [Buffer.from(credentials.user), Buffer.from(credentials.password)];
        return {
          used: 2,
          say: Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]),
        };
      }
      if (step === 'password') {
        if (answer !== 0) throw new WireError(1231, 'the SOCKS proxy does not know these credentials');
        return { used: 2, say: ask() };
      }
      if (answer !== 0) throw new WireError(1230, SOCKS_REPLIES[answer] ?? `SOCKS reply ${answer}`);
      if (bytes.length < 5) return null;
      const length = addressLength(bytes[3] ?? 0, bytes[4] ?? 0);
      if (length === null) throw new WireError(1232, 'what answers is no SOCKS5 proxy');
      const size = 6 + length;
      return bytes.length < size ? null : { used: size, through: true };
    },
  };
}

/** Octets of an address in a reply, from its kind and its first octet; null: there is no such kind (RFC 1928 section 5). */
function addressLength(kind: number, first: number): number | null {
  switch (kind) {
    case IPV4:
      return 4;
    case NAME:
      return 1 + first;
    case IPV6:
      return 16;
    default:
      return null;
  }
}

function socksAddress(host: string): number[] {
  if (isIP(host) === 4) return [IPV4, ...host.split('.').map(Number)];
  if (isIP(host) === 6) {
    // An interface of ours means nothing to another machine.
    if (host.includes('%')) throw new WireError(1020, 'an address of one interface cannot be asked of a proxy');
    return [IPV6, ...ipv6Octets(host)];
  }
  const name = Buffer.from(host);
  if (name.length > 255) throw new WireError(1020, 'a host name of more than 255 octets');
  return [NAME, name.length, ...name];
}

function ipv6Octets(address: string): number[] {
  // The URL parser writes every address in one form, without a dotted part.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const all =
    tail === undefined ? before : [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}
