// A call or stream as a span (OpenTelemetry, "Semantic Conventions for gRPC").
import type { RequestSpan } from '../../vu/tracing/tracer.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Metadata } from '../../wire/grpc/metadata.ts';
import type { MethodDescriptor } from '../../wire/protobuf/index.ts';
import { parseTarget } from './target-address.ts';

export interface CallSpan {
  /** What the call carries: the script's and the context of the trace. */
  readonly metadata: Metadata;
  /** null: there is no trace, or the script gave a context of its own. */
  readonly span: RequestSpan | null;
}

export function beginCallSpan(vu: VirtualUser, metadata: Metadata): CallSpan {
  const { trace } = vu;
  if (trace === null) return { metadata, span: null };
  const header = trace.header.toLowerCase();
  if (metadata.some(([name]) => name.toLowerCase() === header)) return { metadata, span: null };
  const span = trace.request(vu.environment.now());
  return { metadata: [...metadata, [header, span.text]], span };
}

export interface CallEnding {
  readonly status: number;
  /** Of the catalogue; 0: nothing failed. */
  readonly errorCode: number;
  readonly statusMessage: string;
  readonly remoteIp: string;
}

/** @param span does nothing without one, and for one that is not kept */
export function endCallSpan(
  vu: VirtualUser,
  span: RequestSpan | null,
  method: MethodDescriptor,
  address: string,
  { status, errorCode, statusMessage, remoteIp }: CallEnding,
): void {
  if (span === null || !span.isSampled) return;
  const { host, port } = parseTarget(address);
  const fullName = method.fullName.replace(/^\//, '');
  const attributes: [string, string | number][] = [
    ['rpc.system', 'grpc'],
    ['rpc.service', fullName.slice(0, fullName.lastIndexOf('/'))],
    ['rpc.method', method.name],
    ['rpc.grpc.status_code', status],
    ['server.address', host],
    ['server.port', port],
  ];
  if (remoteIp !== '') attributes.push(['network.peer.address', remoteIp]);
  if (errorCode !== 0) attributes.push(['error.type', String(errorCode)], ['error_code', errorCode]);
  span.end({
    name: fullName,
    end: vu.environment.now(),
    problem: status === 0 && errorCode === 0 ? null : statusMessage,
    attributes,
  });
}
