// The first failures of every code, whole: over every protocol, in the exported summary and as a person opens them in the report.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { startTarget, type Target } from '../../src/demo/target.ts';
import type { FailureSample } from '../../src/metrics/failure-sample.ts';
import { runCommand, Scratch } from '../end-to-end/command.ts';
import { until } from '../end-to-end/until.ts';
import { auditPage } from '../servers/audit-page.ts';
import { NO_BROWSER, openBrowser } from '../servers/open-browser.ts';
import { findFreePort } from '../servers/spawn-on-loopback.ts';

const HOSTILE = '</script><img src=x onerror="document.title=1"><!--\u202e $& {{x}}';
const SECRET = 'topsecret-12345';
const CREDENTIALS = [
  'bearer-of-ann-1',
  'cookie-of-ann-2',
  'password-of-ann-3',
  'key-of-ann-4',
  'metadata-of-ann-5',
  'set-by-server-6',
];

interface Failure {
  readonly protocol: string;
  readonly code: number;
  readonly count: number;
  readonly samples?: readonly FailureSample[];
}

const scratch = new Scratch();
/** Repeats what it was sent, as many services do in their errors. */
const echo = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    response.writeHead(500, { 'X-Hostile': encodeURIComponent(HOSTILE), 'Set-Cookie': 'sid=set-by-server-6; Path=/' });
    const said = JSON.stringify({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    if (request.url === '/binary') response.end(Buffer.from([0, 1, 2, 250, 65, 66]));
    // The secret stands across the place where bodies are cut.
    else if (request.url === '/long') response.end(`${'x'.repeat(4089)}${SECRET}`);
    else response.end(`${HOSTILE}\n${said}\n${SECRET}`);
  });
});
let target: Target;
let failures: readonly Failure[] = [];
let exported = '';
let report = '';
let browser: Browser | null = null;

const SCRIPT = `
  import http from 'k6/http';
  import grpc from 'k6/net/grpc';
  import ws from 'k6/ws';
  import dns from 'k6/x/dns';
  import secrets from 'k6/secrets';
  export const options = { vus: 2, iterations: 6, insecureSkipTLSVerify: false };
  const secret = await secrets.get('key');
  const client = new grpc.Client();
  const params = {
    headers: { Authorization: 'Bearer bearer-of-ann-1', 'X-Secret': 'it is ' + secret },
    cookies: { sid: 'cookie-of-ann-2' },
  };
  export default async function () {
    const { ECHO, SHOP, TLS, GRPC, WS, CLOSED } = __ENV;
    http.post(ECHO + '/?api_key=key-of-ann-4', JSON.stringify({ user: 'ann', password: 'password-of-ann-3', secret }), params);
    http.get(ECHO + '/binary');
    http.get(ECHO + '/long');
    http.get(SHOP + '/menu?misbehave=reset');
    http.get(TLS + '/menu');
    http.get('http://127.0.0.1:' + CLOSED + '/');
    http.get(SHOP + '/menu');
    client.connect(GRPC, { plaintext: true, reflect: true });
    client.invoke('shop.Counter/Find', { id: 7 }, { metadata: { 'x-misbehave': 'status=14', token: 'metadata-of-ann-5', 'x-data-bin': new Uint8Array([1, 2, 3]) } });
    client.invoke('shop.Statuses/Ok', {});
    ws.connect(SHOP.replace('http', 'ws') + '/nothing', {}, () => {});
    try { await dns.resolve('shop.test', 'A', '127.0.0.1:' + CLOSED); } catch {}
  }`;

describe('a failing exchange', () => {
  before(async () => {
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    target = await startTarget();
    const { http: shop, https, grpc } = target.addresses;
    const env = {
      ECHO: `http://127.0.0.1:${(echo.address() as AddressInfo).port}`,
      SHOP: shop,
      TLS: https,
      GRPC: grpc,
      CLOSED: String(await findFreePort()),
    };
    const file = scratch.write('failing.js', SCRIPT);
    const words = [
      'run',
      '--quiet',
      '--workers',
      '2',
      '--secret-source',
      `mock=key=${SECRET}`,
      '--failure-samples',
      '2',
    ];
    const { exit, stderr } = await runCommand(
      [...words, '--summary-export', 'summary.json', '--report', 'report.html', file],
      {
        cwd: scratch.folder,
        env,
      },
    );
    assert.equal(exit, 0, stderr);
    exported = readFileSync(`${scratch.folder}/summary.json`, 'utf8');
    report = `${scratch.folder}/report.html`;
    ({ failures } = JSON.parse(exported));
  });

  after(async () => {
    await browser?.close();
    echo.closeAllConnections();
    echo.close();
    await target?.close();
    scratch.remove();
  });

  /** The first of them that is as wanted. */
  function sampleOf(
    protocol: string,
    code: number,
    wanted: (sample: FailureSample) => boolean = () => true,
  ): FailureSample {
    const failure = failures.find((one) => one.protocol === protocol && one.code === code);
    const sample = failure?.samples?.find(wanted);
    assert.ok(
      sample !== undefined,
      `${protocol} ${code} of ${failures.map((one) => `${one.protocol} ${one.code}`).join(', ')}`,
    );
    return sample;
  }

  test('of each code as many are kept as were asked for, over all workers', () => {
    assert.ok(failures.length >= 7);
    for (const { protocol, code, samples } of failures) assert.equal(samples?.length, 2, `${protocol} ${code}`);
  });

  test('a request and its answer, with heads, bodies, times and who asked', () => {
    const { request, response, timings, vu, iteration, scenario, remote, target: asked } = sampleOf('http', 1500);
    assert.match(request!.start, /^POST http:\/\/127\.0\.0\.1:\d+\/\?api_key=\*\*\*$/);
    assert.deepEqual(JSON.parse(request!.body!.text), { user: 'ann', password: '***', secret: '***' });
    assert.equal(response!.start, 'HTTP/1.1 500 Internal Server Error');
    assert.ok(response!.body!.text.startsWith(HOSTILE));
    assert.ok(timings.some(([part, ms]) => part === 'waiting' && ms > 0));
    assert.deepEqual([scenario, typeof vu, typeof iteration], ['default', 'number', 'number']);
    assert.match(remote, /^127\.0\.0\.1:\d+$/);
    assert.match(asked, /^http:\/\/127\.0\.0\.1:\d+\//);
  });

  test('failures without an answer say why: a reset, TLS, a closed port', () => {
    for (const [code, reason] of [
      [1220, /reset by peer/],
      [1310, /certificate/],
      [1212, /connection refused/],
    ] as const) {
      const { request, response, text } = sampleOf('http', code);
      assert.match(text, reason);
      assert.equal(response, null);
      assert.match(request!.start, /^GET https?:\/\/127\.0\.0\.1/);
    }
  });

  test('a gRPC call with its metadata, message and status; a WebSocket that was refused; a name that was not found', () => {
    const call = sampleOf('grpc', 1814);
    assert.match(call.request!.start, /^\/shop\.Counter\/Find on 127\.0\.0\.1:\d+$/);
    assert.deepEqual(JSON.parse(call.request!.body!.text), { id: '7' });
    assert.deepEqual(Object.fromEntries(call.request!.headers), {
      'x-misbehave': 'status=14',
      token: '***',
      'x-data-bin': 'AQID',
    });
    assert.match(call.response!.start, /^status 14 UNAVAILABLE: /);
    const { protocol, samples } = failures.find((one) => one.protocol === 'websocket')!;
    assert.equal(protocol, 'websocket');
    assert.match(samples![0]!.response!.start, /^HTTP\/1\.1 404 /);
    const lookup = failures.find((one) => one.protocol === 'dns')!;
    assert.ok(lookup.samples![0]!.text !== '');
  });

  test('nothing of what succeeded is kept, and no credential or secret is anywhere', () => {
    const all = failures.flatMap(({ samples = [] }) => samples);
    assert.ok(!all.some(({ request }) => request?.start.endsWith('/menu') && /^GET http:/.test(request.start)));
    assert.ok(!all.some(({ request }) => request?.start.includes('Statuses/Ok')));
    const texts = [JSON.stringify(all), decodeReport()];
    for (const text of texts) {
      for (const credential of [...CREDENTIALS.filter((one) => one !== 'key-of-ann-4'), SECRET, SECRET.slice(0, 7)])
        assert.ok(!text.includes(credential), credential);
    }
    assert.ok(!JSON.stringify(all).includes('key-of-ann-4'));
  });

  test('--failure-samples 0 keeps none, and what is no number is refused', async () => {
    const file = scratch.write(
      'none.js',
      `import http from 'k6/http'; export default () => { http.get('http://127.0.0.1:1/'); };`,
    );
    const options = { cwd: scratch.folder };
    const { exit } = await runCommand(
      ['run', '--quiet', '--failure-samples', '0', '--summary-export', 'none.json', file],
      options,
    );
    assert.equal(exit, 0);
    const summary = JSON.parse(readFileSync(`${scratch.folder}/none.json`, 'utf8'));
    assert.equal(summary.failures[0].code, 1212);
    assert.equal(summary.failures[0].samples, undefined);
    const refused = await runCommand(['run', '--failure-samples', '99', file], options);
    assert.equal(refused.exit, 104);
    assert.match(refused.stderr, /failureSamples must be 0 to 50, but is 99/);
  });

  /** All that the report holds, as its page gets it. */
  function decodeReport(): string {
    const html = readFileSync(report, 'utf8');
    const [, packed = ''] = /id="run">([^<]*)</.exec(html) ?? [];
    return inflateRawSync(Buffer.from(packed, 'base64')).toString('latin1');
  }

  test('the report shows them as text, in both themes and on a telephone', { skip: NO_BROWSER }, async () => {
    browser = await openBrowser();
    const page: Page = await browser.newPage({ viewport: { width: 1360, height: 900 }, colorScheme: 'light' });
    const messages: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => void messages.push(message.text()));
    page.on('pageerror', (error) => void messages.push(error.message));
    page.on('request', (request) => void (request.url().startsWith('data:') || requests.push(request.url())));
    await page.goto(pathToFileURL(report).href);
    const card = page.locator('#code-1500');
    const first = card.locator('details').first();
    await first.locator('summary').click();
    const shown = await first.getByRole('region', { name: 'Response' }).textContent();
    assert.ok(shown?.includes(HOSTILE), shown ?? '');
    assert.match(
      (await first.getByRole('region', { name: 'Request' }).textContent()) ?? '',
      /Authorization: Bearer \*\*\*/,
    );
    assert.equal(await page.title().then((title) => title === '1'), false);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      assert.deepEqual(await auditPage(page), [], scheme);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    await until(async () => (await page.evaluate('document.documentElement.scrollWidth')) === 390, 'it is no wider');
    assert.deepEqual([messages, requests.length], [[], 1]);
  });
});
