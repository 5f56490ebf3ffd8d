import type * as Playwright from 'playwright-core';
import { an, buffer, type Call, type ClassSpec, forward, later, listOfAll, nothing, now } from './bridge.ts';
import { FRAME_MEMBERS } from './frame-members.ts';
import { contentOptions, headers, navigationOptions, pageShotOptions, timeoutOptions } from './option-readers.ts';
import { awaitEvent, eventName, listen, type Waiting, waitingOptions } from './page-events.ts';
import { number, oneOf, options, pattern, type Reader, scriptFunction } from './readers.ts';
import { takeScreenshot } from './screenshot.ts';

const pageOf = ({ target }: Call): Playwright.Page => target as Playwright.Page;

/** One number each, and all of them. */
function required(reader: Reader, ...keys: readonly string[]): Reader {
  return (given, what, bridge) => {
    const read = reader(given, what, bridge) as Record<string, unknown> | undefined;
    const missing = keys.find((key) => read?.[key] === undefined);
    if (missing !== undefined) throw new TypeError(`${what} takes { ${keys.join(', ')} }: ${missing} is missing`);
    return read;
  };
}

/** A command of the DevTools protocol to the page. */
async function command(call: Call, method: string, params: object): Promise<void> {
  const page = pageOf(call);
  const session = await page.context().newCDPSession(page);
  // It stays: what it has set ends with it.
  await session.send(method as 'Emulation.setCPUThrottlingRate', params as { rate: number });
}

/** The handlers of routes, by what they were given for: `unroute()` names only that. */
const routesOf = new WeakMap<
  object,
  { readonly url: string | RegExp; readonly handler: (route: Playwright.Route) => void }[]
>();

async function addRoute(call: Call, url: unknown, fn: unknown): Promise<void> {
  const { link, bridge } = call;
  const page = pageOf(call);
  const handler = (route: Playwright.Route): void => {
    link.calls.post(
      link.vu,
      fn,
      () => [bridge.wrap('Route', route, link)],
      () => {},
      () => void route.abort('failed').catch(() => {}),
    );
  };
  const routes = routesOf.get(page) ?? [];
  routesOf.set(page, routes);
  routes.push({ url: url as string | RegExp, handler });
  await page.route(url as string | RegExp, handler);
}

async function removeRoutes(call: Call, url: unknown): Promise<void> {
  const page = pageOf(call);
  const routes = routesOf.get(page) ?? [];
  const concerned = routes.filter((route) => String(route.url) === String(url));
  routesOf.set(
    page,
    routes.filter((route) => !concerned.includes(route)),
  );
  for (const route of concerned) await page.unroute(route.url, route.handler);
}

const media = options({
  colorScheme: oneOf('light', 'dark', 'no-preference'),
  media: oneOf('screen', 'print'),
  reducedMotion: oneOf('reduce', 'no-preference'),
});

/** k6 page "Page". */
export const PAGE: ClassSpec = {
  properties: { keyboard: 'Keyboard', mouse: 'Mouse', touchscreen: 'Touchscreen' },
  members: {
    ...FRAME_MEMBERS,
    bringToFront: later([]),
    close: later([], nothing, (call) => call.link.closePage(pageOf(call))),
    context: now([], an('BrowserContext')),
    emulateMedia: later([media]),
    emulateVisionDeficiency: later(
      [oneOf('none', 'achromatopsia', 'blurredVision', 'deuteranopia', 'protanopia', 'tritanopia')],
      nothing,
      (call, type) => command(call, 'Emulation.setEmulatedVisionDeficiency', { type }),
    ),
    frames: now([], listOfAll('Frame')),
    goBack: later([navigationOptions], an('Response')),
    goForward: later([navigationOptions], an('Response')),
    isClosed: now([]),
    mainFrame: now([], an('Frame')),
    on: now([eventName, scriptFunction], nothing, listen),
    opener: later([], an('Page')),
    reload: later([contentOptions], an('Response')),
    route: later([pattern, scriptFunction], nothing, addRoute),
    screenshot: later([pageShotOptions], buffer, takeScreenshot),
    setDefaultNavigationTimeout: now([number], nothing),
    setDefaultTimeout: now([number], nothing),
    setExtraHTTPHeaders: later([headers]),
    setViewportSize: later([required(options({ width: number, height: number }), 'width', 'height')]),
    throttleCPU: later([required(options({ rate: number }), 'rate')], nothing, (call, profile) =>
      command(call, 'Emulation.setCPUThrottlingRate', profile as object),
    ),
    throttleNetwork: later(
      [required(options({ latency: number, download: number, upload: number }), 'latency', 'download', 'upload')],
      nothing,
      (call, profile) => {
        const { latency, download, upload } = profile as { latency: number; download: number; upload: number };
        const limits = { offline: false, latency, downloadThroughput: download, uploadThroughput: upload };
        return command(call, 'Network.emulateNetworkConditions', limits);
      },
    ),
    unroute: later([pattern], nothing, removeRoutes),
    unrouteAll: later([], nothing, async (call) => {
      routesOf.delete(pageOf(call));
      await pageOf(call).unrouteAll();
    }),
    viewportSize: now([]),
    waitForEvent: later([oneOf('console', 'request', 'response'), waitingOptions], awaited, (call, event, waiting) =>
      awaitEvent(call, event as string, AWAITED[event as keyof typeof AWAITED], waiting as Waiting).then((subject) => ({
        event,
        subject,
      })),
    ),
    waitForRequest: later([pattern, timeoutOptions], an('Request')),
    waitForResponse: later([pattern, timeoutOptions], an('Response')),
    workers: now([], listOfAll('Worker'), forward()),
  },
};

const AWAITED = { console: 'ConsoleMessage', request: 'Request', response: 'Response' } as const;

function awaited(result: unknown, call: Call): unknown {
  const { event, subject } = result as { event: keyof typeof AWAITED; subject: object };
  return an(AWAITED[event])(subject, call);
}

/** k6 page "ConsoleMessage". */
export const CONSOLE_MESSAGE: ClassSpec = {
  members: {
    args: now([], listOfAll('JSHandle')),
    page: now([], an('Page')),
    text: now([]),
    type: now([]),
  },
};

/** k6 page "Worker". */
export const WORKER: ClassSpec = { members: { url: now([]) } };
