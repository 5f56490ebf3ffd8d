/** One HTTP status that stands for no failure: 1xx, 2xx and 3xx. It has no code, and `http_req_failed` stays 0. */
export interface PlainHttpStatus {
  readonly status: number;
  /** The reason phrase: `No Content`. */
  readonly phrase: string;
  readonly meaning: string;
  /** What a load test that sees it should look at first. */
  readonly look: string;
}

/**
 * Every registered 1xx, 2xx and 3xx status in use (IANA's registry, RFC 9110 and those that it names).
 * Rows: status, phrase, meaning, what to look at first.
 */
const ROWS = [
  [
    100,
    'Continue',
    'The headers are fine, the client may send the body. An interim answer: the final one follows.',
    'Whether the client waits for it: a server that does not know `Expect` costs a pause before each upload.',
  ],
  [
    101,
    'Switching Protocols',
    'The connection speaks another protocol from here on, such as WebSocket.',
    '`ws_connecting`: it is counted as a session, not as a request.',
  ],
  [
    102,
    'Processing',
    'The server is still at work (WebDAV). An interim answer that keeps the client waiting.',
    'Requests that take so long: `http_req_waiting` has all of the time.',
  ],
  [
    103,
    'Early Hints',
    'Links that the client may load already while the server prepares the answer.',
    'Nothing: a load test does not load what the hints name.',
  ],
  [
    200,
    'OK',
    'The request worked, and the answer has its result.',
    'The body: an error page with 200 passes every check of the status.',
  ],
  [
    201,
    'Created',
    'Something was created; `Location` says where.',
    'The `Location` header, which the next step should follow, and the test data that piles up.',
  ],
  [
    202,
    'Accepted',
    'The work has been accepted and will be done later.',
    'Whether the work gets done: the response time says nothing about it. Measure until the result is there.',
  ],
  [
    203,
    'Non-Authoritative Information',
    'A proxy has changed what the origin sent.',
    'The proxy between: the test measures it too.',
  ],
  [
    204,
    'No Content',
    'It worked, and there is nothing to say: the answer has no body.',
    'Checks that parse a body: there is none.',
  ],
  [205, 'Reset Content', 'It worked, and the client should clear its form.', 'Nothing: it is as good as 204.'],
  [
    206,
    'Partial Content',
    'The part that the `Range` header asked for.',
    'Whether ranges differ from iteration to iteration: equal ones are answered from caches.',
  ],
  [
    207,
    'Multi-Status',
    'Several results with a status each, in the body (WebDAV).',
    'The statuses inside: a failure among them does not show in the status of the answer.',
  ],
  [208, 'Already Reported', 'These members were listed before in the same answer (WebDAV).', 'Nothing.'],
  [226, 'IM Used', 'The answer is a difference to what the client has.', 'Nothing: hardly anybody sends it.'],
  [
    300,
    'Multiple Choices',
    'There are several representations, and the client should choose.',
    'Which one the script wants: name it by URL or Accept.',
  ],
  [
    301,
    'Moved Permanently',
    'It is at another URL for good. A POST may become a GET on the way.',
    'The URL in the script: each redirect is a second request, and counts as one.',
  ],
  [
    302,
    'Found',
    'It is at another URL for now. A POST may become a GET on the way.',
    'Where it leads: a redirect to the login page is an expired session.',
  ],
  [
    303,
    'See Other',
    'The result is at another URL, to be fetched with GET.',
    'Nothing: after a POST it is what one wants.',
  ],
  [
    304,
    'Not Modified',
    'What the client has is still good: the answer has no body.',
    'Whether users of the real system have a cache: a test that always gets 304 measures little.',
  ],
  [
    305,
    'Use Proxy',
    'Deprecated: the resource was to be had through a proxy only.',
    'The server: nobody should send it.',
  ],
  [
    307,
    'Temporary Redirect',
    'It is at another URL for now; method and body stay.',
    'The second request: a large body is sent twice.',
  ],
  [
    308,
    'Permanent Redirect',
    'It is at another URL for good; method and body stay.',
    'The URL in the script, often http:// for https://.',
  ],
] as const satisfies readonly (readonly [number, string, string, string])[];

/** A status from 100 to 399 that has a name. */
export type PlainHttpNumber = (typeof ROWS)[number][0];

/** All 1xx, 2xx and 3xx statuses with a name, ascending. */
export const PLAIN_HTTP_STATUSES: readonly (PlainHttpStatus & { readonly status: PlainHttpNumber })[] = ROWS.map(
  ([status, phrase, meaning, look]) => Object.freeze({ status, phrase, meaning, look }),
);
