// Globals of the web that k6 does not have. Nothing of them is loaded before a script reaches for one.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Program } from '../../script/program.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { LazyGlobals } from '../../vu/lazy-globals.ts';

type WebGlobals = typeof import('./web-globals.ts');
type FetchGlobals = typeof import('./fetch-globals.ts');

/** Those that need the HTTP client: the others start without it. */
const OF_FETCH = ['fetch', 'Request', 'Response'] as const;
const OTHERS = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'CustomEvent',
  'DOMException',
  'Event',
  'EventTarget',
  'File',
  'FormData',
  'Headers',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'queueMicrotask',
  'structuredClone',
] as const;

/** The names that {@link lazyGlobals} offers, in the order of the alphabet. */
export const WEB_GLOBALS: readonly string[] = [...OF_FETCH, ...OTHERS].sort();

const load = createRequire(import.meta.url);

function webGlobals(): WebGlobals {
  return load(fileURLToPath(new URL('./web-globals.ts', import.meta.url))) as WebGlobals;
}

function fetchGlobals(): FetchGlobals {
  return load(fileURLToPath(new URL('./fetch-globals.ts', import.meta.url))) as FetchGlobals;
}

const isOfFetch = (name: string): boolean => (OF_FETCH as readonly string[]).includes(name);

export const lazyGlobals: LazyGlobals = {
  names: WEB_GLOBALS,
  get: (environment: VuEnvironment, name: string) =>
    isOfFetch(name)
      ? fetchGlobals().fetchGlobal(environment, name as (typeof OF_FETCH)[number])
      : webGlobals().webGlobal(environment, name as (typeof OTHERS)[number]),
};

/** Loads, before a test begins, what the text of its script speaks of; what it reaches in another way is loaded when it does. */
export function prepareWebGlobals({ code }: Pick<Program, 'code'>): void {
  if (OF_FETCH.some((name) => mentions(code, name))) fetchGlobals();
  if (OTHERS.some((name) => mentions(code, name))) webGlobals();
}

/** Compiled code writes a free name as `$$g.NAME` or `$$g["NAME"]`. */
function mentions(code: string, name: string): boolean {
  return code.includes(`$$g.${name}`) || code.includes(`$$g["${name}"]`);
}
