// Plain connections to ports that speak TLS, and the other way round: what to change in the script.

/** What a script spoke, for the words that it wrote. */
export type Transport = 'http' | 'websocket' | 'grpc';

/** The peer did not answer with TLS. */
const NOT_TLS = 1301;
/** It hung up, or answered with bytes of another protocol: so do ports that expect TLS. */
const MAYBE_TLS: readonly number[] = [1040, 1041];

const CHANGES: Readonly<Record<Transport, { toPlain: string; toTls: string }>> = {
  http: { toPlain: 'write http:// instead of https://', toTls: 'write https:// instead of http://' },
  websocket: { toPlain: 'write ws:// instead of wss://', toTls: 'write wss:// instead of ws://' },
  grpc: { toPlain: 'connect with `plaintext: true`', toTls: 'connect without `plaintext: true`' },
};

/**
 * @param failure its code, and whether the peer had shown before that it speaks what it was spoken to in
 * @param secure whether the script asked for TLS
 * @returns what to change, in parentheses and behind a space; nothing where the failure has other causes
 */
export function adviseOnTransport(
  { code, answered }: { readonly code: number; readonly answered: boolean },
  secure: boolean,
  transport: Transport,
): string {
  const { toPlain, toTls } = CHANGES[transport];
  if (secure && code === NOT_TLS) return ` (this port does not speak TLS: ${toPlain}, or use another port)`;
  if (!secure && !answered && MAYBE_TLS.includes(code)) return ` (if this port speaks TLS, ${toTls})`;
  return '';
}
