// Browsers that do not start: what is wrong is said, before any load where it can be.
import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { startOwnBrowser } from '../servers/own-browser.ts';
import { BrowserLab, UI } from './browser-lab.ts';
import { until } from './until.ts';

const lab = new BrowserLab();
after(() => lab.remove());

const nothingIsLeft = (): void => assert.deepEqual([lab.profiles, lab.processes], [[], []]);

describe('browsers that do not start', { skip: NO_BROWSER, concurrency: 1 }, () => {
  const refuse = async (scenario: string, env: Readonly<Record<string, string>>): Promise<string> => {
    const { exit, stderr } = await lab.run(
      `export const options = { scenarios: { ui: ${scenario} } };
       export default function () { console.log('load'); }`,
      env,
    );
    assert.equal(exit, 104, stderr);
    assert.doesNotMatch(stderr, /^load$/m);
    return stderr;
  };
  const withBrowser = (browser: string): string =>
    `{ executor: 'shared-iterations', options: { browser: ${browser} } }`;

  test('what is wrong with settings is said before any load', async () => {
    assert.match(await refuse(withBrowser('{}'), {}), /ui: options\.browser has no type/);
    assert.match(await refuse(withBrowser("{ type: 'firefox' }"), {}), /unsupported browser type: firefox/);
    assert.match(
      await refuse(UI, { K6_BROWSER_EXECUTABLE_PATH: '/nowhere/chrome' }),
      /K6_BROWSER_EXECUTABLE_PATH names \/nowhere\/chrome/,
    );
    assert.match(
      await refuse(UI, { K6_BROWSER_TIMEOUT: 'soon' }),
      /K6_BROWSER_TIMEOUT must be a time, such as 30s, not "soon"/,
    );
    assert.match(await refuse(UI, { K6_BROWSER_HEADLESS: 'perhaps' }), /K6_BROWSER_HEADLESS must be true or false/);
    assert.match(await refuse(UI, { K6_BROWSER_WS_URL: 'http://127.0.0.1:1' }), /K6_BROWSER_WS_URL must be addresses/);
    assert.match(
      await refuse(UI, { K6_BROWSER_WS_URL: 'ws://127.0.0.1:1', K6_BLOCK_HOSTNAMES: 'a.test' }),
      /blockHostnames cannot hold for browsers that run already \(K6_BROWSER_WS_URL\)/,
    );
  });

  test('a browser that is none ends its iteration with what it said', async () => {
    const program = lab.scratch.write('none', '#!/bin/sh\necho "no display here" >&2\nexit 3\n');
    chmodSync(program, 0o755);
    const { stderr } = await lab.iterate('await browser.newPage();', { K6_BROWSER_EXECUTABLE_PATH: program });
    assert.match(stderr, /the browser ended before it was ready, with exit code 3[\s\S]*no display here/);
    nothingIsLeft();
  });

  test('browsers that run already are connected to, and go on', async () => {
    const own = await startOwnBrowser(lab.temporary);
    try {
      const { lines, stderr } = await lab.iterate(
        `const page = await browser.newPage();
         console.log('given', await page.evaluate(() => 6 * 7));
         await page.close();
         const other = await chromium.connectOverCDP('${own.endpoint}');
         const second = await other.newPage();
         console.log('connected', await second.evaluate(() => 6 * 8), other.version() === browser.version(), other !== browser);
         await other.close();
         console.log('closed', other.isConnected(), browser.isConnected());
         console.log('nobody', await chromium.connectOverCDP('ws://127.0.0.1:1/').catch((error) => error.message));`,
        { K6_BROWSER_WS_URL: own.endpoint },
      );
      for (const line of ['given 42', 'connected 48 true true', 'closed false true'])
        assert.ok(lines.includes(line), `${line}\n${stderr}`);
      assert.match(stderr, /^nobody cannot connect to the browser at ws:\/\/127\.0\.0\.1:1\//m);
      assert.ok(own.isRunning);
      assert.deepEqual(lab.profiles, []);
    } finally {
      await own.end();
      // Its helpers end behind it.
      await until(() => lab.processes.length === 0, 'no process of the browser is left');
    }
  });

  test('no browser is there for init code, setup and scenarios without one', async () => {
    const { stderr } = await lab.run(`
      if (__VU === 0) browser.newPage().catch((error) => console.log('init', error.message));
      export const options = { scenarios: { plain: { executor: 'shared-iterations' } } };
      export async function setup() { try { await browser.newPage(); } catch (error) { console.log('setup', error.message); } }
      export default async function () { try { browser.version(); } catch (error) { console.log('plain', error.message); } }`);
    const missing =
      'browser not found in registry. make sure to set browser type option in scenario definition in order to use the browser module';
    for (const line of [
      'init using a browser in the init context is not supported',
      `setup ${missing}`,
      `plain ${missing}`,
    ])
      assert.ok(stderr.split('\n').includes(line), `${line}\n${stderr}`);
  });
});
