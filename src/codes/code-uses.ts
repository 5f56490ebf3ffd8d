import type { WrittenCode } from './catalogue.ts';
import { CONNECTION_USES } from './connection-uses.ts';
import { SERVICE_USES } from './service-uses.ts';
import type { Use } from './use.ts';

/** Codes with examples of their own; those of HTTP/2's events have the examples of their error. */
export type CodeUseNumber = WrittenCode | 1600 | 1610 | 1630 | 1650;

/** When a failure has a code of the catalogue, and when it has another. */
export const CODE_USES = {
  ...CONNECTION_USES,
  1300: {
    right: [
      'A handshake message out of order',
      'The key in the certificate is too short for OpenSSL',
      'A chain of certificates that is too long',
    ],
    wrong: [
      { text: 'The peer sent an alert', instead: 1320 },
      { text: 'The port speaks no TLS', instead: 1301 },
      { text: 'The certificate is refused', instead: 1310 },
    ],
  },
  1301: {
    right: [
      'https:// to port 80',
      'A gRPC server without TLS, a client without `plaintext: true`',
      'A load balancer that ends TLS, and was gone around',
    ],
    wrong: [
      { text: 'The peer refuses the handshake with an alert', instead: 1320 },
      { text: 'TLS 1.0 only', instead: 1321 },
      { text: 'After the handshake comes something that is no HTTP', instead: 1041 },
    ],
  },
  1310: {
    right: [
      'A self-signed certificate of a test system',
      'An intermediate certificate that the server does not send',
      'The authority of the company, not installed in the container',
    ],
    wrong: [
      { text: 'The name does not fit', instead: 1311 },
      { text: 'The certificate is too old', instead: 1312 },
      { text: 'The server does not trust our certificate', instead: 1322 },
    ],
  },
  1311: {
    right: [
      'The test goes to the IP address, the certificate has the name',
      'A wildcard is for one level: a.b.shop.test does not fit *.shop.test',
      'The default certificate of an ingress',
    ],
    wrong: [
      { text: 'The issuer is unknown', instead: 1310 },
      { text: 'The server does not know the name: alert unrecognized_name', instead: 1320 },
      { text: 'The time of validity is over', instead: 1312 },
    ],
  },
  1312: {
    right: [
      'Automatic renewal has failed for weeks',
      'The clock of the load generator is ahead',
      "The intermediate certificate is too old, the server's is not",
    ],
    wrong: [
      { text: 'The certificate is valid from tomorrow on', instead: 1313 },
      { text: 'Our own certificate has expired', instead: 1322 },
      { text: 'The issuer is unknown', instead: 1310 },
    ],
  },
  1313: {
    right: [
      'The clock of the load generator is behind',
      'A certificate that was made in another time zone',
      'A rollout before its date',
    ],
    wrong: [
      { text: 'The certificate has expired', instead: 1312 },
      { text: 'The issuer is unknown', instead: 1310 },
      { text: 'The certificate was withdrawn', instead: 1314 },
    ],
  },
  1314: {
    right: [
      'A client with a revocation list finds the certificate in it',
      "A browser's log names ERR_CERT_REVOKED",
      'curl with --crlfile fails',
    ],
    wrong: [
      { text: 'The certificate has expired', instead: 1312 },
      { text: 'The server refuses our certificate with alert 44', instead: 1322 },
      { text: 'The issuer is unknown', instead: 1310 },
    ],
  },
  1320: {
    right: [
      'No cipher in common',
      'The name of SNI is not known to the server',
      'The server speaks no HTTP/2 here: no_application_protocol',
    ],
    wrong: [
      { text: 'The alert is about the version', instead: 1321 },
      { text: 'The alert is about our certificate', instead: 1322 },
      { text: 'The server closed without an alert', instead: 1040 },
    ],
  },
  1321: {
    right: [
      'The server has TLS 1.0 only',
      '`tlsVersion` asks for 1.3, the server has 1.2',
      'An old load balancer before a new server',
    ],
    wrong: [
      { text: 'No cipher in common', instead: 1320 },
      { text: 'The port speaks no TLS at all', instead: 1301 },
      { text: 'The certificate is refused', instead: 1310 },
    ],
  },
  1322: {
    right: [
      'mTLS, and the script sets no certificate',
      'The certificate is of an authority that the server does not trust',
      'The `domains` of tlsAuth do not fit the name',
    ],
    wrong: [
      { text: "We do not trust the server's certificate", instead: 1310 },
      { text: 'The application answers that the certificate may not do this', instead: 1403 },
      { text: 'No cipher in common', instead: 1320 },
    ],
  },
  1323: {
    right: [
      "The server's CPU is busy with handshakes",
      'A firewall lets the first packet through, and no other',
      'The port waits for something that is no TLS',
    ],
    wrong: [
      { text: 'No connection came about', instead: 1211 },
      { text: 'The handshake was done, the answer did not come', instead: 1050 },
      { text: 'The server refused at once', instead: 1320 },
    ],
  },
  1600: {
    right: [
      `Another program's log says "HTTP/2 error" and no more`,
      'nghttp2 found something that has no code',
      'A library lost the session without a reason',
    ],
    wrong: [
      { text: 'A GOAWAY came', instead: 1610 },
      { text: 'A stream was reset', instead: 1630 },
      { text: 'The connection was ended over a broken rule', instead: 1650 },
    ],
  },
  1610: {
    right: [
      'A GOAWAY with a number over 13',
      'A proxy with codes of its own',
      'A test that sends an error that does not exist',
    ],
    wrong: [
      { text: 'The code is one of the fourteen', instead: 1613 },
      { text: 'One stream was reset', instead: 1630 },
      { text: 'The connection just closed', instead: 1040 },
    ],
  },
  1630: {
    right: [
      'An RST_STREAM with a number over 13',
      'A proxy with codes of its own',
      'A test that sends an error that does not exist',
    ],
    wrong: [
      { text: 'The code is one of the fourteen', instead: 1633 },
      { text: 'The whole connection was ended', instead: 1610 },
      { text: 'A gRPC status was sent before the reset', instead: 1802 },
    ],
  },
  1650: {
    right: [
      "A client's log names an error that HTTP/2 does not have",
      'A library ended the connection without saying why',
      "nghttp2's text fits none of the fourteen",
    ],
    wrong: [
      { text: 'The server ended the connection', instead: 1610 },
      { text: 'The frame broke the protocol', instead: 1652 },
      { text: 'The header block could not be read', instead: 1660 },
    ],
  },
  1701: {
    right: ['Content-Encoding: gzip over plain text', 'A body that was compressed twice', 'Two versions of a .proto'],
    wrong: [
      { text: 'The body is larger than the limit', instead: 1702 },
      { text: 'The body ended early, uncompressed', instead: 1040 },
      { text: 'A chunk has a length that is no number', instead: 1041 },
    ],
  },
  1702: {
    right: [
      'A list without pages has grown to gigabytes',
      'A small compressed body unpacks to a huge one',
      'A gRPC message over `maxReceiveSize`',
    ],
    wrong: [
      { text: 'The server finds our body too large', instead: 1413 },
      { text: 'The gRPC server has a quota', instead: 1808 },
      { text: 'The headers are too large', instead: 1042 },
    ],
  },
  1900: {
    right: [
      'The server closed with 1011',
      'The server closed with a code of its application, 4001',
      'The other side wants no such data: 1003',
    ],
    wrong: [
      { text: 'The handshake was answered with 403', instead: 1901 },
      { text: 'The connection ended without a close frame', instead: 1903 },
      { text: 'A frame has a reserved bit', instead: 1902 },
    ],
  },
  1901: {
    right: [
      '403, since the Origin is not allowed',
      'A proxy answers 200 with a page',
      '502 from the gateway before the server',
    ],
    wrong: [
      { text: 'The handshake was done, then the server closed', instead: 1900 },
      { text: 'Nobody listens on the port', instead: 1212 },
      { text: 'An ordinary request was answered with 403', instead: 1403 },
    ],
  },
  1902: {
    right: [
      'A compressed frame without an agreement about compression',
      'A text that is not UTF-8',
      'A proxy cut a frame in two',
    ],
    wrong: [
      { text: 'The server closes with 1002: it finds our frames wrong', instead: 1900 },
      { text: 'The answer to the handshake is wrong', instead: 1901 },
      { text: 'The connection just ended', instead: 1903 },
    ],
  },
  1903: {
    right: [
      'A proxy drops idle connections after a minute',
      'The server process was killed',
      'A mobile network changed',
    ],
    wrong: [
      { text: 'The server closed with a code', instead: 1900 },
      { text: 'The handshake was refused', instead: 1901 },
      { text: 'The script closed the socket', instead: 1030 },
    ],
  },
  ...SERVICE_USES,
} as const satisfies Readonly<Record<CodeUseNumber, Use>>;
