import type * as Playwright from 'playwright-core';
import { an, type Call, type ClassSpec, later, nothing, type Show, waiting } from './bridge.ts';
import { contextOptions } from './context-class.ts';
import type { BrowserSource, Link } from './link.ts';

const sourceOf = ({ target }: Call): BrowserSource => target as BrowserSource;

/** What belongs to the link that the call has come to, not to that of the browser's object. */
interface Made {
  readonly made: object | null;
  readonly by: Link;
}

function madeBy(kind: 'BrowserContext' | 'Page'): Show {
  return (result, call) => {
    const { made, by } = result as Made;
    return an(kind)(made, { ...call, link: by });
  };
}

/** Has something of the link, as soon as that is there. */
function ofLink<T>(read: (link: Link) => T): (call: Call) => T | Promise<T> {
  return (call) => {
    const { current } = sourceOf(call);
    return current === null ? sourceOf(call).own().then(read) : read(current);
  };
}

/** @throws Error for a proxy that would lead around what must not be reached */
function openContext(link: Link, given: unknown): Promise<Playwright.BrowserContext> {
  const options = given as Playwright.BrowserContextOptions | undefined;
  const { blockHostnames, blacklistIPs } = link.vu.environment.options;
  if (options?.proxy !== undefined && blockHostnames.length + blacklistIPs.length > 0)
    throw new Error(
      'blockHostnames and blacklistIPs cannot hold behind a proxy: leave out the proxy of the context, or these options',
    );
  return link.newContext(options);
}

const asIs: Show = (result) => result;

/** k6 page "Browser". */
export const BROWSER: ClassSpec = {
  members: {
    close: later([], nothing, (call) => sourceOf(call).close()),
    closeContext: later([], nothing, async (call) => {
      const link = await sourceOf(call).own();
      if (link.context === null) throw new Error('cannot close context as none is active in browser');
      await link.closeContext(link.context);
    }),
    context: waiting(
      [],
      madeBy('BrowserContext'),
      ofLink((by) => ({ made: by.context, by })),
    ),
    isConnected: waiting(
      [],
      asIs,
      ofLink((link) => link.isConnected),
    ),
    newContext: later([contextOptions], madeBy('BrowserContext'), async (call, options) => {
      const by = await sourceOf(call).own();
      return { made: await openContext(by, options), by };
    }),
    newPage: later([contextOptions], madeBy('Page'), async (call, options) => {
      const by = await sourceOf(call).own();
      const context = await openContext(by, options);
      return { made: await context.newPage(), by };
    }),
    userAgent: waiting(
      [],
      asIs,
      ofLink((link) => link.userAgent),
    ),
    version: waiting(
      [],
      asIs,
      ofLink((link) => link.browser.version()),
    ),
  },
};
