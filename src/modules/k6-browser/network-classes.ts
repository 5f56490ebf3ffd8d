// k6 pages "Request", "Response" and "Route".
import type * as Playwright from 'playwright-core';
import { toBytes } from '../../vu/script-bytes.ts';
import { an, buffer, type Call, type ClassSpec, later, nothing, now, value } from './bridge.ts';
import { headers } from './option-readers.ts';
import { nameOf } from './page-function.ts';
import { filledText, number, oneOf, optional, options, type Reader, text } from './readers.ts';

/** What both have of their headers. */
const HEADERS = {
  allHeaders: later([], value),
  headers: now([]),
  headersArray: later([], value),
  headerValue: later([filledText], value),
} as const;

const requestOf = ({ target }: Call): Playwright.Request => target as Playwright.Request;
const responseOf = ({ target }: Call): Playwright.Response => target as Playwright.Response;

export const REQUEST: ClassSpec = {
  members: {
    ...HEADERS,
    failure: now([]),
    frame: now([], an('Frame')),
    isNavigationRequest: now([]),
    method: now([]),
    postData: now([]),
    postDataBuffer: now([], buffer),
    resourceType: now([]),
    response: later([], an('Response')),
    size: later([], value, async (call) => {
      const sizes = await requestOf(call).sizes();
      return { body: sizes.requestBodySize, headers: sizes.requestHeadersSize };
    }),
    timing: now([]),
    url: now([]),
  },
};

export const RESPONSE: ClassSpec = {
  members: {
    ...HEADERS,
    body: later([], buffer),
    frame: now([], an('Frame')),
    headerValues: later([filledText], value),
    json: later([], value),
    ok: now([]),
    request: now([], an('Request')),
    securityDetails: later([], value, async (call) => {
      const details = await responseOf(call).securityDetails();
      // Of what came without TLS there is an empty object.
      return details === null || details.protocol === undefined ? null : { ...details, sanList: [] };
    }),
    serverAddr: later([], value),
    size: later([], value, async (call) => {
      const sizes = await responseOf(call).request().sizes();
      return { body: sizes.responseBodySize, headers: sizes.responseHeadersSize };
    }),
    status: now([]),
    statusText: now([]),
    text: later([], value),
    url: now([]),
  },
};

const REASONS = [
  'aborted',
  'accessdenied',
  'addressunreachable',
  'blockedbyclient',
  'blockedbyresponse',
  'connectionaborted',
  'connectionclosed',
  'connectionfailed',
  'connectionrefused',
  'connectionreset',
  'internetdisconnected',
  'namenotresolved',
  'timedout',
  'failed',
] as const;

const body: Reader = (given, what) => {
  if (typeof given === 'string') return given;
  const bytes = toBytes(given);
  if (bytes !== null) return Buffer.from(bytes);
  throw new TypeError(`${what} must be text or an ArrayBuffer, not ${nameOf(given)}`);
};

const FULFIL = { body, contentType: text, headers, status: number } as const;

/** Options of k6's that there are, and no others: those that Playwright has beside them read files. */
const fulfilOptions: Reader = (given, what, bridge) => {
  if (typeof given === 'object' && given !== null) {
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(FULFIL, key));
    if (unknown !== undefined)
      throw new TypeError(`${what} has no option "${unknown}": there are ${Object.keys(FULFIL).join(', ')}`);
  }
  return options(FULFIL)(given, what, bridge);
};

export const ROUTE: ClassSpec = {
  members: {
    abort: later([optional(oneOf(...REASONS))]),
    continue: later([options({ url: text, method: text, headers, postData: body })], nothing),
    fulfill: later([fulfilOptions]),
    request: now([], an('Request')),
  },
};
