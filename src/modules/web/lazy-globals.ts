// Globals of the web that k6 does not have. Nothing of them is loaded before a script reaches for one.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Program } from '../../script/program.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { LazyGlobals } from '../../vu/lazy-globals.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

type WebGlobals = typeof import('./web-globals.ts');
type FetchGlobals = typeof import('./fetch-globals.ts');
type StreamClasses = typeof import('../k6-experimental-streams/stream-classes.ts');

/** Those that need the HTTP client: the others start without it. */
const OF_FETCH = ['fetch', 'Request', 'Response'] as const;
/** Those of `k6/experimental/streams`, which each virtual user has for itself. */
const OF_STREAMS = ['ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'ReadableStream', 'WritableStream'] as const;
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

/** The names that {@link lazyGlobalsOf} can offer, in the order of the alphabet. */
export const WEB_GLOBALS: readonly string[] = [...OF_FETCH, ...OF_STREAMS, ...OTHERS].sort();

const load = createRequire(import.meta.url);

function webGlobals(): WebGlobals {
  return load(fileURLToPath(new URL('./web-globals.ts', import.meta.url))) as WebGlobals;
}

function fetchGlobals(): FetchGlobals {
  return load(fileURLToPath(new URL('./fetch-globals.ts', import.meta.url))) as FetchGlobals;
}

function streamClasses(): StreamClasses {
  const file = new URL('../k6-experimental-streams/stream-classes.ts', import.meta.url);
  return load(fileURLToPath(file)) as StreamClasses;
}

const STREAM_NAMES: ReadonlySet<string> = new Set(OF_STREAMS);
const isOfFetch = (name: string): boolean => (OF_FETCH as readonly string[]).includes(name);

/** Code that may reach a name which does not stand in it. */
const REACHES_MORE = /\b(?:eval|Function)\s*\(/;

/**
 * The globals of a program: those that it or its packages speak of. What only a name that is computed leads to is not there, as in
 * k6, so that whoever looks for signs of a browser finds none.
 */
export function lazyGlobalsOf({ code, shared, requiresAtRunTime }: Mentioning): LazyGlobals {
  const texts = [code, shared?.code ?? ''];
  const isOpen = requiresAtRunTime === true || REACHES_MORE.test(code);
  return {
    names: isOpen ? WEB_GLOBALS : WEB_GLOBALS.filter((name) => texts.some((text) => speaksOf(text, name))),
    ofVu: STREAM_NAMES,
    get(environment: VuEnvironment, name: string) {
      if (isOfFetch(name)) return fetchGlobals().fetchGlobal(environment, name as (typeof OF_FETCH)[number]);
      if (STREAM_NAMES.has(name))
        return streamClasses().streamClassesOf(environment.realm.vu as VirtualUser).named[name];
      return webGlobals().webGlobal(environment, name as (typeof OTHERS)[number]);
    },
  };
}

type Mentioning = Pick<Program, 'code' | 'shared' | 'requiresAtRunTime'>;

/** Not as a text alone; `globalThis["URL"]` is compiled with these quotes. */
function speaksOf(text: string, name: string): boolean {
  // By searching first: libraries make texts of megabytes, through which an expression takes milliseconds for each name.
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = `${text[at - 1] ?? ''}${text[at + name.length] ?? ''}`;
    if (!/[\w$'"`]/.test(around)) return true;
    if (around === '""' && /g(?:, ?|\[)"$/.test(text.slice(Math.max(0, at - 4), at))) return true;
  }
  return false;
}

/** Loads, before a test begins, what the text of its script speaks of; what it reaches in another way is loaded when it does. */
export function prepareWebGlobals({ code }: Pick<Program, 'code'>): void {
  if (OF_FETCH.some((name) => speaksOf(code, name))) fetchGlobals();
  if (OTHERS.some((name) => speaksOf(code, name))) webGlobals();
}
