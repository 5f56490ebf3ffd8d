// A request as a span (OpenTelemetry, "Semantic Conventions for HTTP Client").
import type { SpanAttributes } from '../../vu/tracing/span-writer.ts';
import type { RequestSpan } from '../../vu/tracing/tracer.ts';
import type { RequestUrl } from '../../wire/http/request-url.ts';
import type { TaggedOutcome } from './sample-tags.ts';

export interface SpannedHop {
  /** The tag; '' for none. */
  readonly name: string;
  readonly url: RequestUrl;
  /** Redirects that led here. */
  readonly hops: number;
}

/** What came of it. */
export type SpannedOutcome = Pick<TaggedOutcome, 'method' | 'url' | 'status' | 'proto' | 'errorCode' | 'error' | 'ip'>;

/** @param end ms since the epoch */
export function endHttpSpan(
  span: RequestSpan,
  end: number,
  outcome: SpannedOutcome,
  { name, url, hops }: SpannedHop,
): void {
  const { method, status, proto, errorCode, error, ip } = outcome;
  const attributes: [string, string | number][] = [
    ['http.request.method', method],
    ['url.full', outcome.url],
    ['server.address', url.host],
    ['server.port', url.port],
  ];
  if (status > 0) attributes.push(['http.response.status_code', status]);
  const version = /^HTTP\/(\d(?:\.[1-9])?)/.exec(proto)?.[1];
  if (version !== undefined) attributes.push(['network.protocol.version', version]);
  if (ip !== '') attributes.push(['network.peer.address', ip]);
  if (hops > 0) attributes.push(['http.request.resend_count', hops]);
  if (errorCode !== 0) attributes.push(['error.type', String(errorCode)], ['error_code', errorCode]);
  span.end({
    // A name that the script gave stands for many addresses; an address does not, and would make as many names of spans.
    name: name === '' || name === outcome.url ? method : `${method} ${name}`,
    end,
    problem: errorCode === 0 ? null : error,
    attributes: attributes satisfies SpanAttributes,
  });
}
