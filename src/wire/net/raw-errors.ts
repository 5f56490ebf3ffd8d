import { WireError } from './wire-error.ts';

/** Where in an exchange an error of Node's was seen; the same ECONNRESET means different things in different places. */
export type Phase = 'lookup' | 'dial' | 'tls' | 'write' | 'read';

interface RawError {
  code: string;
  syscall: string;
  errno: number;
  message: string;
  reason: string;
}

/** One row of the mapping: the catalogue's number, and the words that k6 uses where it has any. */
type Verdict = readonly [code: number, message: string];

const LOOKUP: Record<string, Verdict> = {
  ENOTFOUND: [1101, 'lookup: no such host'],
  ENODATA: [1101, 'lookup: no such host'],
  ENONAME: [1101, 'lookup: no such host'],
  EAI_AGAIN: [1103, 'lookup: temporary failure in name resolution'],
  ESERVFAIL: [1103, 'lookup: server misbehaving'],
  EREFUSED: [1104, 'lookup: query refused'],
  ETIMEOUT: [1102, 'lookup: i/o timeout'],
  ETIMEDOUT: [1102, 'lookup: i/o timeout'],
};

const DIAL: Record<string, Verdict> = {
  ECONNREFUSED: [1212, 'dial: connection refused'],
  ETIMEDOUT: [1211, 'dial: i/o timeout'],
  EHOSTUNREACH: [1214, 'dial: no route to host'],
  ENETUNREACH: [1215, 'dial: network is unreachable'],
  EADDRNOTAVAIL: [
    1216,
    'dial: no local port left – widen net.ipv4.ip_local_port_range, reuse connections or give more addresses with --local-ips',
  ],
  EMFILE: [1217, "dial: too many open files – raise the generator's limit with ulimit -n"],
  ENFILE: [1217, "dial: too many open files in the system – raise the generator's limit fs.file-max"],
  ECONNRESET: [1220, 'dial: connection reset by peer'],
};

const CERTIFICATE: Record<string, Verdict> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: [1310, 'x509: certificate signed by unknown authority (it is self-signed)'],
  SELF_SIGNED_CERT_IN_CHAIN: [1310, 'x509: certificate signed by unknown authority (a self-signed one in its chain)'],
  UNABLE_TO_GET_ISSUER_CERT: [1310, 'x509: certificate signed by unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [1310, 'x509: certificate signed by unknown authority'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [1310, 'x509: certificate signed by unknown authority'],
  CERT_UNTRUSTED: [1310, 'x509: certificate signed by unknown authority'],
  INVALID_CA: [1310, 'x509: certificate signed by unknown authority (the issuer is no CA)'],
  CERT_SIGNATURE_FAILURE: [1310, 'x509: certificate signed by unknown authority (its signature does not hold)'],
  HOSTNAME_MISMATCH: [1311, "x509: certificate doesn't match hostname"],
  ERR_TLS_CERT_ALTNAME_INVALID: [1311, "x509: certificate doesn't match hostname"],
  CERT_HAS_EXPIRED: [1312, 'x509: certificate has expired'],
  CERT_NOT_YET_VALID: [1313, 'x509: certificate is not yet valid'],
  CERT_REVOKED: [1314, 'x509: certificate has been revoked'],
};

/**
 * Turns what Node threw or emitted into an error of the catalogue; walks the cause chain.
 * A WireError comes back as it is.
 */
export function toWireError(error: unknown, phase: Phase): WireError {
  if (error instanceof WireError) return error;
  const raw = readError(error);
  const [code, message] = judge(raw, phase);
  return new WireError(code, message, { cause: error });
}

function readError(error: unknown): RawError {
  for (let depth = 0, current = error; depth < 8 && typeof current === 'object' && current !== null; depth++) {
    const { code, syscall, errno, message, reason, cause } = current as Record<string, unknown>;
    if (typeof code === 'string') {
      return {
        code,
        syscall: typeof syscall === 'string' ? syscall : '',
        errno: typeof errno === 'number' ? Math.abs(errno) : 0,
        message: String(message ?? code),
        reason: typeof reason === 'string' ? reason : '',
      };
    }
    current = cause;
  }
  return {
    code: '',
    syscall: '',
    errno: 0,
    message: error instanceof Error ? error.message : String(error),
    reason: '',
  };
}

function judge(raw: RawError, phase: Phase): Verdict {
  const certificate = CERTIFICATE[raw.code];
  if (certificate !== undefined) return certificate;
  if (raw.code.startsWith('ERR_SSL_') || raw.code === 'EPROTO') return judgeTls(raw);
  if (phase === 'lookup') return LOOKUP[raw.code] ?? [1100, `lookup: ${raw.message}`];
  if (phase === 'dial' || raw.syscall === 'connect' || raw.syscall === 'bind') {
    return DIAL[raw.code] ?? (raw.errno > 0 ? [1213, unknownErrno('dial', raw)] : [1210, `dial: ${raw.message}`]);
  }
  switch (raw.code) {
    case 'ECONNRESET':
      // Without a system call behind it Node means "the peer ended the connection during the handshake".
      if (raw.syscall === '' && phase === 'tls') return [1040, 'EOF during the TLS handshake'];
      return [1220, `${phase === 'write' ? 'write' : 'read'}: connection reset by peer`];
    case 'EPIPE':
    case 'ERR_STREAM_DESTROYED':
    case 'ERR_STREAM_WRITE_AFTER_END':
      return [1201, 'write: broken pipe'];
    case 'ETIMEDOUT':
      return [1200, `${phase}: connection timed out`];
    default:
      if (phase === 'tls') return [1300, `tls: ${raw.message}`];
      return raw.errno > 0 ? [1202, unknownErrno(phase, raw)] : [1200, `${phase}: ${raw.message}`];
  }
}

function unknownErrno(operation: string, raw: RawError): string {
  return `${operation}: unknown errno ${raw.errno} on ${process.platform} with message \`${raw.message}\``;
}

function judgeTls(raw: RawError): Verdict {
  const name = `${raw.code} ${raw.reason} ${raw.message}`.toLowerCase().replaceAll(' ', '_');
  if (
    /wrong_version_number|http_request|https_proxy_request|packet_length_too_long|record_too_small|bad_record_type|record_layer_failure/.test(
      name,
    )
  ) {
    return [1301, 'tls: first record does not look like a TLS handshake'];
  }
  if (
    /alert_protocol_version|unsupported_protocol|version_too_low|version_too_high|no_protocols_available/.test(name)
  ) {
    return [1321, 'tls: no protocol version in common'];
  }
  if (
    /certificate_required|alert_bad_certificate|alert_unknown_ca|alert_certificate_(expired|revoked|unknown)|alert_unsupported_certificate/.test(
      name,
    )
  ) {
    return [1322, `tls: the peer rejected the client certificate: ${alertName(name)}`];
  }
  if (name.includes('alert_')) return [1320, `tls: remote error: ${alertName(name)}`];
  return [1300, `tls: ${raw.reason || raw.message}`];
}

function alertName(text: string): string {
  return /alert_([a-z_]+?)(?:_?(?:ssl_alert|alert_number|:|$)|\b)/.exec(text)?.[1]?.replaceAll('_', ' ') ?? 'alert';
}
