import type { Code } from './catalogue.ts';

/** OpenSSL's verdicts on the peer's certificate, as Node names them (X509_V_ERR_ without the prefix), and Node's own. */
const VERDICTS: Readonly<Record<string, Code>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 1310,
  SELF_SIGNED_CERT_IN_CHAIN: 1310,
  UNABLE_TO_GET_ISSUER_CERT: 1310,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 1310,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 1310,
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 1310,
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 1310,
  CERT_SIGNATURE_FAILURE: 1310,
  CERT_UNTRUSTED: 1310,
  CERT_REJECTED: 1310,
  INVALID_CA: 1310,
  INVALID_PURPOSE: 1310,
  PATH_LENGTH_EXCEEDED: 1310,
  ERR_TLS_CERT_ALTNAME_INVALID: 1311,
  ERR_TLS_CERT_ALTNAME_FORMAT: 1311,
  HOSTNAME_MISMATCH: 1311,
  CERT_HAS_EXPIRED: 1312,
  ERROR_IN_CERT_NOT_AFTER_FIELD: 1312,
  CERT_NOT_YET_VALID: 1313,
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 1313,
  CERT_REVOKED: 1314,
  CERT_CHAIN_TOO_LONG: 1300,
  OUT_OF_MEM: 1300,
  ERR_TLS_HANDSHAKE_TIMEOUT: 1323,
  ERR_TLS_PROTOCOL_VERSION_CONFLICT: 1321,
  ERR_TLS_INVALID_PROTOCOL_VERSION: 1321,
};

const NOT_TLS =
  /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE|BAD_PACKET_LENGTH/;
const NO_VERSION =
  /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|UNSUPPORTED_SSL_VERSION|VERSION_TOO_(?:LOW|HIGH)/;
/** What a server says about the certificate it got, or did not get. */
const ABOUT_OUR_CERTIFICATE =
  /ALERT_(?:NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)/;
const ALERT = /_ALERT_|_ALERT$/;

/** Alerts by number (RFC 8446, section 6), for texts such as `SSL alert number 116`. */
const CERTIFICATE_ALERTS = new Set([41, 42, 43, 44, 45, 46, 48, 49, 116]);
const PROTOCOL_VERSION_ALERT = 70;

/**
 * The code of a TLS failure.
 * @param code what Node has in `error.code`: a verdict, or `ERR_SSL_` and OpenSSL's reason in capitals
 * @param message the text, for the alert's number where the code (EPROTO) does not tell
 * @returns undefined where the code is not one of TLS's
 */
export function classifyTls(code: string, message: string): Code | undefined {
  const verdict = VERDICTS[code];
  if (verdict !== undefined) return verdict;
  if (code === 'EPROTO') return ofReason(message.toUpperCase().replaceAll(' ', '_'), message);
  if (code.startsWith('ERR_SSL_')) return ofReason(code, message);
  if (code.startsWith('ERR_TLS_') || code.startsWith('CRL_') || code.startsWith('UNABLE_TO_GET_CRL')) return 1300;
  return undefined;
}

function ofReason(reason: string, message: string): Code {
  if (NOT_TLS.test(reason)) return 1301;
  if (NO_VERSION.test(reason)) return 1321;
  if (ABOUT_OUR_CERTIFICATE.test(reason)) return 1322;
  const alert = /alert number (\d+)/i.exec(message)?.[1];
  if (alert !== undefined) return ofAlert(Number(alert));
  return ALERT.test(reason) ? 1320 : 1300;
}

function ofAlert(number: number): Code {
  if (number === PROTOCOL_VERSION_ALERT) return 1321;
  return CERTIFICATE_ALERTS.has(number) ? 1322 : 1320;
}
