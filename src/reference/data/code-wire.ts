import { findCode } from '../../codes/index.ts';

// What failures look like on the wire: → is what the client sends, ← what comes, … that nothing does.

const EXCHANGES: Readonly<Record<number, string>> = {
  1040: '→ GET /menu HTTP/1.1\n← FIN',
  1041: '→ GET /menu HTTP/1.1\n← This is no HTTP/1.1 200 OK',
  1042: '→ GET /menu HTTP/1.1\n← HTTP/1.1 200 OK\n← x-large: xxxxxxxx…\n→ FIN',
  1050: '→ GET /menu HTTP/1.1\n…\n→ FIN',
  1101: '→ A? no-such-host.invalid\n← NXDOMAIN',
  1102: '→ A? shop.test\n…\n→ A? shop.test\n…',
  1103: '→ A? shop.test\n← SERVFAIL',
  1104: '→ A? shop.test\n← REFUSED',
  1201: '→ POST /orders HTTP/1.1\n← RST\n→ {"item": …    EPIPE',
  1211: '→ SYN\n…\n→ SYN\n…',
  1212: '→ SYN\n← RST, ACK',
  1214: '→ SYN\n← ICMP 3/1 host unreachable',
  1215: '→ SYN\n← ICMP 3/0 network unreachable',
  1220: '→ GET /menu HTTP/1.1\n← RST',
  1230: '→ CONNECT shop.test:443 HTTP/1.1\n← HTTP/1.1 403 Forbidden',
  1231: '→ CONNECT shop.test:443 HTTP/1.1\n← HTTP/1.1 407 Proxy Authentication Required\n← proxy-authenticate: Basic realm="demo"',
  1232: '→ CONNECT shop.test:443 HTTP/1.1\n← FIN',
  1301: '→ 16 03 01 …                 ClientHello\n← 48 54 54 50 2f 31 2e 31   HTTP/1.1',
  1310: '→ ClientHello\n← Certificate\n     Subject: CN=shop.test\n     Issuer: CN=Sixfold demo authority\n→ FIN',
  1311: '→ ClientHello, server_name shop.test\n← Certificate\n     Subject Alternative Name: DNS:another.test\n→ FIN',
  1312: '→ ClientHello\n← Certificate\n     Not Before: Jan  1 00:00:00 2026 GMT\n     Not After : Jan 31 00:00:00 2026 GMT\n→ FIN',
  1313: '→ ClientHello\n← Certificate\n     Not Before: Jan  1 00:00:00 2099 GMT\n     Not After : Jan 31 00:00:00 2099 GMT\n→ FIN',
  1320: '→ ClientHello\n← 15 03 03 00 02 02 28       Alert, fatal, handshake_failure (40)',
  1321: '→ ClientHello\n← 15 03 03 00 02 02 46       Alert, fatal, protocol_version (70)',
  1322: '→ ClientHello\n← CertificateRequest\n→ Certificate, empty\n← 02 74                      Alert, fatal, certificate_required (116)',
  1323: '→ ClientHello\n…\n→ FIN',
  1701: 'HTTP/1.1 200 OK\nContent-Encoding: gzip\n\nthis was never compressed',
  1702: 'HTTP/1.1 200 OK\nContent-Length: 2000000000\n\n…',
  1900: '← 88 02 03 f3                FIN, opcode 8 (close), length 2, code 1011',
  1901: '→ GET /counter HTTP/1.1\n→ Upgrade: websocket\n← HTTP/1.1 403 Forbidden',
  1902: '← a1 02 68 69                FIN, RSV2, opcode 1 (text), length 2',
  1903: '← 81 02 68 69                FIN, opcode 1 (text), length 2\n← FIN',
  2000: '→ SET stock many\n→ INCR stock\n← -ERR value is not an integer or out of range',
  2001: '→ GET stock\n← -NOAUTH Authentication required.',
  2002: '→ LPUSH stock 1\n← -WRONGTYPE Operation against a key holding the wrong kind of value',
  2003: '→ GET stock\n← -LOADING Redis is loading the dataset in memory',
  2004: "→ SET stock 1\n← -OOM command not allowed when used memory > 'maxmemory'.",
  2005: '→ GET stock\n← -MOVED 3999 127.0.0.1:6381',
  2100: '← E  SERROR  C22012  Mdivision by zero',
  2101: '← E  SFATAL  C28P01  Mpassword authentication failed for user "shop"',
  2102: '← E  SERROR  C23505  Mduplicate key value violates unique constraint "orders_pkey"',
  2103: '← E  SERROR  C42P01  Mrelation "order" does not exist',
  2104: '← E  SERROR  C40001  Mcould not serialize access due to concurrent update',
  2105: '← E  SFATAL  C53300  Msorry, too many clients already',
  2106: '← E  SFATAL  C57P01  Mterminating connection due to administrator command',
  2300: '→ CONNECT\n← 20 02 00 03                CONNACK, return code 3 (server unavailable)',
  2301: '→ CONNECT\n← 20 02 00 05                CONNACK, return code 5 (not authorized)',
  2302: '→ SUBSCRIBE, packet 1\n← 90 03 00 01 80             SUBACK, packet 1, failure',
  2303: '→ PUBLISH\n← FIN',
  2304: '→ CONNECT\n← 48 54 54 50                no packet of MQTT',
  2305: '→ PINGREQ\n…\n→ FIN',
  2401: '→ SSH_MSG_USERAUTH_REQUEST password\n← SSH_MSG_USERAUTH_FAILURE publickey,password',
  2402: '← SSH_MSG_KEX_ECDH_REPLY, host key SHA256:…\n→ FIN',
  2403: '→ SSH_MSG_CHANNEL_REQUEST exec\n← FIN',
  2404: '→ SSH_MSG_CHANNEL_REQUEST exec\n…\n→ FIN',
  2405: '→ SSH_MSG_CHANNEL_REQUEST exec\n← SSH_MSG_CHANNEL_FAILURE',
};

/** What has a client end a connection, by the error that it gives. */
const BREACHES: Readonly<Record<number, string>> = {
  1: '← 00 00 08  06  00  00 00 00 01  00 …    PING, stream 1',
  3: '← 00 00 04  08  00  00 00 00 00  7f ff ff ff    WINDOW_UPDATE, stream 0, 2147483647',
  6: '← 00 00 07  06  00  00 00 00 00  00 …    PING, 7 octets',
  9: '← 00 00 01  01  05  00 00 00 01  80    HEADERS, stream 1, index 0',
  11: '← 00 00 04  08  00  00 00 00 01  00 00 00 01    WINDOW_UPDATE, stream 1, 1\n← …',
};

const octets = (value: number): string =>
  value
    .toString(16)
    .padStart(8, '0')
    .replaceAll(/(..)(?=.)/g, '$1 ');

const goaway = (error: number, lastStream: number): string =>
  `00 00 08  07  00  00 00 00 00  ${octets(lastStream)}  ${octets(error)}    GOAWAY, last stream ${lastStream}, error ${error}`;

/** The frame that resets a stream with an error of HTTP/2. */
export const resetWire = (error: number): string =>
  `00 00 04  03  00  00 00 00 01  ${octets(error)}    RST_STREAM, stream 1, error ${error}`;

/** What a code of the catalogue looks like on the wire; null where there is nothing to see of it. */
export function codeWire(code: number): string | null {
  const { family, error = null } = findCode(code)?.http2 ?? {};
  if (family === undefined || error === null) return EXCHANGES[code] ?? null;
  if (family === 'stream') return `← ${resetWire(error)}`;
  if (family === 'goaway') return `← ${goaway(error, 1)}`;
  const breach = BREACHES[error];
  return `${breach === undefined ? '' : `${breach}\n`}→ ${goaway(error, 0)}`;
}
