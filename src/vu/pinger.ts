// Echo requests of ICMP for `k6/x/icmp`: Node has no raw sockets, so the main thread has the system's program send them.

/** One echo request. */
export interface Echo {
  /** Numeric. */
  readonly address: string;
  /** How long its reply may take, in ms. */
  readonly timeoutMs: number;
  /** Bytes of data, without the header of ICMP. */
  readonly size: number;
  /** Null: the system's own. */
  readonly ttl: number | null;
  /** The address that it is sent from; null: the system chooses. */
  readonly source: string | null;
  /** The identifier of the session; null: the program chooses. */
  readonly id: number | null;
}

export type EchoOutcome = {
  /** From asking until the program was about to send: waiting for a place, and its start, in ms. */
  readonly setupMs: number;
} & (
  | {
      readonly kind: 'reply';
      /** Milliseconds since the epoch. */
      readonly receivedMs: number;
      /** Null: there was no room in the data for the time of sending (below 16 bytes). */
      readonly rttMs: number | null;
      readonly ttl: number;
      /** Null: the program does not tell. */
      readonly id: number | null;
      /** Bytes of the reply, with the header of ICMP. */
      readonly bytes: number;
    }
  | {
      readonly kind: 'failed';
      /** Of the catalogue. */
      readonly code: number;
      readonly message: string;
      readonly isSent: boolean;
    }
);

export interface SentEcho {
  /** Rejects where nothing can be sent at all, with what to do about it. */
  readonly outcome: Promise<EchoOutcome>;
  /** Gives up waiting: the outcome is a failure, at once. */
  cancel(): void;
}

export interface Pinger {
  send(echo: Echo): SentEcho;
}
