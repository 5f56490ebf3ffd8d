// One connection to one browser, as the members of its objects see it.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { ScriptCalls } from './script-calls.ts';

export interface Link {
  readonly vu: VirtualUser;
  readonly calls: ScriptCalls;
  readonly browser: Browser;
  readonly userAgent: string;
  /** Whether the browser is there. */
  readonly isConnected: boolean;
  /** The one context that there may be at a time. */
  readonly context: BrowserContext | null;
  /** What stands behind the script's `Browser`. */
  readonly shown: BrowserSource | null;
  /** @throws Error where there is a context already */
  newContext(options: BrowserContextOptions | undefined): Promise<BrowserContext>;
  /** Closes a page once what it has drawn is measured. */
  closePage(page: Page): Promise<void>;
  /** Closes a context once what its pages have drawn is measured. */
  closeContext(context: BrowserContext): Promise<void>;
  /** Events of a page may settle what the script waits for. */
  watch(page: Page): void;
  /** Has a function of the script name what is measured of a page. */
  addMetricHandler(page: Page, fn: unknown): void;
}

/** What stands behind a `Browser` of a script: a link that there is, or one that is to be made. */
export interface BrowserSource {
  /** Null: it is not there at the moment. */
  readonly current: Link | null;
  own(): Promise<Link>;
  close(): Promise<void> | void;
}
