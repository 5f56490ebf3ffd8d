import type { HttpUse } from './http-use.ts';

/**
 * What the registered statuses are for that an API seldom chooses: of proxies, of WebDAV, of experiments.
 * Sources: RFC 9110, section 15, and for others the RFCs that the site names on their pages.
 */
export const HTTP_RARE_USES = {
  100: {
    details:
      'The client asked with `Expect: 100-continue` whether it may send its body, and may. Clients that do not ask never see it; a proxy has to pass it on.',
    right: [
      'A large upload, whose headers are in order',
      'A server that checks the token before the body',
      'A proxy passes on what the server behind it answered',
    ],
    wrong: [
      { text: 'The body is refused by its headers alone', instead: 413 },
      { text: 'The server works on, and wants patience', instead: 102 },
      { text: 'The expectation cannot be met', instead: 417 },
    ],
  },
  101: {
    details:
      'The server agrees to the `Upgrade` that the client asked for; what follows on this connection is another protocol. HTTP/2 has no such status: WebSocket is opened by CONNECT there.',
    right: [
      'The handshake of a WebSocket',
      'An upgrade to HTTP/2 without TLS, now obsolete',
      'A tunnel of a remote shell',
    ],
    wrong: [
      { text: 'The server wants an upgrade that nobody asked for', instead: 426 },
      { text: 'The WebSocket is refused', instead: 403 },
      { text: 'A proxy opened a tunnel by CONNECT', instead: 200 },
    ],
  },
  102: {
    details:
      'Once meant for long operations of WebDAV, and hardly ever sent today. Any number of them may come before the answer; a client that does not know it ignores it.',
    right: [
      'A copy of a whole folder by WebDAV',
      'A proxy that would else give up waiting',
      'A long search that keeps its connection',
    ],
    wrong: [
      { text: 'The work goes on after the answer', instead: 202 },
      { text: 'The client may send its body', instead: 100 },
      { text: 'Links that can be loaded already', instead: 103 },
    ],
  },
  103: {
    details:
      'Sent before the answer, so that the browser loads styles and scripts while the server still works. It has headers only, most of all `Link`; the final answer repeats them.',
    right: [
      '`Link: rel=preload` for a style sheet',
      'A content network that knows the links of yesterday',
      'A page whose database query takes long',
    ],
    wrong: [
      { text: 'The page itself is ready', instead: 200 },
      { text: 'The page is elsewhere', instead: 302 },
      { text: 'The server works on, and has no links', instead: 102 },
    ],
  },
  203: {
    details:
      'The body is what the server behind a proxy sent, but changed by that proxy. Few send it: most proxies change what they like and keep the 200.',
    right: [
      'A proxy that compressed the images anew',
      'A translation that a gateway made',
      'A filter took scripts out of the page',
    ],
    wrong: [
      { text: 'The answer comes from a cache, unchanged', instead: 200 },
      { text: 'The proxy made the whole answer', instead: 200 },
      { text: 'The server behind answered nonsense', instead: 502 },
    ],
  },
  205: {
    details:
      'As 204, with a wish for the page that sent a form: empty it. Browsers do not act on it, so it is nearly extinct.',
    right: [
      'A form for the next entry of the same kind',
      "A scanner's mask that is to be cleared",
      'A signature field after signing',
    ],
    wrong: [
      { text: 'The page is to keep its contents', instead: 204 },
      { text: 'The result is to be shown', instead: 303 },
      { text: 'The form was wrong', instead: 422 },
    ],
  },
  206: {
    details:
      'Only as an answer to `Range`. `Content-Range` says which part it is; several parts come as multipart/byteranges. Whoever asks for parts and gets 200 gets it all.',
    right: [
      'A player asks for the second minute of a film',
      'A download goes on where it broke off',
      'The first kilobyte, to find out the type',
    ],
    wrong: [
      { text: 'There was no Range in the request', instead: 200 },
      { text: 'The range lies behind the end', instead: 416 },
      { text: 'A page of a list, by a query parameter', instead: 200 },
    ],
  },
  207: {
    details:
      'Of WebDAV: one request concerned many things, each with a status in the XML body. Outside of WebDAV a status of its own for each request is easier to read.',
    right: ['PROPFIND of a folder', 'COPY of a folder, of which two files failed', 'A sync of calendars by CalDAV'],
    wrong: [
      { text: 'Everything worked', instead: 200 },
      { text: 'The one thing that was asked for failed', instead: 409 },
      { text: 'A batch that is worked on later', instead: 202 },
    ],
  },
  208: {
    details:
      'Of WebDAV, inside of a 207 only: these members have been listed already, by another binding of the same collection.',
    right: [
      'The same folder is linked twice',
      'A second way to a collection in PROPFIND',
      'A collection that contains itself, at its second mention',
    ],
    wrong: [
      { text: 'The entity to be created exists', instead: 409 },
      { text: 'The client has it already', instead: 304 },
      { text: 'A loop without an end', instead: 508 },
    ],
  },
  226: {
    details:
      'The answer is a difference to what the client has (`A-IM`). It never spread; compression and ranges are used instead.',
    right: [
      'A feed of which only new entries come',
      'A difference of two versions of a file',
      'A client that asked with `A-IM: feed`',
    ],
    wrong: [
      { text: 'A part, by position', instead: 206 },
      { text: 'Nothing has changed', instead: 304 },
      { text: 'The client did not ask for differences', instead: 200 },
    ],
  },
  300: {
    details:
      'There are several representations, and the server leaves the choice to the client. There is no agreed form for the list, so hardly any server sends it.',
    right: [
      'A document in several formats, with links',
      'A video in three resolutions',
      'Old mod_speling of Apache, with similar names',
    ],
    wrong: [
      { text: 'The server can choose by Accept', instead: 200 },
      { text: 'None of the representations will do', instead: 406 },
      { text: 'There is one address, another one', instead: 301 },
    ],
  },
  305: {
    details:
      "Deprecated since 1999, for reasons of security: an answer must not be able to choose a client's proxy. Browsers ignore it.",
    right: ['Nothing that is written today', 'A server of the nineties', 'A test of old clients'],
    wrong: [
      { text: 'The proxy wants credentials', instead: 407 },
      { text: 'The resource is elsewhere', instead: 307 },
      { text: 'A gateway cannot be passed', instead: 403 },
    ],
  },
  402: {
    details:
      'Reserved since the first days, without an agreed meaning. Payment services use it for a card that was declined, others for a plan that is used up.',
    right: [
      'A card was declined, as some payment services have it',
      'The trial of an account is over',
      'A pay-per-call API without credit',
    ],
    wrong: [
      { text: 'Too many calls this minute', instead: 429 },
      { text: 'The plan does not contain this function', instead: 403 },
      { text: 'No login', instead: 401 },
    ],
  },
  406: {
    details:
      'The client asked by `Accept`, `Accept-Language` or `Accept-Encoding` for what the server does not have. It may also send what it has; most do.',
    right: [
      '`Accept: application/xml`, and there is only JSON',
      'A version in the media type that has been switched off',
      'A language that does not exist, where none else will do',
    ],
    wrong: [
      { text: 'The body of the request has a wrong format', instead: 415 },
      { text: 'The server has several, and cannot choose', instead: 300 },
      { text: 'The address does not exist', instead: 404 },
    ],
  },
  407: {
    details:
      'As 401, but from a proxy on the way: `Proxy-Authenticate` says how, `Proxy-Authorization` has the answer. As an answer to CONNECT it is 1231 here.',
    right: ["A company's proxy without a user", 'A password for the proxy that has expired', 'A proxy that wants NTLM'],
    wrong: [
      { text: 'The server wants credentials', instead: 401 },
      { text: 'The proxy forbids this address', instead: 403 },
      { text: 'The proxy cannot reach the server', instead: 502 },
    ],
  },
  408: {
    details:
      'The server waited for the request and lost patience. It may close an idle connection with it, which the next request then finds: such a request may be sent again.',
    right: [
      'A client that sends one byte a second',
      'A connection was opened and never used',
      'An upload that has come to a stop',
    ],
    wrong: [
      { text: 'The server behind a gateway is slow', instead: 504 },
      { text: 'The client gives up waiting', instead: 499 },
      { text: "The application's work takes too long", instead: 503 },
    ],
  },
  411: {
    details:
      'The server does not take a body whose length it does not know beforehand. Today most read chunked bodies, so this comes from old servers and strict gateways.',
    right: [
      'POST in chunks to a server of HTTP/1.0',
      'A gateway that reserves room before it reads',
      'PUT to a storage that must know the size',
    ],
    wrong: [
      { text: 'The length is there, and too large', instead: 413 },
      { text: 'The length contradicts the body', instead: 400 },
      { text: 'A header that the API demands is missing', instead: 400 },
    ],
  },
  414: {
    details:
      'The address is longer than the server reads: 8 KB in most. A GET with its data in the query should have been a POST.',
    right: [
      'A filter with a thousand ids in the query',
      'A redirect that adds a parameter each time',
      'A form that is sent with GET',
    ],
    wrong: [
      { text: 'The headers are too large', instead: 431 },
      { text: 'The body is too large', instead: 413 },
      { text: 'A parameter has a wrong value', instead: 400 },
    ],
  },
  416: {
    details:
      'None of the asked ranges lies inside of the resource; `Content-Range: bytes */4096` says how long it is. A client that resumes has it all, or the file has become shorter.',
    right: [
      'bytes=5000- of a file of 4096 bytes',
      'A resumed download of a file that was replaced by a shorter one',
      'A range of an empty file',
    ],
    wrong: [
      { text: 'The header cannot be read', instead: 400 },
      { text: 'The page number is past the last one', instead: 404 },
      { text: 'If-Range does not hold: the whole comes', instead: 200 },
    ],
  },
  417: {
    details:
      'The server does not do what `Expect` wants. There is one expectation, 100-continue, so in practice it comes from servers that do not know even that.',
    right: [
      'An HTTP/1.0 proxy meets 100-continue',
      'An expectation that does not exist',
      'A gateway that never answers 100',
    ],
    wrong: [
      { text: 'The condition of If-Match does not hold', instead: 412 },
      { text: 'The body would be too large', instead: 413 },
      { text: 'The server does not know the method', instead: 501 },
    ],
  },
  418: {
    details:
      'A joke of 1998 about coffee pots, reserved so that nobody uses the number. Some protections against bots answer with it, since no client expects it.',
    right: [
      'An April fool',
      'A protection against bots that does not want to look like one',
      'An example in a tutorial',
    ],
    wrong: [
      { text: 'The bot is refused for good', instead: 403 },
      { text: 'Too many requests', instead: 429 },
      { text: 'The feature does not exist', instead: 501 },
    ],
  },
  421: {
    details:
      'The connection is shared by several names of a certificate, and this server is not responsible for this one. A client opens a connection of its own and asks again.',
    right: [
      'HTTP/2 coalesced two names, one of which lives elsewhere',
      'SNI names one host, Host another',
      'A load balancer that routes by SNI',
    ],
    wrong: [
      { text: 'The name is unknown everywhere', instead: 404 },
      { text: 'The resource has moved to another name', instead: 308 },
      { text: 'The server behind cannot be reached', instead: 502 },
    ],
  },
  423: {
    details: 'Of WebDAV, and borrowed by many: somebody holds a lock. The answer should say who, and until when.',
    right: [
      'A document that a colleague edits',
      'A calendar that is being imported',
      'An account that is locked for a check of some minutes',
    ],
    wrong: [
      { text: 'Two edits met, without a lock', instead: 409 },
      { text: 'The caller may not do it at all', instead: 403 },
      { text: 'The database waits too long for a lock', instead: 503 },
    ],
  },
  424: {
    details: 'Of WebDAV, inside of a 207 most often: this failed only because something before it failed.',
    right: [
      'The second step of a batch, after the first one failed',
      'Properties that are set all or none',
      'A copy of a file into a folder that could not be made',
    ],
    wrong: [
      { text: 'A service behind failed', instead: 502 },
      { text: 'A condition does not hold', instead: 412 },
      { text: 'The state does not allow it', instead: 409 },
    ],
  },
  425: {
    details:
      'The request came in the early data of TLS 1.3, which somebody may have recorded and sent again. The client repeats it after the handshake.',
    right: ['POST in 0-RTT', 'A payment in early data', 'A gateway that passes early data on, with `Early-Data: 1`'],
    wrong: [
      { text: 'Too many requests', instead: 429 },
      { text: 'The time for it has not come, by the calendar', instead: 409 },
      { text: 'The server is still starting', instead: 503 },
    ],
  },
  426: {
    details: 'The server does not do this over the protocol at hand; `Upgrade` must name the one that it wants.',
    right: [
      'A WebSocket path asked with an ordinary GET',
      'A server that wants TLS 1.2 at least',
      'HTTP/1.0, where 1.1 is needed',
    ],
    wrong: [
      { text: 'The server agrees to an upgrade', instead: 101 },
      { text: 'The version of HTTP is unknown', instead: 505 },
      { text: 'http:// leads to https://', instead: 308 },
    ],
  },
  431: {
    details:
      'A header, or all together, are larger than the server reads: 8 to 16 KB in most. Cookies are the usual cause, and deleting them the cure.',
    right: ['Thirty cookies of advertising', 'A token with two hundred roles in it', 'A Referer with a whole search'],
    wrong: [
      { text: 'The address is too long', instead: 414 },
      { text: 'The body is too large', instead: 413 },
      { text: 'The answer has too many headers', instead: 502 },
    ],
  },
  451: {
    details:
      'A court or a law forbids to show it, here or everywhere. `Link: rel="blocked-by"` names who demands it. It says that there is something.',
    right: [
      "A page removed on a court's order",
      'A film without a licence for this country',
      'A gambling site in a country that forbids it',
    ],
    wrong: [
      { text: 'The user may not see it', instead: 403 },
      { text: 'It shall not be known at all', instead: 404 },
      { text: 'It was removed for other reasons', instead: 410 },
    ],
  },
  505: {
    details: 'The server does not speak the version of HTTP that the request line names.',
    right: ['HTTP/3.0 in a request line', 'A hand-written request with HTTP/9', 'A device that knows HTTP/1.0 only'],
    wrong: [
      { text: 'The server wants another protocol', instead: 426 },
      { text: 'The request line cannot be read', instead: 400 },
      { text: 'The method is unknown', instead: 501 },
    ],
  },
  506: {
    details:
      'A fault of the configuration: the resource that was chosen by negotiation wants to negotiate itself. Nobody has met it.',
    right: ['A type map that points to itself', 'A test of RFC 2295', 'A variant without an end'],
    wrong: [
      { text: 'Redirects in a circle', instead: 508 },
      { text: 'No variant fits', instead: 406 },
      { text: 'A fault of the application', instead: 500 },
    ],
  },
  507: {
    details:
      "Of WebDAV: the server cannot store what it needs to. It says of the server's room; a quota of one user is said by 403 or 413 as well.",
    right: ['The disk is full', 'A mailbox has reached its size', 'A bucket has no room left'],
    wrong: [
      { text: 'The body is larger than one request may be', instead: 413 },
      { text: 'The server has no memory for now', instead: 503 },
      { text: 'The plan of the user is used up', instead: 402 },
    ],
  },
  508: {
    details:
      'Of WebDAV: the server found an endless loop. Some hosts use it for a site that needs too many resources, which is another matter.',
    right: [
      'PROPFIND with depth infinity through a link in a circle',
      'A rewrite rule that calls itself',
      'A proxy that finds itself in Via',
    ],
    wrong: [
      { text: 'A redirect loop that the client finds', instead: 302 },
      { text: 'The work takes too long', instead: 503 },
      { text: 'A fault of the application', instead: 500 },
    ],
  },
  510: {
    details:
      'Of an experiment of the year 2000 that was given up: the request lacks an extension that the server needs.',
    right: ['A test of RFC 2774', 'An extension header that is mandatory', 'Nothing that is written today'],
    wrong: [
      { text: 'A condition is missing', instead: 428 },
      { text: 'A parameter is missing', instead: 400 },
      { text: 'The method is unknown', instead: 501 },
    ],
  },
  511: {
    details:
      'From a network on the way, not from the server: a login page of a hotel or a train. It exists so that programs do not take that page for the answer.',
    right: ['The portal of a hotel', "A train's wireless network", 'A guest network whose time is over'],
    wrong: [
      { text: "The company's proxy wants a user", instead: 407 },
      { text: 'The server wants a login', instead: 401 },
      { text: 'A firewall forbids the address', instead: 403 },
    ],
  },
} as const satisfies Readonly<Record<number, HttpUse>>;
