import type { ServerHttp2Stream } from 'node:http2';
import type { ConnectionTable, Peer } from './connection-table.ts';
import type { Manner, Misbehaviour } from './misbehaviour.ts';

/** More than clients take of a head, in bytes: the limit of Go, and so of k6, is 10 MiB. */
export const LARGE_HEADER = 11_000_000;

/** Misbehaviour that looks different in each protocol. */
type ProtocolManner = Exclude<Manner, 'hang' | 'reset' | 'close'>;

/**
 * Does what goes wrong below HTTP and gRPC alike: streams and connections that end before there is an answer, or never.
 * @param peer the client's connection
 * @param stream HTTP/1.1 has none, and takes no notice of `rst` and `goaway`
 * @returns `done`, or what is left for the protocol to do wrong, null where that is nothing
 */
export function breakTransport(
  wanted: Misbehaviour,
  connections: ConnectionTable,
  peer: Peer | undefined,
  stream: ServerHttp2Stream | undefined,
): ProtocolManner | 'done' | null {
  if (stream && wanted.rst !== null) {
    stream.close(wanted.rst);
    return 'done';
  }
  if (stream && wanted.goaway !== null) {
    stream.session?.goaway(wanted.goaway, stream.id);
    setImmediate(() => connections.close(peer));
    return 'done';
  }
  switch (wanted.manner) {
    case 'hang':
      return 'done';
    case 'reset':
      connections.reset(peer);
      return 'done';
    case 'close':
      connections.close(peer);
      return 'done';
    default:
      return wanted.manner;
  }
}
