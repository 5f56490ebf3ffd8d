// What stands in for a module of the web that cannot be had: a package of npm, or something built in.

/** Libraries of jslib.k6.io, by their names there. Those of `sixfold/jslib/…` take the same calls. */
const JSLIB: Readonly<Record<string, string>> = {
  ajv: "npm install ajv, and import Ajv from 'ajv'",
  aws: "npm install the client of the service, as in @aws-sdk/client-s3, whose requests are measured like those of k6/http; or aws4fetch, which signs requests of fetch(): import { AwsClient } from 'aws4fetch'",
  'crypto-js': "npm install crypto-js, or use 'k6/crypto' and the global crypto.subtle",
  expect:
    "import { expect } from 'sixfold/jslib/k6-testing', or npm install chai and import { describe, expect } from 'sixfold/jslib/k6chaijs'",
  'form-urlencoded': 'use the global URLSearchParams',
  formdata: 'use the global FormData, which http.post() takes as its body',
  functional: "npm install chai, and import { describe, expect } from 'sixfold/jslib/k6chaijs'",
  'http-instrumentation-tempo':
    "import tempo from 'sixfold/jslib/http-instrumentation-tempo', or leave it out and run with --tracing propagator=w3c",
  'http-instrumentation-pyroscope': "import pyroscope from 'sixfold/jslib/http-instrumentation-pyroscope'",
  httpx: "import { Httpx } from 'sixfold/jslib/httpx'",
  jsonpath: "npm install jsonpath-plus, or response.json('path')",
  'k6-summary': "import { textSummary, jUnit } from 'sixfold/jslib/k6-summary'",
  'k6-testing': "import { expect } from 'sixfold/jslib/k6-testing'",
  'k6-utils': "import { uuidv4, randomItem … } from 'sixfold/jslib/utils'",
  k6chaijs: "npm install chai, and import { describe, expect } from 'sixfold/jslib/k6chaijs'",
  'k6chaijs-contracts': "npm install ajv and chai, and import { describe, expect } from 'sixfold/jslib/k6chaijs'",
  lodash: "npm install lodash, and import _ from 'lodash'",
  papaparse: "npm install papaparse, and import Papa from 'papaparse'; or use 'k6/experimental/csv'",
  testing: "import { expect } from 'sixfold/jslib/k6-testing'",
  totp: "npm install otpauth, and import { TOTP } from 'otpauth'",
  url: 'use the globals URL and URLSearchParams',
  utils: "import { uuidv4, randomItem … } from 'sixfold/jslib/utils'",
};

/** The libraries of jslib.k6.io for which there is a counterpart. */
export const JSLIB_NAMES: readonly string[] = Object.keys(JSLIB);

/** Servers that hand out packages of npm: what of the path is the name. */
const NPM_SERVERS: readonly (readonly [host: RegExp, path: RegExp])[] = [
  [
    /^(?:unpkg\.com|esm\.sh|cdn\.skypack\.dev|esm\.run|ga\.jspm\.io|www\.unpkg\.com)$/,
    /^\/(?:npm:|v\d+\/|pin\/)?((?:@[\w.-]+\/)?[\w.-]+)/,
  ],
  [/^cdn\.jsdelivr\.net$/, /^\/npm\/((?:@[\w.-]+\/)?[\w.-]+)/],
  [/^cdnjs\.cloudflare\.com$/, /^\/ajax\/libs\/([\w.-]+)/],
];

/**
 * @param address of a module
 * @returns what to do instead of importing it, as a sentence without its end; null where nothing is known
 */
export function findCounterpart(address: string): string | null {
  const { hostname, pathname } = new URL(address);
  if (hostname === 'jslib.k6.io') {
    const name = /^\/([\w.-]+)\//.exec(pathname)?.[1] ?? '';
    return Object.hasOwn(JSLIB, name) ? JSLIB[name]! : null;
  }
  for (const [host, path] of NPM_SERVERS) {
    const name = host.test(hostname) ? path.exec(pathname)?.[1] : undefined;
    if (name !== undefined) return `npm install ${name}, and import it from '${name}'`;
  }
  return null;
}
