/** What a client may ask the target to do wrong: with the header (or gRPC metadata) `x-misbehave`, or `?misbehave=` in the URL. */
export interface Misbehaviour {
  /** Milliseconds to wait before anything else. */
  readonly delay: number;
  /** HTTP: the status to answer with. gRPC: the status to end with. */
  readonly status: number | null;
  /** gRPC: an HTTP status, as from a proxy that does not know gRPC. */
  readonly http: number | null;
  /** HTTP/2: the error code to reset the stream with. */
  readonly rst: number | null;
  /** HTTP/2: the error code to send GOAWAY with, before the connection is closed. */
  readonly goaway: number | null;
  /** `reset` breaks the connection off, `close` closes it without an answer, `hang` never answers, `half` closes in the body,
   * `headers` sends more of them than clients take, `malformed` sends nonsense, `encoding` names a compression that was not applied. */
  readonly manner: Manner | null;
}

const MANNERS = ['reset', 'close', 'hang', 'half', 'headers', 'malformed', 'encoding'] as const;
export type Manner = (typeof MANNERS)[number];
const NUMBERS = ['delay', 'status', 'http', 'rst', 'goaway'] as const;

/** Longer than any timeout that makes sense in a demo, in milliseconds. */
const LONGEST_DELAY = 120_000;

export const WELL_BEHAVED: Misbehaviour = { delay: 0, status: null, http: null, rst: null, goaway: null, manner: null };

/**
 * Reads `delay=200,status=503` or `reset`.
 * @returns a sentence that says what is wrong, where the text makes no sense
 */
export function parseMisbehaviour(text: string | null | undefined): Misbehaviour | string {
  if (!text) return WELL_BEHAVED;
  const wanted: { -readonly [key in keyof Misbehaviour]: Misbehaviour[key] } = { ...WELL_BEHAVED };
  for (const part of text.split(',').map((one) => one.trim())) {
    const [key = '', ...values] = part.split('=');
    const value = values.length === 0 ? undefined : values.join('=');
    const manner = MANNERS.find((one) => one === key);
    const number = NUMBERS.find((one) => one === key);
    if (manner && value === undefined) wanted.manner = manner;
    else if (number && /^\d{1,9}$/.test(value ?? '')) wanted[number] = Number(value);
    else
      return `misbehave: "${part}" makes no sense. Known: ${NUMBERS.map((one) => `${one}=N`).join(', ')}, ${MANNERS.join(', ')}.`;
  }
  wanted.delay = Math.min(wanted.delay, LONGEST_DELAY);
  return wanted;
}
