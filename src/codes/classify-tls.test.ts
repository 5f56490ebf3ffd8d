import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Code, findCode } from './catalogue.ts';
import { classifyTls } from './classify-tls.ts';

test('verdicts on a certificate, reasons of OpenSSL and alerts have the code that says what to do', () => {
  for (const [code, message, expected] of [
    ['SELF_SIGNED_CERT_IN_CHAIN', '', 'unknown_authority'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', '', 'hostname_mismatch'],
    ['CERT_HAS_EXPIRED', '', 'certificate_expired'],
    ['CERT_NOT_YET_VALID', '', 'certificate_not_yet_valid'],
    ['CERT_REVOKED', '', 'certificate_revoked'],
    ['CERT_CHAIN_TOO_LONG', '', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', '', 'not_tls'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', '', 'not_tls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', '', 'no_common_version'],
    ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', '', 'no_common_version'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', '', 'client_certificate_rejected'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'alert number 40', 'handshake_alert'],
    ['ERR_SSL_SOMETHING', 'ssl alert number 116', 'client_certificate_rejected'],
    ['ERR_SSL_SOMETHING', 'SSL alert number 70', 'no_common_version'],
    ['ERR_SSL_SOMETHING', '', 'tls'],
    ['EPROTO', 'write EPROTO: wrong version number', 'not_tls'],
    ['EPROTO', 'sslv3 alert bad certificate', 'client_certificate_rejected'],
    ['EPROTO', 'something else', 'tls'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', '', 'tls_timeout'],
    ['UNABLE_TO_GET_CRL', '', 'tls'],
    ['CRL_HAS_EXPIRED', '', 'tls'],
  ] as const) {
    const found = classifyTls(code, message) as Code;
    const entry = findCode(found);
    const wanted = { no_common_version: 1321, tls_timeout: 1323 }[expected as string];
    assert.ok(wanted === undefined ? entry?.name === expected : found === wanted, `${code} ${message}: ${found}`);
  }
});

test('what is none of TLS is left to others', () => {
  for (const code of ['ECONNRESET', 'ENOTFOUND', '', 'ERR_HTTP2_ERROR'])
    assert.equal(classifyTls(code, 'x'), undefined);
});
