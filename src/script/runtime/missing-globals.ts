// Globals of browsers and of Node that scripts reach for and that k6 does not have: which way leads there instead.

const WAYS: Readonly<Record<string, string>> = {
  XMLHttpRequest: "use fetch(), or http.get() of 'k6/http'",
  axios: "use 'k6/http'",
  Buffer: "use 'k6/encoding' for Base64, Uint8Array and TextEncoder for bytes",
  process: 'environment variables are in __ENV; a test ends with test.abort() of k6/execution',
  performance: 'use Date.now()',
  window: 'a script does not run in a browser; globals of its own are on globalThis',
  document: "a script does not run in a browser: parseHTML() of 'k6/html' reads a page",
  localStorage:
    'a variable of the module lasts as long as its virtual user, SharedArray of k6/data shares data among all',
  sessionStorage: 'a variable of the module lasts as long as its virtual user',
  navigator: 'a script does not run in a browser; the option userAgent sets the header',
  location: 'a script does not run in a browser; a response has its address in url',
  alert: 'use console.log()',
  __dirname: "import.meta.resolve('./file') and open('./file') are relative to the script",
  __filename: "import.meta.resolve('./file') gives the address of a file beside the script",
  setImmediate: 'use setTimeout(f, 0)',
  http: "import http from 'k6/http'",
  check: "import { check } from 'k6'",
  sleep: "import { sleep } from 'k6'",
  group: "import { group } from 'k6'",
  fail: "import { fail } from 'k6'",
  exec: "import exec from 'k6/execution'",
  Counter: "import { Counter } from 'k6/metrics'",
  Gauge: "import { Gauge } from 'k6/metrics'",
  Rate: "import { Rate } from 'k6/metrics'",
  Trend: "import { Trend } from 'k6/metrics'",
  SharedArray: "import { SharedArray } from 'k6/data'",
  __ITER: 'iterations have a number in the default function only, not in init code or setup()',
};

/** The import that brings a name of k6's modules: `import { check } from 'k6'`; undefined for other names. */
export function importOf(name: string): string | undefined {
  const way = Object.hasOwn(WAYS, name) ? WAYS[name] : undefined;
  return way?.startsWith('import ') ? way : undefined;
}

/**
 * @param name of the error
 * @param message as the engine says it
 * @returns ` (…)` with the way there, or nothing
 */
export function adviseOnMissingGlobal(name: string, message: string): string {
  if (name !== 'ReferenceError') return '';
  const missing = /^([\w$]+) is not defined$/.exec(message)?.[1];
  return missing !== undefined && Object.hasOwn(WAYS, missing) ? ` (${WAYS[missing]})` : '';
}
