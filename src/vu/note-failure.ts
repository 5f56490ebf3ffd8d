// Keeps the first failures of each code, for the summary and the pages: what the bounded tags leave out. Only what failed comes here.
import type { BodySample, FailureSample, HeadFields, MessageSample } from '../metrics/failure-sample.ts';
import type { Protocol } from '../metrics/sample-batch.ts';
import type { HttpResponse } from '../wire/http1/exchange.ts';
import type { Timings } from '../wire/net/timings.ts';
import type { WireError } from '../wire/net/wire-error.ts';
import { CUT, excerptBody } from './body-excerpt.ts';
import { CredentialMask } from './mask-credentials.ts';
import type { VirtualUser } from './virtual-user.ts';
import type { VuEnvironment } from './worker-environment.ts';

const LONGEST_TEXT = 2000;
const LONGEST_VALUE = 1000;
const MOST_FIELDS = 60;

/** What a side said, as it was. */
export interface RawMessage {
  readonly start: string;
  readonly headers: HeadFields;
  readonly trailers?: HeadFields;
  readonly body: Uint8Array | string | null;
}

/** @param body in place of what the response holds of it */
export function rawResponse(response: HttpResponse, body: RawMessage['body'] = response.body): RawMessage {
  const { proto, status, statusText, headers } = response;
  return { start: `${proto} ${status} ${statusText}`.trim(), headers, body };
}

/** What is known of a failure beside its code. */
export interface FailedExchange {
  readonly vu?: VirtualUser | null;
  readonly target: string;
  readonly scenario?: string;
  readonly group?: string;
  readonly remote?: string;
  readonly timings?: FailureSample['timings'];
  readonly request?: RawMessage | null;
  readonly response?: RawMessage | null;
}

/** Why something failed: a WireError, or the code alone where a response says the rest. */
export type FailureReason = Pick<WireError, 'code' | 'message' | 'kind'> &
  Partial<Pick<WireError, 'cause' | 'remoteIp' | 'remotePort'>>;

/**
 * Keeps an example of a failure: its whole text, where our own code broke, and the exchange.
 * @param describe asked only where the exchange is kept
 */
export function noteFailure(
  environment: VuEnvironment,
  protocol: Protocol,
  { code, message, kind, cause }: FailureReason,
  describe?: () => FailedExchange,
): void {
  const { samples, options } = environment;
  const most = options.failureSamples;
  const hasText = code === 1001 || message !== kind;
  if (!samples.wantsNote(protocol, code, Math.max(1, most)) || (most === 0 && !hasText)) return;
  samples.note({
    protocol,
    code,
    text: hasText ? message : '',
    stack: code === 1001 && cause instanceof Error ? (cause.stack ?? '') : '',
    ...(most > 0 && { sample: maskExchange(environment.now(), message, describe?.() ?? { target: '' }) }),
  });
}

function maskExchange(timeMs: number, message: string, exchange: FailedExchange): FailureSample {
  const { vu = null, target, scenario, group, remote = '', timings = [], request = null, response = null } = exchange;
  const mask = new CredentialMask();
  const asked = maskMessage(mask, request);
  const answered = maskMessage(mask, response);
  return {
    timeMs: Math.round(timeMs * 1000) / 1000,
    text: shorten(mask.again(mask.text(message)), LONGEST_TEXT),
    target: shorten(mask.again(mask.text(target)), LONGEST_VALUE),
    scenario: scenario ?? vu?.scenario?.name ?? '',
    group: group ?? vu?.group ?? '',
    vu: vu?.idInTest ?? null,
    iteration: vu === null || vu.iteration.inVu < 0 ? null : vu.iteration.inVu,
    remote,
    timings: timings.map(([part, ms]) => [part, Math.round(ms * 1000) / 1000]),
    request: asked && maskAgain(mask, asked),
    response: answered && maskAgain(mask, answered),
  };
}

function maskMessage(mask: CredentialMask, message: RawMessage | null): MessageSample | null {
  if (message === null) return null;
  const { start, headers, trailers, body } = message;
  const excerpt = excerptBody(body);
  return {
    start: mask.text(start),
    headers: mask.headers(headers.slice(0, MOST_FIELDS)),
    ...(trailers && trailers.length > 0 && { trailers: mask.headers(trailers.slice(0, MOST_FIELDS)) }),
    body: excerpt && { ...excerpt, text: mask.text(excerpt.text) },
  };
}

/** What the other side's mask has found since counts here too. */
function maskAgain(mask: CredentialMask, { start, headers, trailers, body }: MessageSample): MessageSample {
  const fields = (list: HeadFields): HeadFields =>
    list.map(([name, value]) => [shorten(name, LONGEST_VALUE), shorten(mask.again(value), LONGEST_VALUE)]);
  return {
    start: shorten(mask.again(start), LONGEST_TEXT),
    headers: fields(headers),
    ...(trailers && { trailers: fields(trailers) }),
    body: body && ({ ...body, text: mask.again(body.text) } satisfies BodySample),
  };
}

function shorten(text: string, longest: number): string {
  return text.length > longest ? text.slice(0, longest) + CUT : text;
}

/** The parts of an exchange that took time, by k6's names. */
export function namedTimings(timings: Readonly<Timings>): FailureSample['timings'] {
  const { blocked, lookingUp, connecting, tlsHandshaking, sending, waiting, receiving } = timings;
  const parts: [string, number][] = [
    ['blocked', blocked],
    ['looking up', lookingUp],
    ['connecting', connecting],
    ['TLS handshaking', tlsHandshaking],
    ['sending', sending],
    ['waiting', waiting],
    ['receiving', receiving],
  ];
  return parts.filter(([, ms]) => ms > 0);
}

/** `address:port`; empty where there was no connection. */
export function remoteOf(peer: { readonly remoteIp?: string; readonly remotePort?: number }): string {
  const { remoteIp = '', remotePort = 0 } = peer;
  if (remoteIp === '') return '';
  const host = remoteIp.includes(':') ? `[${remoteIp}]` : remoteIp;
  return remotePort > 0 ? `${host}:${remotePort}` : host;
}
