// The live page as browsers have it: somebody who was there, somebody who came late, one whose connection was cut.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import { ROOT } from '../../scripts/root.ts';
import { until } from '../end-to-end/until.ts';
import { NO_BROWSER, openBrowser } from '../servers/open-browser.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-live-'));
const target = createServer((request, response) => {
  response.statusCode = request.url === '/bad' ? 503 : 200;
  response.end('x');
});
await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
const { port } = target.address() as AddressInfo;
const script = path.join(folder, 'live.js');
writeFileSync(
  script,
  `import http from 'k6/http';
export const options = { scenarios: { loop: { executor: 'externally-controlled', vus: 2, maxVUs: 4, duration: '5m' } } };
export default function () {
  http.get('http://127.0.0.1:${port}/good');
  http.get('http://127.0.0.1:${port}/bad');
}`,
);

after(() => {
  target.close();
  target.closeAllConnections();
  rmSync(folder, { recursive: true });
});

interface LiveRun {
  readonly link: string;
  readonly exited: Promise<number | null>;
  kill(): void;
}

async function startRun(): Promise<LiveRun> {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'src/cli/main.ts'), 'run', '--quiet', '--rps', '200', '--web', '127.0.0.1:0', script],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, SIXFOLD_HISTORY: path.join(folder, 'runs.db') } },
  );
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const link = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.on('exit', () => reject(new Error(text)));
  });
  return { link, exited, kill: () => void child.kill('SIGKILL') };
}

/** A way to a server that can be cut. */
async function openWay(to: number): Promise<{ readonly port: number; cut(): void; close(): void }> {
  const sockets = new Set<Socket>();
  const way = createTcpServer((socket) => {
    const further = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [socket, further],
      [further, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => void sockets.delete(one));
    }
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (way.address() as AddressInfo).port,
    cut,
    close: () => {
      way.close();
      cut();
    },
  };
}

async function look(browser: Browser, link: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(link);
  await page.getByText('Running.').waitFor();
  return page;
}

test('the page needs its token for orders, and nobody else’s page or host gets anything', async () => {
  const run = await startRun();
  try {
    const { origin, hash } = new URL(run.link);
    const order = (headers: Record<string, string>, body = '{"action":"pause"}') =>
      fetch(`${origin}/api/control`, { method: 'POST', headers, body });
    const token = hash.replace('#token=', '');
    assert.equal((await order({})).status, 401);
    assert.equal((await order({ authorization: 'Bearer wrong' })).status, 401);
    assert.equal((await order({ authorization: `Bearer ${token}`, origin: 'http://evil.example' })).status, 403);
    assert.equal((await order({ authorization: `Bearer ${token}` }, '{"action":"explode"}')).status, 400);
    assert.equal((await order({ authorization: `Bearer ${token}` }, '{"action":"scale","vus":9}')).status, 400);
    assert.equal((await fetch(`${origin}/api/run`, { headers: { origin: 'http://evil.example' } })).status, 403);
    const record = (await (await fetch(`${origin}/api/run`)).json()) as { format: number; isScalable: boolean };
    assert.deepEqual([record.format, record.isScalable], [1, true]);
    const kept = (await (await fetch(`${origin}/api/runs`)).json()) as { name: string; state: string }[];
    assert.deepEqual(
      kept.map(({ name, state }) => [name, state]),
      [['live.js', 'running']],
    );
    assert.match(await (await fetch(`${origin}/`)).text(), /<meta name="history" content="runs">/);
    assert.match(await (await fetch(`${origin}/runs`)).text(), /^<!doctype html>/);
    const report = await (await fetch(`${origin}/report.html`)).text();
    assert.doesNotMatch(report, /<meta name="history"/);
    assert.match(report, /<script type="text\/plain" id="run">[\w+/=]+<\/script>/);
  } finally {
    run.kill();
  }
});

test('who was there, who came late and who was cut off end with the same page; Pause and Stop work', {
  skip: NO_BROWSER,
}, async () => {
  const run = await startRun();
  const browser = await openBrowser();
  let way: Awaited<ReturnType<typeof openWay>> | null = null;
  try {
    const first = await look(browser, run.link);
    await first.getByRole('button', { name: 'Pause' }).click();
    await first.getByText('Paused.').waitFor();
    await first.getByRole('button', { name: 'Resume' }).click();
    await first.getByText('Running.').waitFor();
    const link = new URL(run.link);
    way = await openWay(Number(link.port));
    link.port = String(way.port);
    const cut = await look(browser, link.href);
    way.cut();
    await cut.getByText('The server does not answer').waitFor();
    const late = await look(browser, run.link);
    await cut.getByText('The server does not answer').waitFor({ state: 'hidden' });
    await late.getByText('HTTP 503 Service Unavailable').first().waitFor();
    // Somebody whose page came, but nothing after it, and an order that gets lost.
    const refuse = (route: Route): Promise<void> => route.abort('connectionrefused');
    const mute = await browser.newPage();
    await mute.route('**/api/**', refuse);
    await mute.goto(run.link);
    await mute.getByText('The server does not answer: it has ended with its run, or the connection is cut.').waitFor();
    await mute.unrouteAll();
    await mute.getByText('Running.').waitFor();
    await mute.route('**/api/control', refuse);
    await mute.getByRole('button', { name: 'Pause' }).click();
    await mute.getByRole('alert').filter({ hasText: 'The server does not answer' }).waitFor();
    await mute.close();
    const reader = await look(browser, run.link);
    await reader.getByRole('link', { name: 'All about 1503' }).click();
    await reader.getByRole('heading', { level: 1 }).filter({ hasText: '503' }).waitFor();
    await reader.goto(new URL('/', run.link).href);
    await reader.getByRole('link', { name: 'All runs' }).click();
    await reader.getByRole('heading', { name: /Runs/ }).waitFor();
    await reader.close();
    first.on('dialog', (dialog) => void dialog.accept());
    await first.getByRole('button', { name: 'Stop' }).click();
    const pages = [first, cut, late];
    for (const page of pages) await page.getByText('It ended with code 103.').waitFor();
    const textsOf = () =>
      Promise.all(
        pages.map((page) => page.locator('main').evaluate((main) => (main as { textContent: string }).textContent)),
      );
    let [one, two, three] = await textsOf();
    // What does not come in time is shown by the comparison.
    await until(async () => {
      [one, two, three] = await textsOf();
      return two === one && three === one;
    }, 'all show the same').catch(() => {});
    assert.equal(two, one);
    assert.equal(three, one);
    assert.equal(await run.exited, 103);
    const download = first.waitForEvent('download');
    await first.getByRole('button', { name: 'Save report' }).click();
    const saved = path.join(folder, 'saved.html');
    await (await download).saveAs(saved);
    const report = await browser.newPage();
    await report.goto(`file://${saved}`);
    await report.getByText('It ended with code 103.').waitFor();
    await report.getByText('sixfold docs 1503').waitFor();
    assert.equal(await report.locator('main').evaluate((main) => (main as { textContent: string }).textContent), one);
  } finally {
    await browser.close();
    way?.close();
    run.kill();
  }
});
