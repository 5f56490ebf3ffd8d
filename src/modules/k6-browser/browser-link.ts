// One connection to one browser, for one virtual user: its context, and what is measured in it.

import type * as Playwright from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { RunningBrowser } from '../../vu/browsers.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Bridge } from './bridge.ts';
import { CdpTransport } from './cdp-transport.ts';
import type { GuardedWay } from './guarded-way.ts';
import type { BrowserSource, Link } from './link.ts';
import { MetricMessage } from './metric-message.ts';
import { NetworkSamples } from './network-samples.ts';
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
  /** Handlers of `page.on('metric')`, of the pages that are open. */
  readonly #metricHandlers = new Map<Page, unknown[]>();
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
    this.vitals = new WebVitals(vu, (url, take) => this.#emit(url, null, take));
    this.#network = new NetworkSamples(vu, (url, method, take) => this.#emit(url, method, take), parts.way);
    transport.onEvent = (event) => {
      if (this.context !== null) this.#network.hear(event);
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
    await this.#closing;
    const context = await this.browser.newContext({ ...options });
    if (this.context !== null) {
      await context.close();
      throw new Error('existing browser context must be closed before creating a new one');
    }
    this.context = context;
    await Promise.all([
      context.exposeBinding(VITALS_BINDING, ({ page }, told: unknown) => this.vitals.take(page, told)),
      context.addInitScript({ content: vitalsScript() }),
    ]);
    context.on('page', (page) => {
      page.on('close', () => {
        this.vitals.finish(page);
        this.#metricHandlers.delete(page);
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
    await page.close();
  }

  async closeContext(context: BrowserContext): Promise<void> {
    await Promise.all(context.pages().map((page) => this.vitals.settle(page)));
    await context.close();
    if (this.context === context) this.context = null;
  }

  addMetricHandler(page: Page, fn: unknown): void {
    const handlers = this.#metricHandlers.get(page);
    if (handlers === undefined) this.#metricHandlers.set(page, [fn]);
    else handlers.push(fn);
  }

  watch(page: Page): void {
    if (this.#watched.has(page)) return;
    const release = this.vu.loop.watch();
    this.#watched.set(page, release);
    page.once('close', release);
  }

  /** The iteration is over: what it left open is closed beside what comes next. */
  endIteration(): void {
    this.vitals.finishAll();
    this.#network.forget();
    const { context } = this;
    this.context = null;
    this.#metricHandlers.clear();
    for (const release of this.#watched.values()) release();
    this.#watched.clear();
    if (context !== null) this.#closing = this.#closeOrEnd(context);
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

  /** Lets the handlers of the pages name what was measured, where there are any. */
  #emit(url: string, method: string | null, take: (name: string | null) => void): void {
    const handlers = [...this.#metricHandlers.values()].flat();
    if (handlers.length === 0) {
      take(null);
      return;
    }
    const { bridge, calls } = this.parts;
    const message = new MetricMessage(url, method);
    const show = (): unknown[] => [bridge.wrap('MetricMessage', message, this)];
    let left = handlers.length;
    const done = (): void => {
      if (--left === 0) take(message.name);
    };
    for (const fn of handlers) calls.post(this.vu, fn, show, done, done);
  }
}
