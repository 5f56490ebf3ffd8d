// A failure kept whole: what was asked, what came back, when, where and by whom. Plain JSON, since it goes from workers and agents to pages;
// types alone, for browsers too.

/** Names with values, as they stood in a head. */
export type HeadFields = readonly (readonly [name: string, value: string])[];

/** The beginning of a body. */
export interface BodySample {
  /** What is no text shows its letters and a dot for each other octet. */
  readonly text: string;
  readonly isBinary: boolean;
  /** Of the whole body. */
  readonly octets: number;
}

/** What one side said. Credentials are masked. */
export interface MessageSample {
  /** `GET http://shop.example/menu`, `HTTP/1.1 503 Service Unavailable`, `status 14 UNAVAILABLE: …` */
  readonly start: string;
  readonly headers: HeadFields;
  /** Of gRPC. */
  readonly trailers?: HeadFields;
  /** null: there was none, or it was not read. */
  readonly body: BodySample | null;
}

export interface FailureSample {
  /** When it was known, in ms since the epoch. */
  readonly timeMs: number;
  /** Why it failed; empty where the response says it all. */
  readonly text: string;
  /** What was asked: a name or an address; may be empty. */
  readonly target: string;
  readonly scenario: string;
  /** `::outer::inner`, or empty. */
  readonly group: string;
  /** null: not known. */
  readonly vu: number | null;
  readonly iteration: number | null;
  /** `address:port` of the peer; empty where there was no connection. */
  readonly remote: string;
  /** Milliseconds by part of the exchange, in its order; empty where nothing was measured. */
  readonly timings: readonly (readonly [part: string, ms: number])[];
  readonly request: MessageSample | null;
  readonly response: MessageSample | null;
}
