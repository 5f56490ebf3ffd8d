import type { HttpUse } from './http-use.ts';

/** What the statuses are for that nginx, Cloudflare, AWS and others made up, as their manuals have it. */
export const HTTP_VENDOR_USES = {
  444: {
    details:
      'Never sent: nginx closes the connection and writes this into its log. What a client sees is a connection that was closed, 1040.',
    right: [
      'A rule of nginx against scanners',
      'A host name that the server does not have',
      'An answer to attacks, which costs nothing',
    ],
    wrong: [
      { text: 'The client closed the connection', instead: 499 },
      { text: 'A refusal that may be seen', instead: 403 },
      { text: 'Too many requests', instead: 429 },
    ],
  },
  460: {
    details:
      'Never sent: load balancers of AWS write it into their logs, when the client closed the connection before its idle timeout.',
    right: ['A client with a timeout of two seconds', 'A page that was left', 'A load test that ended'],
    wrong: [
      { text: 'The server behind did not answer', instead: 504 },
      { text: 'The client was refused', instead: 403 },
      { text: 'nginx saw the same', instead: 499 },
    ],
  },
  494: {
    details:
      "nginx's own number for headers that are too large: clients see 400, or this one where a page for it is set up.",
    right: ['A cookie over large_client_header_buffers', 'A token in a header that has grown', 'A header of 10 KB'],
    wrong: [
      { text: 'Another server, the same matter', instead: 431 },
      { text: 'The address is too long', instead: 414 },
      { text: 'The body is too large', instead: 413 },
    ],
  },
  495: {
    details:
      "nginx's own number: the client sent a certificate that is not valid. Clients see 400 unless a page for it is set up.",
    right: [
      'A certificate that has expired',
      'A certificate of an authority that is not trusted',
      'A revoked certificate',
    ],
    wrong: [
      { text: 'No certificate at all', instead: 496 },
      { text: 'The certificate is valid, the caller may not', instead: 403 },
      { text: 'The handshake itself fails', instead: 525 },
    ],
  },
  496: {
    details:
      "nginx's own number: a client certificate is demanded, and none was sent. Clients see 400 unless a page for it is set up.",
    right: [
      'A script without tlsAuth against mTLS',
      'A browser without an installed certificate',
      '`domains` of tlsAuth that do not fit',
    ],
    wrong: [
      { text: 'A certificate that is not valid', instead: 495 },
      { text: 'A token is missing', instead: 401 },
      { text: 'The caller may not', instead: 403 },
    ],
  },
  497: {
    details:
      "nginx's own number: plain HTTP came to a port with TLS. Clients see 400, often with a line of HTML that says so.",
    right: [
      'A request to http://shop.test:443',
      'A health check without TLS',
      'A load balancer that speaks plain text to its target',
    ],
    wrong: [
      { text: 'https:// to a port without TLS', instead: 400 },
      { text: 'A redirect to https is meant', instead: 308 },
      { text: 'The certificate is missing', instead: 496 },
    ],
  },
  499: {
    details:
      'Never sent: nginx writes it into its log when the client went away before the answer. Many of them say that the server is slow, not that clients are wrong.',
    right: ['A timeout of the client passed', 'The user left the page', 'A gRPC call was cancelled behind a gateway'],
    wrong: [
      { text: 'The gateway gave up waiting', instead: 504 },
      { text: 'The client sent its request too slowly', instead: 408 },
      { text: 'nginx closed by a rule', instead: 444 },
    ],
  },
  509: {
    details: 'Not registered: hosts answer with it when a site has used up its monthly traffic.',
    right: [
      'A shared host, at the end of the month',
      'A free plan of a hosting',
      'A site that became famous overnight',
    ],
    wrong: [
      { text: 'One caller sends too much', instead: 429 },
      { text: 'The server is overloaded', instead: 503 },
      { text: 'The bill was not paid', instead: 402 },
    ],
  },
  520: {
    details:
      "Cloudflare's: the origin answered with something that is no valid answer, or with nothing. The fault is at the origin or between.",
    right: [
      'The origin crashed in the middle of the answer',
      "Headers over Cloudflare's limit",
      'The origin closed without an answer',
    ],
    wrong: [
      { text: 'The origin refuses the connection', instead: 521 },
      { text: 'The origin is silent', instead: 524 },
      { text: 'Another gateway, the same matter', instead: 502 },
    ],
  },
  521: {
    details:
      "Cloudflare's: the origin refused the connection. Its server does not run, or its firewall does not let Cloudflare in.",
    right: [
      "The origin's web server is stopped",
      'A firewall that blocks addresses of Cloudflare',
      'A port that nobody listens on',
    ],
    wrong: [
      { text: 'No answer to the attempt', instead: 522 },
      { text: 'No route to the origin', instead: 523 },
      { text: 'The application says that it is overloaded', instead: 503 },
    ],
  },
  522: {
    details: "Cloudflare's: the connection to the origin did not come about in time.",
    right: [
      'A firewall that drops packets',
      "The origin's queue of connections is full",
      'The address of the origin is an old one',
    ],
    wrong: [
      { text: 'The origin refused at once', instead: 521 },
      { text: 'Connected, but no answer', instead: 524 },
      { text: 'No route', instead: 523 },
    ],
  },
  523: {
    details: "Cloudflare's: the origin cannot be reached at all: a wrong address, or a route that is gone.",
    right: [
      'DNS names an address that nobody has any more',
      'A provider has lost the route',
      'A private address as origin',
    ],
    wrong: [
      { text: 'A refused connection', instead: 521 },
      { text: 'The name is not resolved', instead: 530 },
      { text: 'No answer in time', instead: 522 },
    ],
  },
  524: {
    details:
      "Cloudflare's: the origin took the connection and did not answer in a hundred seconds. The work may go on there.",
    right: [
      'A report that takes two minutes',
      'A lock in the database',
      'An export in one request, which should have been a job',
    ],
    wrong: [
      { text: 'The connection did not come about', instead: 522 },
      { text: 'Another gateway, the same matter', instead: 504 },
      { text: 'The answer was nonsense', instead: 520 },
    ],
  },
  525: {
    details: "Cloudflare's: the handshake with the origin failed.",
    right: [
      'No cipher in common',
      'The origin has no certificate for the name',
      'TLS is not switched on at the origin',
    ],
    wrong: [
      { text: 'The certificate is not valid', instead: 526 },
      { text: 'The connection was refused', instead: 521 },
      { text: "The client's certificate is refused", instead: 495 },
    ],
  },
  526: {
    details: "Cloudflare's, in its strict mode: the origin's certificate does not hold.",
    right: ['The certificate of the origin has expired', 'A self-signed certificate', 'A certificate for another name'],
    wrong: [
      { text: 'The handshake failed', instead: 525 },
      { text: 'A client certificate is refused', instead: 495 },
      { text: 'The origin is unreachable', instead: 523 },
    ],
  },
  529: {
    details:
      "Not registered: some services say by it that they as a whole are overloaded, apart from a caller's limit.",
    right: ['A service of language models at noon', 'All instances are busy', 'Load is shed, whoever asks'],
    wrong: [
      { text: 'This caller is over its limit', instead: 429 },
      { text: 'A registered status would do', instead: 503 },
      { text: 'The server failed', instead: 500 },
    ],
  },
  530: {
    details:
      "Cloudflare's: it comes with an error of the 1000s in the body, most often 1016: the origin's name is not resolved.",
    right: [
      'A CNAME to a name that was deleted',
      "A typing error in the origin's name",
      'A tunnel that is not running',
    ],
    wrong: [
      { text: 'The address is there, no route', instead: 523 },
      { text: 'A refused connection', instead: 521 },
      { text: 'The page does not exist', instead: 404 },
    ],
  },
  598: {
    details: 'Not registered, of some proxies: the connection was there, and no data came in time.',
    right: [
      'A proxy of Microsoft waits for data',
      'The server behind has stopped in the middle',
      "A pause longer than the proxy's read timeout",
    ],
    wrong: [
      { text: 'The connection did not come about', instead: 599 },
      { text: 'A registered status would do', instead: 504 },
      { text: 'The answer was nonsense', instead: 502 },
    ],
  },
  599: {
    details:
      "Not registered, of some proxies: no connection came about in time. Client libraries of Python's Tornado use it for their own timeouts.",
    right: [
      'A proxy cannot reach the server behind',
      "Tornado's client: no answer at all",
      'A firewall drops the packets',
    ],
    wrong: [
      { text: 'Connected, but no data', instead: 598 },
      { text: 'A registered status would do', instead: 504 },
      { text: 'The connection was refused', instead: 502 },
    ],
  },
} as const satisfies Readonly<Record<number, HttpUse>>;
