// What stands in for a module of the web that cannot be had: a package of npm, or something built in.

/** Libraries of jslib.k6.io, by their names there. */
const JSLIB: Readonly<Record<string, string>> = {
  ajv: "npm install ajv, and import Ajv from 'ajv'",
  aws: "npm install aws4fetch, which signs requests of fetch(): import { AwsClient } from 'aws4fetch'",
  'crypto-js': "npm install crypto-js, or use 'k6/crypto' and the global crypto.subtle",
  expect: "npm install chai, and import { expect } from 'chai'",
  'form-urlencoded': 'use the global URLSearchParams',
  formdata: 'use the global FormData',
  functional: "npm install chai, and import { expect } from 'chai'",
  'http-instrumentation-tempo':
    'set a header traceparent of your own, as https://www.w3.org/TR/trace-context/ describes it, from crypto.getRandomValues()',
  'http-instrumentation-pyroscope': 'set the header baggage of your own in the params of requests',
  httpx: "use 'k6/http' with a function of your own that adds the address and the headers",
  jsonpath: "npm install jsonpath-plus, or response.json('path')",
  'k6-summary': 'leave handleSummary() out: the summary is shown without it, and --summary-export writes it as JSON',
  'k6-testing': "npm install chai, and import { expect } from 'chai'",
  'k6-utils':
    "use crypto.randomUUID() for uuidv4(); npm install @faker-js/faker for random items, numbers and texts (import faker from 'k6/x/faker' has them built in); response.html() for findBetween()",
  k6chaijs: "npm install chai, and import { expect } from 'chai'",
  'k6chaijs-contracts': 'npm install chai and ajv',
  lodash: "npm install lodash, and import _ from 'lodash'",
  papaparse: "npm install papaparse, and import Papa from 'papaparse'; or use 'k6/experimental/csv'",
  png: 'npm install pngjs',
  totp: "npm install otpauth, and import { TOTP } from 'otpauth'",
  url: 'use the globals URL and URLSearchParams',
  utils: 'use crypto.randomUUID() for uuidv4(); npm install @faker-js/faker for random items, numbers and texts',
};

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
