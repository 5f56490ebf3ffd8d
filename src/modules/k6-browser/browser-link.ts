// One connection to one browser, for one virtual user: its context, and what is measured in it.

import type * as Playwright from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { RunningBrowser } from '../../vu/browsers.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Bridge } from './bridge.ts';
import { CdpTransport } from './cdp-transport.ts';
import { closeInTime } from './close-in-time.ts';
import type { GuardedWay } from './guarded-way.ts';
import type { BrowserSource, Link } from './link.ts';
import { MetricMessage } from './metric-message.ts';
import { NetworkSamples } from './network-samples.ts';
import { PageSessions } from './page-sessions.ts';
import { contextIdOf, targetIdOf } from './playwright-ids.ts';
import type { ScriptCalls } from './script-calls.ts';
import { VITALS_BINDING, vitalsScript, WebVitals } from './web-vitals.ts';

/** How long a browser may take to connect, in ms. */
const CONNECT_MS = 30_000;
/** How long a context may take to close before its browser is ended with it, in ms. */
const CLOSE_MS = 5000;
/** Files of its own that Playwright keeps; nothing that is done here makes any, and a load worker could not write them. */
const NO_FOLDER = '/nonexistent';

/** What links of a worker have in common. */
export interface LinkParts {
  readonly playwright: typeof Playwright;
  readonly bridge: Bridge;
  readonly calls: ScriptCalls;
  readonly way: GuardedWay;
}

/** What lets handlers of a page name what is measured of it. */
interface Naming {
  readonly targetId: string;
  readonly handlers: unknown[];
  /** Names given to web vitals of documents, by their URLs: the last ones have theirs when no handler can be called any more. */
  readonly names: Map<string, string | null>;
}

export class BrowserLink implements Link {
  readonly vu: VirtualUser;
  readonly parts: LinkParts;
  readonly browser: Browser;
  readonly userAgent: string;
  readonly vitals: WebVitals;
  context: BrowserContext | null = null;
  shown: BrowserSource | null = null;
  readonly #running: RunningBrowser;
  readonly #transport: CdpTransport;
  readonly #network: NetworkSamples;
  readonly #sessions = new PageSessions();
  /** Of the pages that are open and have handlers of `page.on('metric')`. */
  readonly #naming = new Map<Page, Naming>();
  /** What is with handlers at the moment: measured, and not named yet. */
  readonly #unnamed = new Set<() => void>();
  #contextId: string | null = null;
  /** How many iterations have ended. */
  #era = 0;
  /** Pages whose events somebody listens to, with what lets the iteration end without them. */
  readonly #watched = new Map<Page, () => void>();
  /** The context before, on its way to its end. */
  #closing: Promise<void> = Promise.resolve();
  #isGone = false;

  private constructor(
    vu: VirtualUser,
    parts: LinkParts,
    running: RunningBrowser,
    transport: CdpTransport,
    browser: Browser,
    userAgent: string,
  ) {
    this.vu = vu;
    this.parts = parts;
    this.browser = browser;
    this.userAgent = userAgent;
    this.#running = running;
    this.#transport = transport;
    this.vitals = new WebVitals(vu, (page, url, take) => this.#emit(this.#naming.get(page), url, null, take));
    this.#network = new NetworkSamples(
      vu,
      (targetId, url, method, take) => this.#emit(this.#namingOf(targetId), url, method, take),
      parts.way,
    );
    transport.onEvent = (event) => {
      this.#sessions.hear(event);
      if (this.context === null) return;
      const page = this.#sessions.of(event.sessionId);
      if (page !== null && page.contextId === this.#contextId) this.#network.hear(event, page.targetId);
    };
    transport.onGone = () => {
      this.#isGone = true;
      this.context = null;
      running.end();
    };
  }

  /** @throws Error that says why there is no connection; the browser is ended then */
  static async open(vu: VirtualUser, parts: LinkParts, running: RunningBrowser): Promise<BrowserLink> {
    try {
      const transport = await CdpTransport.connect(running.endpoint, CONNECT_MS);
      // Its own name for the folder that Playwright would make is no part of its types.
      const options = { artifactsDir: NO_FOLDER, timeout: CONNECT_MS };
      const browser = await parts.playwright.chromium.connectOverCDP(transport, options);
      const { userAgent } = await transport.command('Browser.getVersion');
      return new BrowserLink(vu, parts, running, transport, browser, String(userAgent));
    } catch (error) {
      running.end();
      throw error;
    }
  }

  get calls(): ScriptCalls {
    return this.parts.calls;
  }

  get isConnected(): boolean {
    return !this.#isGone && this.browser.isConnected();
  }

  async newContext(options: BrowserContextOptions | undefined): Promise<BrowserContext> {
    if (this.context !== null) throw new Error('existing browser context must be closed before creating a new one');
    const era = this.#era;
    await this.#closing;
    const context = await this.browser.newContext({ ...options });
    if (era !== this.#era || this.context !== null) {
      await context.close();
      throw new Error(
        era === this.#era
          ? 'existing browser context must be closed before creating a new one'
          : 'the iteration that wanted a browser context is over',
      );
    }
    this.#contextId = contextIdOf(context);
    this.context = context;
    await Promise.all([
      context.exposeBinding(VITALS_BINDING, ({ page }, told: unknown) => this.vitals.take(page, told)),
      context.addInitScript({ content: vitalsScript() }),
    ]);
    context.on('page', (page) => {
      page.on('close', () => {
        this.vitals.finish(page);
        this.#naming.delete(page);
      });
    });
    // Calls that never come back – a page that does not give back control – must not keep an iteration that has failed.
    const forget = this.vu.onCutShort(() => this.endIteration());
    context.on('close', () => {
      forget();
      if (this.context === context) this.context = null;
    });
    return context;
  }

  async closePage(page: Page): Promise<void> {
    await this.vitals.settle(page);
    if (page.isClosed()) return;
    const targetId = targetIdOf(page);
    // Playwright waits for the answer to its own command, which may never come.
    const closed = new Promise<void>((resolve) => page.once('close', () => resolve()));
    await closeInTime({
      what: 'page',
      close: () => Promise.race([page.close(), closed]),
      again: () => this.#transport.command('Target.closeTarget', { targetId }),
    });
  }

  async closeContext(context: BrowserContext): Promise<void> {
    await Promise.all(context.pages().map((page) => this.vitals.settle(page)));
    // Closed already, or by whoever else can.
    if (context !== this.context) {
      await context.close();
      return;
    }
    const browserContextId = this.#contextId;
    const closed = Promise.withResolvers<void>();
    await closeInTime({
      what: 'context',
      close: () => Promise.race([context.close(), closed.promise]),
      again: async () => {
        await this.#transport.command('Target.disposeBrowserContext', { browserContextId });
        closed.resolve();
      },
    });
    if (this.context === context) this.context = null;
  }

  addMetricHandler(page: Page, fn: unknown): void {
    // None of its metrics is still to come.
    if (page.isClosed()) return;
    const naming = this.#naming.get(page);
    if (naming !== undefined) naming.handlers.push(fn);
    else this.#naming.set(page, { targetId: targetIdOf(page), handlers: [fn], names: new Map() });
  }

  watch(page: Page): void {
    if (this.#watched.has(page)) return;
    const release = this.vu.loop.watch();
    this.#watched.set(page, release);
    page.once('close', release);
  }

  /** The iteration is over: what it left open is closed beside what comes next. */
  endIteration(): void {
    this.#era++;
    for (const take of this.#unnamed) take();
    this.#unnamed.clear();
    // No handler can be called any more.
    for (const { handlers } of this.#naming.values()) handlers.length = 0;
    this.vitals.finishAll();
    this.#network.forget();
    const { context } = this;
    this.context = null;
    this.#naming.clear();
    for (const release of this.#watched.values()) release();
    this.#watched.clear();
    if (context !== null) this.#closing = this.#closeOrEnd(context);
  }

  /** Settled when what the iteration before left open is closed, or its browser ended. */
  get closing(): Promise<void> {
    return this.#closing;
  }

  /** Ends the browser. */
  close(): void {
    this.context = null;
    this.#isGone = true;
    this.#transport.close();
    this.#running.end();
  }

  /** A page that does not give back control holds up its context for ever: its browser goes with it. */
  async #closeOrEnd(context: BrowserContext): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), CLOSE_MS);
    });
    const outcome = await Promise.race([context.close().catch(() => 'failed'), patience]);
    clearTimeout(timer);
    if (outcome !== undefined) this.close();
  }

  #namingOf(targetId: string): Naming | undefined {
    for (const naming of this.#naming.values()) if (naming.targetId === targetId) return naming;
    return undefined;
  }

  /** Lets the handlers of a page name what was measured, where there are any. @param method null: a web vital */
  #emit(naming: Naming | undefined, url: string, method: string | null, take: (name: string | null) => void): void {
    if (naming === undefined || naming.handlers.length === 0) {
      take((method === null && naming?.names.get(url)) || null);
      return;
    }
    const { bridge, calls } = this.parts;
    const message = new MetricMessage(url, method);
    const show = (): unknown[] => [bridge.wrap('MetricMessage', message, this)];
    const finish = (): void => {
      if (method === null) naming.names.set(url, message.name);
      take(message.name);
    };
    this.#unnamed.add(finish);
    let left = naming.handlers.length;
    const done = (): void => {
      if (--left === 0 && this.#unnamed.delete(finish)) finish();
    };
    for (const fn of naming.handlers) calls.post(this.vu, fn, show, done, done);
  }
}
