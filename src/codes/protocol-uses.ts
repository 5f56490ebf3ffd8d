import type { ExitNumber } from './exit-codes.ts';
import type { Http2Number } from './http2-error.ts';
import type { Use } from './use.ts';
import type { CloseNumber } from './websocket-close.ts';

/** What each error of HTTP/2 is for (RFC 9113, sections 5 to 8 and 10.5). */
export const HTTP2_USES = {
  0: {
    right: [
      'GOAWAY before a planned restart, with the last stream that was served',
      'The end of a connection after its thousandth request',
      'RST_STREAM after a whole answer, since the rest of the body is not wanted',
    ],
    wrong: [
      { text: 'The server crashes', instead: 2 },
      { text: 'A stream is refused before anything was done', instead: 7 },
      { text: 'The client gives up waiting', instead: 8 },
    ],
  },
  1: {
    right: [
      'A header field in capitals, or Connection, in HTTP/2',
      'A frame on a stream where it must not be',
      'The preface of the connection is wrong',
    ],
    wrong: [
      { text: 'A frame has the wrong size', instead: 6 },
      { text: 'HPACK cannot be decoded', instead: 9 },
      { text: 'The handler threw', instead: 2 },
    ],
  },
  2: {
    right: [
      'The handler panicked, and the answer is lost',
      'A proxy lost the connection behind it',
      'An invariant of the library does not hold',
    ],
    wrong: [
      { text: 'The client broke a rule', instead: 1 },
      { text: 'The server is overloaded, and has done nothing', instead: 7 },
      { text: 'The server stops as planned', instead: 0 },
    ],
  },
  3: {
    right: [
      'More DATA than the window admits',
      'WINDOW_UPDATE makes the window larger than 2³¹−1',
      'SETTINGS make an open window too large',
    ],
    wrong: [
      { text: 'Too many frames that bring nothing', instead: 11 },
      { text: 'A PING of seven octets', instead: 6 },
      { text: 'WINDOW_UPDATE with an increment of 0', instead: 1 },
    ],
  },
  4: {
    right: [
      'The peer did not acknowledge SETTINGS within the time',
      'A client hangs in its event loop, and misses it',
      'A middlebox swallows frames',
    ],
    wrong: [
      { text: 'The server did not answer the request in time', instead: 8 },
      { text: 'The settings themselves are not allowed', instead: 1 },
      { text: 'The connection is idle, and is closed', instead: 0 },
    ],
  },
  5: {
    right: [
      'DATA after END_STREAM',
      'HEADERS on a stream that was reset long ago',
      'Frames of a client that has not heard of the end yet',
    ],
    wrong: [
      { text: 'DATA on stream 0', instead: 1 },
      { text: 'The stream is not wanted any more', instead: 8 },
      { text: 'A new stream above the limit', instead: 7 },
    ],
  },
  6: {
    right: [
      'A PING that has not eight octets',
      'A frame above SETTINGS_MAX_FRAME_SIZE',
      'SETTINGS whose length is no multiple of six',
    ],
    wrong: [
      { text: 'A header section over the limit', instead: 11 },
      { text: 'More DATA than the window', instead: 3 },
      { text: 'A PING on a stream', instead: 1 },
    ],
  },
  7: {
    right: [
      'The limit of concurrent streams is reached',
      'The server is about to stop, and has not begun',
      'Overload protection, before the request reaches the application',
    ],
    wrong: [
      { text: 'The application has begun, and failed', instead: 2 },
      { text: 'The client has used up its quota of resets', instead: 11 },
      { text: 'The answer is no longer wanted', instead: 8 },
    ],
  },
  8: {
    right: [
      'The user has left the page',
      'The deadline of a gRPC call is over',
      'A race of two requests is won by the other',
    ],
    wrong: [
      { text: 'The server refuses the stream unread', instead: 7 },
      { text: 'The handler threw', instead: 2 },
      { text: 'The whole connection ends as planned', instead: 0 },
    ],
  },
  9: {
    right: [
      'A reference to an entry of the dynamic table that is not there',
      'A table size above what SETTINGS allow',
      'A header block was dropped, so the rest cannot be decoded',
    ],
    wrong: [
      { text: 'A field name in capitals', instead: 1 },
      { text: 'A header section that is too long', instead: 11 },
      { text: 'A HEADERS frame that is too short for its padding', instead: 1 },
    ],
  },
  10: {
    right: [
      'The server behind a proxy reset its connection',
      'A tunnel ended with a fault',
      'TCP behind the proxy timed out',
    ],
    wrong: [
      { text: 'The proxy takes no more tunnels, and has begun nothing', instead: 7 },
      { text: 'The client closed the tunnel', instead: 8 },
      { text: 'The proxy itself failed', instead: 2 },
    ],
  },
  11: {
    right: [
      'Streams are opened and reset in a flood',
      'PING every second, against the rules of gRPC',
      'A header section that is far too long',
    ],
    wrong: [
      { text: 'The limit of concurrent streams', instead: 7 },
      { text: 'More DATA than the window', instead: 3 },
      { text: 'A single broken frame', instead: 1 },
    ],
  },
  12: {
    right: ['TLS 1.1 under HTTP/2', 'A cipher of the list that RFC 9113 forbids', 'A key that is too short'],
    wrong: [
      { text: 'The server wants HTTP/1.1, for client certificates', instead: 13 },
      { text: 'A header field that no TLS makes right', instead: 1 },
      { text: 'The server has had enough of this client', instead: 11 },
    ],
  },
  13: {
    right: [
      'The server wants a client certificate by renegotiation',
      'NTLM, which authenticates the connection',
      'An upgrade that HTTP/2 does not have',
    ],
    wrong: [
      { text: 'The stream is refused because of load', instead: 7 },
      { text: 'TLS is too weak', instead: 12 },
      { text: 'The preface of the connection is wrong', instead: 1 },
    ],
  },
} as const satisfies Readonly<Record<Http2Number, Use>>;

/** What each close code of WebSocket is for (RFC 6455, section 7.4.1, and IANA's registry). */
export const CLOSE_USES = {
  1000: {
    right: [
      'The chat is over, and both sides know it',
      'The script closes after its last message',
      'A download over WebSocket has come to its end',
    ],
    wrong: [
      { text: 'The server restarts', instead: 1012 },
      { text: 'The session has expired', instead: 3000 },
      { text: 'The connection broke off', instead: 1006 },
    ],
  },
  1001: {
    right: ['The server process stops', 'A browser leaves the page', 'A gateway is being drained'],
    wrong: [
      { text: 'The work is done', instead: 1000 },
      { text: 'The server comes back at once', instead: 1012 },
      { text: 'The server is overloaded', instead: 1013 },
    ],
  },
  1002: {
    right: [
      'A masked frame from a server',
      'A control frame that is fragmented',
      'A reserved bit that nobody agreed on',
    ],
    wrong: [
      { text: 'A text that is not UTF-8', instead: 1007 },
      { text: 'A message that breaks a rule of the application', instead: 1008 },
      { text: 'A message that is too long', instead: 1009 },
    ],
  },
  1003: {
    right: [
      'A server for text gets binary data',
      'An endpoint that only sends gets a message',
      'A format that the endpoint never takes',
    ],
    wrong: [
      { text: 'The bytes are no UTF-8', instead: 1007 },
      { text: 'The JSON is wrong', instead: 1008 },
      { text: 'The frame is wrong', instead: 1002 },
    ],
  },
  1005: {
    right: [
      'The peer closed with an empty close frame',
      '`socket.close()` of a browser, without a code',
      'A library that gives no reason',
    ],
    wrong: [
      { text: 'There was no close frame at all', instead: 1006 },
      { text: 'The frame had 1000', instead: 1000 },
      { text: 'The code was not allowed', instead: 1002 },
    ],
  },
  1006: {
    right: ['The process was killed', 'A proxy cut an idle connection', 'The network is gone'],
    wrong: [
      { text: 'The server closed with a reason', instead: 1011 },
      { text: 'The handshake of TLS failed', instead: 1015 },
      { text: 'The close frame had no code', instead: 1005 },
    ],
  },
  1007: {
    right: [
      'A text frame with bytes that are not UTF-8',
      'A message cut in the middle of a letter',
      'Latin-1 sent as text',
    ],
    wrong: [
      { text: 'A binary message where text is due', instead: 1003 },
      { text: 'JSON without a field', instead: 1008 },
      { text: 'A frame with a wrong opcode', instead: 1002 },
    ],
  },
  1008: {
    right: [
      'A message that the schema forbids',
      'A subscription to a channel that is not there',
      'Too many messages a minute',
    ],
    wrong: [
      { text: 'No or wrong token', instead: 3000 },
      { text: 'The message is too long', instead: 1009 },
      { text: 'The server is overloaded', instead: 1013 },
    ],
  },
  1009: {
    right: [
      'An image over the limit of the server',
      'A fragmented message without an end',
      'A compressed message that unpacks to too much',
    ],
    wrong: [
      { text: 'Too many messages', instead: 1008 },
      { text: "The frame's length is not allowed", instead: 1002 },
      { text: 'The server has no memory left', instead: 1011 },
    ],
  },
  1010: {
    right: [
      'A client that needs compression does not get it',
      'A required subprotocol extension is missing',
      'An extension with parameters that do not do',
    ],
    wrong: [
      { text: 'The server offers what nobody asked for', instead: 1002 },
      { text: 'The server answers the handshake with 400', instead: 1002 },
      { text: 'A message is too long without compression', instead: 1009 },
    ],
  },
  1011: {
    right: ['The handler threw', 'The database behind is gone', 'An unforeseen state of the session'],
    wrong: [
      { text: 'The server is overloaded', instead: 1013 },
      { text: 'The message was wrong', instead: 1008 },
      { text: 'The gateway got a bad answer', instead: 1014 },
    ],
  },
  1012: {
    right: [
      'A rollout: the new version is there in a moment',
      'The configuration is read again',
      'A failover to another node',
    ],
    wrong: [
      { text: 'The server stops for good', instead: 1001 },
      { text: 'The server is overloaded', instead: 1013 },
      { text: 'An error in the handler', instead: 1011 },
    ],
  },
  1013: {
    right: ['Too many sessions: come back later', 'The server sheds load', 'A tenant is over its share for now'],
    wrong: [
      { text: 'The server restarts', instead: 1012 },
      { text: 'The client sends too fast', instead: 1008 },
      { text: 'An error in the handler', instead: 1011 },
    ],
  },
  1014: {
    right: [
      'The server behind the gateway answered nonsense',
      'The gateway lost its connection to the server',
      'The server behind refused the upgrade',
    ],
    wrong: [
      { text: 'The gateway itself failed', instead: 1011 },
      { text: 'The gateway restarts', instead: 1012 },
      { text: 'The server behind is slow', instead: 3008 },
    ],
  },
  1015: {
    right: ['A browser refuses the certificate', 'No TLS version in common', 'The name does not fit the certificate'],
    wrong: [
      { text: 'The connection broke off later', instead: 1006 },
      { text: 'The server wants a token', instead: 3000 },
      { text: 'The server refuses the upgrade with 403', instead: 3003 },
    ],
  },
  3000: {
    right: [
      'No token in the first message',
      'The token has expired in the middle of a session',
      'The signature does not hold',
    ],
    wrong: [
      { text: 'The token holds, the channel is forbidden', instead: 3003 },
      { text: 'The client sends too fast', instead: 1008 },
      { text: 'The server restarts', instead: 1012 },
    ],
  },
  3003: {
    right: ['A guest subscribes to a channel of admins', 'The tenant is another one', 'The account is blocked'],
    wrong: [
      { text: 'No token at all', instead: 3000 },
      { text: 'The message breaks the schema', instead: 1008 },
      { text: 'The server is overloaded', instead: 1013 },
    ],
  },
  3008: {
    right: [
      'No pong within a minute',
      'The first message, with the login, did not come',
      'The client did not acknowledge in time',
    ],
    wrong: [
      { text: 'The server restarts', instead: 1012 },
      { text: 'The connection broke off', instead: 1006 },
      { text: 'The server behind is gone', instead: 1014 },
    ],
  },
} as const satisfies Readonly<Record<CloseNumber, Use>>;

/** When a run ends with an exit code, and when with another. */
export const EXIT_USES = {
  0: {
    right: [
      'Thresholds held, though some requests failed',
      'A test without thresholds ran to its end',
      '`--no-thresholds`, whatever came out',
    ],
    wrong: [
      { text: 'A threshold was crossed', instead: 99 },
      { text: '`--strict`, and no request was made', instead: 120 },
      { text: 'Ctrl-C ended it', instead: 105 },
    ],
  },
  97: {
    right: [
      'The agents of a run were lost, and it was given up',
      'The server was stopped in the middle of the run',
      'Somebody removed the run while it was under way',
    ],
    wrong: [
      { text: 'A threshold of the run was crossed', instead: 99 },
      { text: 'The server does not answer any more', instead: 98 },
      { text: 'Somebody stopped the run on its page', instead: 103 },
    ],
  },
  98: {
    right: [
      'The network to the server is gone for more than a minute',
      'The server restarts, and takes long for it',
      'A gateway before the server answers for it with errors',
    ],
    wrong: [
      { text: 'The server answers that the run has failed', instead: 97 },
      { text: 'Ctrl-C: the run goes on, or is stopped, as the command says', instead: 105 },
      { text: 'The address in the command line cannot be read', instead: 255 },
    ],
  },
  99: {
    right: [
      'p(95) of http_req_duration is over its limit',
      'Checks failed, and a threshold on `checks` says how many may',
      'A threshold with abortOnFail ended the test early',
    ],
    wrong: [
      { text: 'Checks failed, without a threshold', instead: 0 },
      { text: 'The threshold cannot be read', instead: 104 },
      { text: 'The script called `exec.test.fail()`', instead: 110 },
    ],
  },
  100: {
    right: [
      '`setup()` waits for a server that is not up yet',
      '`setup()` makes ten thousand users, one by one',
      'A loop in `setup()` has no end',
    ],
    wrong: [
      { text: '`setup()` threw', instead: 107 },
      { text: '`teardown()` took too long', instead: 101 },
      { text: 'An iteration took too long', instead: 0 },
    ],
  },
  101: {
    right: [
      '`teardown()` deletes what the test made, one by one',
      '`teardown()` waits for a report',
      'A loop in `teardown()` has no end',
    ],
    wrong: [
      { text: '`teardown()` threw', instead: 107 },
      { text: '`setup()` took too long', instead: 100 },
      { text: 'A request in it timed out', instead: 0 },
    ],
  },
  102: {
    right: [
      'A step of the run that has a limit of its own',
      'A module that is loaded does not come to an end',
      'handleSummary() takes too long',
    ],
    wrong: [
      { text: '`setup()` took too long', instead: 100 },
      { text: "A pipeline's limit of time", instead: 105 },
      { text: 'Requests timed out', instead: 0 },
    ],
  },
  103: {
    right: ['`sixfold stop` from another terminal', "A dashboard's stop button", 'A PATCH of /v1/status with stopped'],
    wrong: [
      { text: 'Somebody pressed Ctrl-C', instead: 105 },
      { text: 'The script called `exec.test.abort()`', instead: 108 },
      { text: 'A threshold with abortOnFail', instead: 99 },
    ],
  },
  104: {
    right: [
      'A duration in the script that cannot be read',
      'An executor that does not exist',
      'A scenario without an executor',
    ],
    wrong: [
      { text: 'The script has a syntax error', instead: 107 },
      { text: 'The flag does not exist', instead: 255 },
      { text: 'The file is not there', instead: 255 },
    ],
  },
  105: {
    right: ['Somebody pressed Ctrl-C', 'A pipeline that ends the job', 'Kubernetes stops the pod'],
    wrong: [
      { text: '`sixfold stop` was called', instead: 103 },
      { text: 'A worker ended without a word', instead: 109 },
      { text: "The test's own duration is over", instead: 0 },
    ],
  },
  106: {
    right: [
      'Another run has the port',
      'The address is not one of this machine',
      'A port below 1024 without the right',
    ],
    wrong: [
      { text: 'The target of the test is not there', instead: 0 },
      { text: 'The test was stopped over the API', instead: 103 },
      { text: 'An option of the script makes no sense', instead: 104 },
    ],
  },
  107: {
    right: ['A syntax error', 'A module that is not there', '`setup()` threw'],
    wrong: [
      { text: 'An iteration threw: that is counted, no more', instead: 0 },
      { text: 'An option makes no sense', instead: 104 },
      { text: 'The script called `exec.test.abort()`', instead: 108 },
    ],
  },
  108: {
    right: [
      'The script finds that the server under test is another one',
      'A guard against real data',
      'Nothing left to test',
    ],
    wrong: [
      { text: '`exec.test.fail()`: the test goes on to its end', instead: 110 },
      { text: 'A threshold with abortOnFail', instead: 99 },
      { text: 'An exception in `setup()`', instead: 107 },
    ],
  },
  109: {
    right: [
      'A worker ended without a word',
      "An exception in code of Sixfold's own, outside of requests",
      'What cannot happen',
    ],
    wrong: [
      { text: 'The script threw in init', instead: 107 },
      { text: 'The server answered 500', instead: 0 },
      { text: 'The command line is wrong', instead: 255 },
    ],
  },
  110: {
    right: [
      'A check that must never fail has failed',
      'An answer that means wrong data',
      'The test is to end as failed, whatever its thresholds say',
    ],
    wrong: [
      { text: 'A threshold was crossed', instead: 99 },
      { text: 'The test must end now', instead: 108 },
      { text: 'An iteration threw', instead: 0 },
    ],
  },
  120: {
    right: ['No request, although the script has some', 'Every iteration threw', 'The target was never reached'],
    wrong: [
      { text: 'A threshold was crossed', instead: 99 },
      { text: 'The script cannot be loaded', instead: 107 },
      { text: 'Without `--strict`', instead: 0 },
    ],
  },
  255: {
    right: ['A flag that does not exist', 'A file that is not there', 'A command that nobody knows'],
    wrong: [
      { text: 'An option of the script makes no sense', instead: 104 },
      { text: 'The script cannot be loaded', instead: 107 },
      { text: "The REST API's address is taken", instead: 106 },
    ],
  },
} as const satisfies Readonly<Record<ExitNumber, Use>>;
