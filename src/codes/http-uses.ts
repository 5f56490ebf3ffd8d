import type { PlainHttpNumber } from './http-plain-status.ts';
import { HTTP_RARE_USES } from './http-rare-uses.ts';
import type { NamedHttpStatus } from './http-status.ts';
import type { HttpUse } from './http-use.ts';
import { HTTP_VENDOR_USES } from './http-vendor-uses.ts';

/**
 * The statuses that an API chooses between.
 * Sources: RFC 9110, section 15; RFC 6585 for 428 and 429.
 */
export const HTTP_USES = {
  200: {
    details:
      'The answer has what was asked for. An API that answers 200 with an error in its body hides the error from caches, proxies, monitoring – and from `http_req_failed`.',
    right: [
      'A page, an image, a search result, also an empty one',
      'The new state after a PUT',
      'A GET of a job that is still running',
    ],
    wrong: [
      { text: '`{"error": "not found"}` in the body', instead: 404 },
      { text: 'A POST that created an order', instead: 201 },
      { text: 'The work will be done tonight', instead: 202 },
    ],
  },
  201: {
    details:
      'Something exists now that did not before. `Location` has its address; without it, it is the address of the request.',
    right: ['POST /orders made order 17', 'PUT of a file that was not there', 'A new user has signed up'],
    wrong: [
      { text: 'An existing profile was changed', instead: 200 },
      { text: 'The creation waits for an approval', instead: 202 },
      { text: 'The name was taken already', instead: 409 },
    ],
  },
  202: {
    details: 'A promise to work, not a result: it may still fail. Say where the client can ask how far it is.',
    right: ['A video was uploaded and will be converted', 'A report is being made', 'A message was put in a queue'],
    wrong: [
      { text: 'Everything is done, only the log is not written', instead: 200 },
      { text: 'The queue is full', instead: 503 },
      { text: 'The order exists already and can be fetched', instead: 201 },
    ],
  },
  204: {
    details: 'It worked, and there is no body. The client keeps what it shows.',
    right: ['DELETE of an order', 'PUT of settings that are not sent back', 'Autosave of a draft'],
    wrong: [
      { text: 'A search without a hit', instead: 200 },
      { text: 'Nothing has this id', instead: 404 },
      { text: 'The job was only accepted', instead: 202 },
    ],
  },
  301: {
    details:
      'Clients and search engines may remember the new address. Old clients turn a POST into a GET, so for an API 308 is the safer one.',
    right: ['A page has a new address', 'http:// leads to https://', 'example.com leads to www.example.com'],
    wrong: [
      { text: 'An API endpoint for POST has moved', instead: 308 },
      { text: 'Maintenance, for an hour', instead: 503 },
      { text: 'To the result after a form was sent', instead: 303 },
    ],
  },
  302: {
    details:
      'For now only: the old address stays the right one. What becomes of a POST differs from client to client; 303 and 307 say it.',
    right: [
      'A short link that counts clicks',
      'To the page in the language of the browser',
      'To the login, on a site for people',
    ],
    wrong: [
      { text: 'After a POST, to its result', instead: 303 },
      { text: 'An API call without a token', instead: 401 },
      { text: 'A PUT that another server should take', instead: 307 },
    ],
  },
  303: {
    details:
      'Whatever the request was, the result is to be fetched with GET. It is why reloading a page does not send the order again.',
    right: [
      'After an order, to its confirmation',
      'From a finished job to its result',
      'After the login, to the start page',
    ],
    wrong: [
      { text: 'The resource itself has moved', instead: 308 },
      { text: 'The method has to stay', instead: 307 },
      { text: 'Something was created for an API client', instead: 201 },
    ],
  },
  304: {
    details: 'Only as an answer to a conditional request (`If-None-Match`, `If-Modified-Since`), and without a body.',
    right: [
      'The ETag is still the same',
      'The image has not changed since yesterday',
      'A list of which the client has the newest version',
    ],
    wrong: [
      { text: 'A PUT that would change nothing', instead: 200 },
      { text: 'The request had no condition', instead: 200 },
      { text: 'A write whose If-Match does not hold', instead: 412 },
    ],
  },
  307: {
    details: 'Like 302, but the method and the body stay what they were.',
    right: [
      'An upload that another node should take',
      'A region is being moved for the weekend',
      'HSTS: the browser itself goes to https',
    ],
    wrong: [
      { text: 'For good', instead: 308 },
      { text: 'After a POST, to a page to look at', instead: 303 },
      { text: 'The client is not logged in', instead: 401 },
    ],
  },
  308: {
    details: 'Like 301, but the method and the body stay what they were: the redirect for APIs.',
    right: [
      '/v1/orders is now /orders, POST too',
      'http:// leads to https:// for an API',
      'A tenant has moved to its own domain',
    ],
    wrong: [
      { text: 'Only until tomorrow', instead: 307 },
      { text: 'The endpoint was taken away', instead: 410 },
      { text: 'The result of a form', instead: 303 },
    ],
  },
  400: {
    details:
      'The request cannot be read, or breaks a rule of HTTP. Many APIs use it for every error of the input; those that tell more give what can be read but is wrong 422.',
    right: [
      'The JSON ends in the middle',
      'A date that is no date in the query',
      'Content-Length does not fit the body',
    ],
    wrong: [
      { text: 'Valid JSON, and the quantity is negative', instead: 422 },
      { text: 'The token is missing', instead: 401 },
      { text: 'XML was sent to an endpoint for JSON', instead: 415 },
    ],
  },
  401: {
    details:
      'It means unauthenticated, whatever its name says: who asks is not known. `WWW-Authenticate` must say how to identify oneself.',
    right: ['No Authorization header', 'A token that has expired', 'A wrong password'],
    wrong: [
      { text: 'A valid token without the right', instead: 403 },
      { text: 'A proxy wants credentials', instead: 407 },
      { text: 'A locked account, correctly identified', instead: 403 },
    ],
  },
  403: {
    details:
      'The server understood, knows enough and refuses. Other rights would help, other credentials of the same user will not.',
    right: ['A reader wants to delete', 'An address outside of the allowed networks', 'A CSRF token that does not fit'],
    wrong: [
      { text: 'The session has expired', instead: 401 },
      { text: 'Too many requests in this minute', instead: 429 },
      { text: 'Not even the existence may be known', instead: 404 },
    ],
  },
  404: {
    details:
      'Nothing is there, or nothing that the server wants to show. It does not say whether for now or for good; 410 does.',
    right: ['No order has this number', 'A typing error in the path', 'A private repository, asked for by a stranger'],
    wrong: [
      { text: 'A search without a hit', instead: 200 },
      { text: 'The path is right, the method is not', instead: 405 },
      { text: 'The token is missing', instead: 401 },
    ],
  },
  405: {
    details: 'The path is there, but not with this method. `Allow` must list those that work.',
    right: ['DELETE on a list', 'POST to a static file', 'PUT where only PATCH is offered'],
    wrong: [
      { text: 'The method is known to no part of the server', instead: 501 },
      { text: 'This user may not delete', instead: 403 },
      { text: 'The order cannot be deleted in its state', instead: 409 },
    ],
  },
  409: {
    details:
      'The request is fine, but does not go with the present state of the resource. The client can look at the state and decide anew.',
    right: [
      'A user name that is taken',
      'An order that has been shipped is cancelled',
      'Two edits of the same version',
    ],
    wrong: [
      { text: 'An If-Match that does not hold', instead: 412 },
      { text: 'A field of the body is wrong', instead: 422 },
      { text: 'The row is locked by somebody for hours', instead: 423 },
    ],
  },
  410: {
    details: 'It was there and will not come back: links to it should be removed. 404 leaves that open.',
    right: ['A version of the API that was switched off', 'An offer that has ended', 'A deleted account'],
    wrong: [
      { text: 'It has another address', instead: 308 },
      { text: 'It is not known whether it ever existed', instead: 404 },
      { text: 'Down for maintenance', instead: 503 },
    ],
  },
  412: {
    details: 'The client itself stated a condition, and it does not hold: somebody was faster. Read again, then write.',
    right: [
      'PUT with the ETag of an older version',
      'If-None-Match: * and the file exists',
      'If-Unmodified-Since, and it was modified',
    ],
    wrong: [
      { text: 'There was no condition in the request', instead: 409 },
      { text: 'A condition should have been there', instead: 428 },
      { text: 'A GET whose ETag is still the same', instead: 304 },
    ],
  },
  413: {
    details:
      'The body is larger than the server takes. The server may close the connection in the middle, and then it is a reset instead.',
    right: [
      'A 2 GB upload, and the limit is 1 GB',
      'JSON over the limit of the parser',
      'nginx with client_max_body_size',
    ],
    wrong: [
      { text: 'The URL is too long', instead: 414 },
      { text: 'The disk is full', instead: 507 },
      { text: 'The headers are too large', instead: 431 },
    ],
  },
  415: {
    details: 'The format of the body is not one that this endpoint takes, by `Content-Type` or `Content-Encoding`.',
    right: [
      'A form sent to an endpoint for JSON',
      'An image in a format that is not supported',
      'A body in an encoding that is not known',
    ],
    wrong: [
      { text: 'JSON was announced, and it is not JSON', instead: 400 },
      { text: 'The client does not accept what the server has', instead: 406 },
      { text: 'The right format with a wrong field', instead: 422 },
    ],
  },
  422: {
    details:
      'It can be read, and the format is right, but the content breaks a rule. Name the fields, as `application/problem+json`.',
    right: ['A delivery date in the past', 'Two passwords that differ', 'A reference to a country that does not exist'],
    wrong: [
      { text: 'The JSON cannot be parsed', instead: 400 },
      { text: 'The user name is taken', instead: 409 },
      { text: 'The amount is over the limit of this account', instead: 403 },
    ],
  },
  428: {
    details: 'The server protects against lost updates: a write has to say which version it is based on.',
    right: ['PUT without If-Match', 'PATCH of a document that many edit', 'DELETE without the ETag'],
    wrong: [
      { text: 'The ETag is there and outdated', instead: 412 },
      { text: 'A field is missing in the body', instead: 422 },
      { text: 'The user has to confirm the address first', instead: 403 },
    ],
  },
  429: {
    details:
      'This caller sends too much for its limit. `Retry-After` says when to come again; without it clients guess, and guess too early.',
    right: ['More than 100 requests in this minute', 'Five wrong passwords', 'The quota of the day is used up'],
    wrong: [
      { text: 'The server is overloaded, whoever asks', instead: 503 },
      { text: 'The plan does not include this at all', instead: 403 },
      { text: 'A load balancer has no healthy server', instead: 503 },
    ],
  },
  500: {
    details:
      'The server met something that it did not foresee. It is a defect each time: what is foreseen has a status of its own.',
    right: ['An exception that nobody caught', 'An invariant does not hold', 'A template that cannot be rendered'],
    wrong: [
      { text: 'The input was wrong, and the parser threw', instead: 400 },
      { text: 'The database is down for a moment', instead: 503 },
      { text: 'A service behind this one answered nonsense', instead: 502 },
    ],
  },
  501: {
    details: 'No part of the server knows the method. For a method that only this resource does not have there is 405.',
    right: ['A method of WebDAV on a plain server', 'PATCH on a server of 2005', 'A method that was made up'],
    wrong: [
      { text: 'The method works elsewhere on this server', instead: 405 },
      { text: 'The feature comes with the next version', instead: 404 },
      { text: 'Switched off for maintenance', instead: 503 },
    ],
  },
  502: {
    details:
      'A gateway speaks about the server behind it: refused, reset, closed early, or no HTTP. The application itself should not send it of itself.',
    right: [
      'nginx, and the process behind it has crashed',
      'The answer was cut off',
      'The payment service answered with HTML instead of JSON',
    ],
    wrong: [
      { text: 'The server behind it is too slow', instead: 504 },
      { text: 'There is no healthy server to choose', instead: 503 },
      { text: 'The application threw', instead: 500 },
    ],
  },
  503: {
    details:
      'Not now: overload or maintenance. With `Retry-After` it is the politest refusal there is. Under a load test it is often the limit that one was looking for.',
    right: ['Load is being shed', 'The instance is starting or draining', 'Maintenance until 6:00'],
    wrong: [
      { text: 'This one caller is over its limit', instead: 429 },
      { text: 'The server behind the gateway did not answer in time', instead: 504 },
      { text: 'A bug', instead: 500 },
    ],
  },
  504: {
    details:
      'A gateway gave up waiting. The server behind it may have done the work: the same danger as with a timeout of the client.',
    right: [
      'proxy_read_timeout of nginx has passed',
      'A load balancer waited 60 s',
      'A service behind this one did not answer in time',
    ],
    wrong: [
      { text: 'The connection to it was refused', instead: 502 },
      { text: 'The client was too slow with its request', instead: 408 },
      { text: 'The application gave up a query of its own', instead: 503 },
    ],
  },
  ...HTTP_RARE_USES,
  ...HTTP_VENDOR_USES,
} as const satisfies Readonly<Record<NamedHttpStatus | PlainHttpNumber, HttpUse>>;

/** A status that has a name. */
export type HttpUseNumber = keyof typeof HTTP_USES;

/** What an HTTP status is for; undefined for one without a name. */
export function findHttpUse(status: number): HttpUse | undefined {
  return (HTTP_USES as Readonly<Record<number, HttpUse>>)[status];
}
