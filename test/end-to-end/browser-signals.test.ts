// A test with browsers that is stopped or killed: nothing of them is left.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab, UI } from './browser-lab.ts';
import { until } from './until.ts';

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({ '/': '<title>Here</title><h1>Here</h1>' });
});
after(() => {
  site.close();
  lab.remove();
});

const nothingIsLeft = (): void => assert.deepEqual([lab.profiles, lab.processes], [[], []]);

describe('signals to a test with browsers', {
  skip: NO_BROWSER || process.platform !== 'linux',
  concurrency: 1,
}, () => {
  const PATIENT = `
    export const options = { scenarios: { ui: ${UI} } };
    export default async function () {
      const page = await browser.newPage();
      await page.goto('${'SITE'}/');
      console.log('waiting');
      await page.waitForTimeout(600000);
    }`;

  test('Ctrl-C ends them with the test', async () => {
    const command = lab.start(PATIENT.replace('SITE', site.url));
    await command.printed(/^waiting$/m);
    command.child.kill('SIGINT');
    const { exit, stderr } = await command.ended;
    assert.equal(exit, 105, stderr);
    nothingIsLeft();
  });

  test('a test that is killed takes them along, and the next one removes what it left', async () => {
    const command = lab.start(PATIENT.replace('SITE', site.url));
    await command.printed(/^waiting$/m);
    assert.equal(lab.profiles.length, 1);
    command.child.kill('SIGKILL');
    await command.ended;
    await until(() => lab.processes.length === 0, 'no process of the browser is left');
    const { lines, stderr } = await lab.iterate(`console.log('next', browser.isConnected());`);
    assert.ok(lines.includes('next true'), stderr);
    nothingIsLeft();
  });
});
