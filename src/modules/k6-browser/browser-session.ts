// The browsers of one virtual user: the one that its scenario gives it, and those that its script connects to.
import { optionsOfStart, type RunningBrowser } from '../../vu/browsers.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { BrowserLink, type LinkParts } from './browser-link.ts';
import type { BrowserSource } from './link.ts';

/** k6's own words. */
const NO_BROWSER =
  'browser not found in registry. make sure to set browser type option in scenario definition in order to use the browser module';

export class BrowserSession implements BrowserSource {
  readonly #vu: VirtualUser;
  readonly #parts: LinkParts;
  #own: Promise<BrowserLink> | null = null;
  #ownNow: BrowserLink | null = null;
  readonly #connected = new Set<BrowserLink>();
  #isDisposed = false;
  /** How many iterations have ended. */
  #era = 0;

  constructor(vu: VirtualUser, parts: LinkParts) {
    this.#vu = vu;
    this.#parts = parts;
    vu.onIterationEnd(() => this.#endIteration());
    vu.onDispose(() => this.#dispose());
  }

  /** The scenario's browser, if it is there at the moment. */
  get current(): BrowserLink | null {
    return this.#ownNow?.isConnected ? this.#ownNow : null;
  }

  /**
   * The scenario's browser: the virtual user keeps it from one iteration to the next. One that is gone is followed by another.
   * @throws Error where there is none
   */
  async own(): Promise<BrowserLink> {
    this.#vu.forbidInit('using a browser');
    if (this.#vu.scenario?.hasBrowser !== true) throw new Error(NO_BROWSER);
    const era = this.#era;
    const before = this.#ownNow;
    // What the iteration before has left may take its browser with it.
    if (before !== null) await before.closing;
    if (before !== null && before === this.#ownNow && !before.isConnected) {
      this.#own = null;
      this.#ownNow = null;
    }
    this.#own ??= this.#start();
    const link = await this.#own;
    if (era !== this.#era) throw new Error('the iteration that wanted a browser is over');
    return link;
  }

  /** @throws Error: it is not the script's to close */
  close(): never {
    throw new Error('the browser of a scenario cannot be closed by its script: close its context, or its pages');
  }

  /** Another browser, which runs already. */
  async connect(endpoint: string): Promise<BrowserLink> {
    this.#vu.forbidInit('using a browser');
    const unheeded = optionsOfStart(this.#vu.environment.options);
    if (unheeded.length > 0)
      throw new Error(
        `${unheeded.join(', ')} cannot hold for a browser that runs already: connectOverCDP() is refused`,
      );
    const running: RunningBrowser = { endpoint, end: () => {} };
    const link = await BrowserLink.open(this.#vu, this.#parts, running);
    if (this.#isDisposed) link.close();
    this.#connected.add(link);
    return link;
  }

  /** Lets go of a browser that the script has connected to. */
  disconnect(link: BrowserLink): void {
    if (this.#connected.delete(link)) link.close();
  }

  async #start(): Promise<BrowserLink> {
    const { programs, options, network } = this.#vu.environment;
    try {
      // Only where something must not be reached: otherwise the browser is as near to the network as that of a user.
      const proxyPort = network.isGuarded ? await this.#parts.way.port() : null;
      const running = await programs.browsers.start({ hosts: options.hosts, proxyPort });
      const link = await BrowserLink.open(this.#vu, this.#parts, running);
      if (this.#isDisposed) link.close();
      link.shown = this;
      this.#ownNow = link;
      return link;
    } catch (error) {
      // The next one to ask tries again.
      this.#own = null;
      throw error;
    }
  }

  #endIteration(): void {
    this.#era++;
    this.#ownNow?.endIteration();
    for (const link of this.#connected) {
      link.endIteration();
      link.close();
    }
    this.#connected.clear();
  }

  #dispose(): void {
    this.#isDisposed = true;
    this.#endIteration();
    this.#ownNow?.close();
    this.#ownNow = null;
  }
}
