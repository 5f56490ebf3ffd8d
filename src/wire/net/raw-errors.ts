import { classify, type Phase } from '../../codes/classify.ts';
import { WireError } from './wire-error.ts';

export type { Phase };

/** k6's words where it has any, so that scripts which look at `error` find what they expect; else what to do about it. */
const MESSAGES: Readonly<Record<number, string>> = {
  1101: 'lookup: no such host',
  1102: 'lookup: i/o timeout',
  1103: 'lookup: temporary failure in name resolution',
  1104: 'lookup: query refused',
  1201: 'write: broken pipe',
  1211: 'dial: i/o timeout',
  1212: 'dial: connection refused',
  1214: 'dial: no route to host',
  1215: 'dial: network is unreachable',
  1216: 'dial: no local port left – widen net.ipv4.ip_local_port_range, reuse connections, or give more addresses with --local-ips',
  1217: "dial: too many open files – raise the generator's limit (ulimit -n)",
  1301: 'tls: first record does not look like a TLS handshake',
  1310: 'x509: certificate signed by unknown authority',
  1311: "x509: certificate doesn't match hostname",
  1312: 'x509: certificate has expired',
  1313: 'x509: certificate is not yet valid',
  1314: 'x509: certificate has been revoked',
  1321: 'tls: no protocol version in common',
  1323: 'tls: handshake timeout',
};

/** Turns what Node threw or emitted into an error of the catalogue. A WireError comes back as it is. */
export function toWireError(error: unknown, phase: Phase): WireError {
  if (error instanceof WireError) return error;
  const { code } = classify(error, phase);
  const message = describe(code, error, phase);
  // Node and OpenSSL put addresses, ports and pointers into what is not one of our texts.
  const kind =
    code % 100 === 0 || code % 10 === 0 ? message.replace(/\b(?=[0-9A-F]*\d)[0-9A-Fa-fx.:]{2,}/g, '…') : message;
  return new WireError(code, message, { cause: error, kind });
}

function describe(code: number, error: unknown, phase: Phase): string {
  const known = MESSAGES[code];
  if (known !== undefined) return known;
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = String(fields['reason'] ?? fields['message'] ?? error);
  switch (code) {
    case 1040:
      return phase === 'tls' ? 'EOF during the TLS handshake' : 'EOF';
    case 1202:
    case 1213: {
      const errno = Math.abs(Number(fields['errno'] ?? 0));
      return `${phase}: unknown errno ${errno} on ${process.platform} with message \`${text}\``;
    }
    case 1220:
      return `${phase}: connection reset by peer`;
    case 1320:
    case 1322:
      return `remote error: tls: ${alertName(text, String(fields['code']))}`;
    default:
      return `${phase}: ${text}`;
  }
}

/** The alert as TLS calls it, from OpenSSL's reason or else its code: never from both, each has it. */
function alertName(reason: string, code: string): string {
  const alert = /alert[ _](.+?)(?:[ _:]*(?:ssl alert|alert number|\d)|$)/i;
  const name = (alert.exec(reason) ?? alert.exec(code))?.[1] ?? reason;
  return name.toLowerCase().replaceAll('_', ' ').trim();
}
