import type * as Playwright from 'playwright-core';
import { an, type Call, type ClassSpec, later, listOfAll, nothing, now, value } from './bridge.ts';
import { headers } from './option-readers.ts';
import { awaitEvent, type Waiting, waitingOptions } from './page-events.ts';
import { nameOf } from './page-function.ts';
import { filledText, flag, listOf, number, oneOf, options, type Reader, text } from './readers.ts';

const contextOf = ({ target }: Call): Playwright.BrowserContext => target as Playwright.BrowserContext;

const PERMISSIONS = oneOf(
  ...['accelerometer', 'accessibility-events', 'ambient-light-sensor', 'background-sync', 'camera', 'clipboard-read'],
  ...['clipboard-write', 'geolocation', 'gyroscope', 'local-fonts', 'magnetometer', 'microphone', 'midi', 'midi-sysex'],
  ...['notifications', 'payment-handler', 'storage-access'],
);

const position = options({ latitude: number, longitude: number, accuracy: number });
const size = options({ width: number, height: number });
const credentials = options({ username: text, password: text });

const FIELDS: Readonly<Record<string, Reader>> = {
  acceptDownloads: flag,
  bypassCSP: flag,
  colorScheme: oneOf('light', 'dark', 'no-preference'),
  deviceScaleFactor: number,
  extraHTTPHeaders: headers,
  geolocation: position,
  hasTouch: flag,
  httpCredentials: credentials,
  ignoreHTTPSErrors: flag,
  isMobile: flag,
  javaScriptEnabled: flag,
  locale: filledText,
  offline: flag,
  permissions: listOf(PERMISSIONS),
  proxy: options({ server: filledText, bypass: text, username: text, password: text }),
  reducedMotion: oneOf('reduce', 'no-preference'),
  screen: size,
  timezoneID: filledText,
  userAgent: text,
  viewport: size,
};

/** What `newContext()` and `newPage()` take (k6 page "Browser > newContext"), as Playwright has it. */
export const contextOptions: Reader = (given, what, bridge) => {
  const read = options(FIELDS)(given, what, bridge) as Record<string, unknown> | undefined;
  if (read === undefined) return undefined;
  const { timezoneID, proxy, ...rest } = read;
  if (proxy !== undefined && (proxy as { server?: string }).server === undefined)
    throw new TypeError(`proxy of ${what} needs a server, such as http://127.0.0.1:3128`);
  return {
    ...rest,
    ...(timezoneID !== undefined && { timezoneId: timezoneID }),
    ...(proxy !== undefined && { proxy }),
  };
};

const cookie = options({
  name: text,
  value: text,
  url: text,
  domain: text,
  path: text,
  expires: number,
  httpOnly: flag,
  secure: flag,
  sameSite: oneOf('Strict', 'Lax', 'None'),
});

const requiredCookie: Reader = (given, what, bridge) => {
  const read = cookie(given, what, bridge) as Record<string, unknown> | undefined;
  for (const field of ['name', 'value'])
    if (read?.[field] === undefined) throw new TypeError(`${field} of ${what} is missing`);
  return read;
};

/** A function, its text, or `{ content }`. */
const initScript: Reader = (given, what, bridge) => {
  if (typeof given === 'string') return given;
  if (typeof given === 'function') return `(${bridge.functions.textOf(given)})();`;
  const read = options({ content: text })(given, what, bridge) as { content?: string } | undefined;
  if (read?.content !== undefined) return read.content;
  throw new TypeError(`${what} takes a script as text, a function or { content }, not ${nameOf(given)}`);
};

/** k6 page "BrowserContext". */
export const BROWSER_CONTEXT: ClassSpec = {
  members: {
    addCookies: later([listOf(requiredCookie)]),
    addInitScript: later([initScript], nothing, (call, content) =>
      contextOf(call).addInitScript({ content: content as string }),
    ),
    browser: now(
      [],
      (_, { bridge, link }) => bridge.wrap('Browser', link.shown, link),
      () => null,
    ),
    clearCookies: later([]),
    clearPermissions: later([]),
    close: later([], nothing, (call) => call.link.closeContext(contextOf(call))),
    cookies: {
      ...later([], value, (call, ...urls) => contextOf(call).cookies(urls as string[])),
      rest: filledText,
    },
    grantPermissions: later([listOf(PERMISSIONS), options({ origin: filledText })]),
    newPage: later([], an('Page')),
    pages: now([], listOfAll('Page')),
    setDefaultNavigationTimeout: now([number], nothing),
    setDefaultTimeout: now([number], nothing),
    setGeolocation: later([(given, what, bridge) => position(given, what, bridge) ?? null], nothing),
    setHTTPCredentials: later([(given, what, bridge) => credentials(given, what, bridge) ?? null], nothing),
    setOffline: later([flag]),
    waitForEvent: later([oneOf('page'), waitingOptions], an('Page'), (call, event, waiting) =>
      awaitEvent(call, event as string, 'Page', waiting as Waiting),
    ),
  },
};
