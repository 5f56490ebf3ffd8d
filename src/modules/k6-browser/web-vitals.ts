// Google's web vitals of each page (https://web.dev/articles/vitals), measured in the page by Google's own library.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { maskCredentials } from '../../addresses/credentials.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

/** What the page calls to tell of a value. */
export const VITALS_BINDING = '__sixfoldWebVital';

const METRICS = {
  TTFB: 'browser_web_vital_ttfb',
  FCP: 'browser_web_vital_fcp',
  LCP: 'browser_web_vital_lcp',
  INP: 'browser_web_vital_inp',
  CLS: 'browser_web_vital_cls',
} as const;

type VitalName = keyof typeof METRICS;

/** They have their value at once; the others grow until the page is left. */
const FINAL: readonly string[] = ['TTFB', 'FCP'];

interface Vital {
  readonly id: string;
  readonly name: VitalName;
  readonly value: number;
  readonly rating: string;
  readonly url: string;
}

let script: string | null = null;

/** @returns what each document runs before its own scripts: it reports every change, for nobody knows when a script closes its page */
export function vitalsScript(): string {
  if (script !== null) return script;
  const entry = createRequire(import.meta.url).resolve('web-vitals');
  const library = readFileSync(path.join(path.dirname(entry), 'web-vitals.iife.js'), 'utf8').replace(/^\/\/#.*$/m, '');
  script = `(() => {
    if (window !== window.top || location.protocol === 'about:') return;
    const report = window.${VITALS_BINDING};
    if (typeof report !== 'function') return;
    ${library}
    const url = location.href;
    const tell = ({ id, name, value, rating }) => { report({ id, name, value, rating, url }).catch(() => {}); };
    for (const observe of ['onTTFB', 'onFCP', 'onLCP', 'onCLS', 'onINP']) webVitals[observe](tell, { reportAllChanges: true });
  })();`;
  return script;
}

/** Waits in the page until what it has drawn is measured, or for as long as a person would not notice. */
const SETTLED = `new Promise((resolve) => {
  setTimeout(resolve, 200);
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)));
})`;
/** A page that does not give back control is closed all the same. */
const PATIENCE_MS = 1000;

type Emit = (page: Page, url: string, take: (name: string | null) => void) => void;

export class WebVitals {
  readonly #vu: VirtualUser;
  readonly #emit: Emit;
  /** Values that may still grow, with the tags that they were measured under. */
  readonly #growing = new Map<Page, Map<VitalName, { readonly vital: Vital; readonly tags: TagSet }>>();

  constructor(vu: VirtualUser, emit: Emit) {
    this.#vu = vu;
    this.#emit = emit;
  }

  /** Takes what a page tells. */
  take(page: Page, told: unknown): void {
    const vital = readVital(told);
    if (vital === null) return;
    const { tags } = this.#vu;
    if (FINAL.includes(vital.name)) {
      this.#add(page, vital, tags);
      return;
    }
    let ofPage = this.#growing.get(page);
    if (ofPage === undefined) this.#growing.set(page, (ofPage = new Map()));
    const before = ofPage.get(vital.name);
    if (before !== undefined && before.vital.id !== vital.id) this.#add(page, before.vital, before.tags);
    ofPage.set(vital.name, { vital, tags });
  }

  /** Gives the page the moment that it needs to measure what it has drawn, before it is closed. */
  async settle(page: Page): Promise<void> {
    if (page.isClosed()) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([page.evaluate(SETTLED).catch(() => {}), patience]);
    clearTimeout(timer);
    this.finish(page);
  }

  /** The page is left: its values are final. */
  finish(page: Page): void {
    const ofPage = this.#growing.get(page);
    this.#growing.delete(page);
    for (const { vital, tags } of ofPage?.values() ?? []) this.#add(page, vital, tags);
  }

  finishAll(): void {
    for (const page of [...this.#growing.keys()]) this.finish(page);
  }

  #add(page: Page, { name, value, rating, url }: Vital, base: TagSet): void {
    const { environment } = this.#vu;
    const time = environment.now();
    this.#emit(page, url, (named) => {
      const { samples, metrics, options } = environment;
      let tags = base.with('rating', rating);
      for (const tag of ['url', 'name']) if (options.systemTags.includes(tag)) tags = tags.with(tag, named ?? url);
      samples.add(metrics[METRICS[name]], tags, value, time);
    });
  }
}

/** A page may say anything. */
function readVital(told: unknown): Vital | null {
  const { id, name, value, rating, url } = (told ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || typeof name !== 'string' || !Object.hasOwn(METRICS, name)) return null;
  if (typeof value !== 'number' || !Number.isFinite(value) || typeof url !== 'string') return null;
  if (rating !== 'good' && rating !== 'needs-improvement' && rating !== 'poor') return null;
  return { id, name: name as VitalName, value, rating, url: maskCredentials(url) };
}
