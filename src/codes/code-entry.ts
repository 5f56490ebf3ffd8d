/** Whether sending the same again can help: the machine's form of `CodeEntry.retryAdvice`. */
export type Retry =
  /** No: the same request fails the same way. */
  | 'no'
  /** Yes, at once: nothing reached the application. */
  | 'yes'
  /** Yes, after a pause that grows from try to try. */
  | 'backoff'
  /** Only where doing the work twice does no harm: it may have been done already. */
  | 'idempotent'
  /** Not this call alone: the whole sequence it belongs to, from its first read on. */
  | 'higher-level'
  /** Not until what the text names has been put right. */
  | 'after-fix'
  /** The question does not arise: nothing failed. */
  | 'none';

/** Who assigns a code: k6 in the same situation, or only Sixfold, where k6 has just a coarser one. */
export type Origin = 'k6' | 'new';

/** The three ways in which HTTP/2 ends something early. */
export type Http2Family = 'goaway' | 'stream' | 'connection';

/** One code of the catalogue. */
export interface CodeEntry {
  /** From 1000 on; 2000 and more are codes of what a server of another protocol than HTTP, gRPC and WebSocket answers. */
  readonly code: number;
  /** Unique, lower case with underscores: `connection_refused`. */
  readonly name: string;
  readonly origin: Origin;
  /** What k6 says in the same situation: the code itself where it is k6's own, `null` where k6 has none. */
  readonly k6Code: number | null;
  /** A few words, as a heading. */
  readonly title: string;
  /** When the code is given, and what that means. */
  readonly meaning: string;
  /** Who makes the failure: client, network, server, proxy, application. */
  readonly producedBy: string;
  readonly retry: Retry;
  readonly retryAdvice: string;
  /** What a load test that sees it should look at first. */
  readonly look: string;
  /** Codes to tell it from. */
  readonly related: readonly number[];
  /** Errnos and codes of Node and OpenSSL that end up here. */
  readonly errnos?: readonly string[];
  /** The HTTP status that the server answered with (1400–1599). */
  readonly httpStatus?: number;
  /** The gRPC status that the server sent (1801–1816). */
  readonly grpcStatus?: number;
  /** Which HTTP/2 event it was (1610–1664), and its HTTP/2 error code where that is known. */
  readonly http2?: { readonly family: Http2Family; readonly error: number | null };
}

/** What differs from entry to entry: `k6Code` defaults to the code itself, `related` to nothing. */
export type CodeDefinition = Omit<CodeEntry, 'k6Code' | 'origin' | 'related'> & {
  readonly origin: Origin;
  readonly k6Code?: number | null;
  readonly related?: readonly number[];
};

/** Fills in what a definition may leave out. */
export function entryOf(definition: CodeDefinition): CodeEntry {
  const k6Code =
    definition.k6Code === undefined ? (definition.origin === 'k6' ? definition.code : null) : definition.k6Code;
  return Object.freeze({ ...definition, k6Code, related: definition.related ?? [] });
}
