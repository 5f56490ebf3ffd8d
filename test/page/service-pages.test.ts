// The pages of a server of tests in a browser, from the link that its first start prints to a token that is revoked.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Command, Scratch } from '../end-to-end/command.ts';
import { until } from '../end-to-end/until.ts';
import { NO_BROWSER, openBrowser } from '../servers/open-browser.ts';
import { CLIENT_ID, CLIENT_SECRET, OpenIdServer } from '../servers/open-id-provider.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Longer than anything takes on a busy machine. */
const PATIENCE_MS = 60_000;
const PASSWORD = 'correct horse battery';

const target = createServer((_, response) => response.end('pizza'));
const scratch = new Scratch();
let server: Command;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let root: string;
/** What the browser has to complain about. */
const troubles: string[] = [];

function script(duration: string): string {
  const { port } = target.address() as AddressInfo;
  return `import http from 'k6/http';
import { check, sleep } from 'k6';
export const options = {
  scenarios: { loop: { executor: 'externally-controlled', vus: 1, maxVUs: 4, duration: '${duration}' } },
  thresholds: { http_req_failed: ['rate<0.5'] },
};
export default function () {
  check(http.get('http://127.0.0.1:${port}/menu'), { 'is 200': (r) => r.status === 200 });
  console.log('<b>one more</b>');
  sleep(0.02);
}
export const handleSummary = () => ({ 'results/mine.html': '<p>of the script</p>' });
`;
}

function watch(opened: Page): Page {
  opened.setDefaultTimeout(PATIENCE_MS);
  opened.on('console', (message) => troubles.push(message.text()));
  opened.on('pageerror', (error) => troubles.push(error.message));
  return opened;
}

/** What the server refused, Chromium tells of; nothing else went wrong. */
function expectRefusals(): void {
  assert.deepEqual(
    troubles.splice(0).filter((text) => !/the server responded with a status of 4\d\d/.test(text)),
    [],
  );
}

async function ask<T>(path: string): Promise<T> {
  return (await (await context.request.get(`${root}/api/v1${path}`)).json()) as T;
}

describe('a server of tests in a browser', { skip: NO_BROWSER }, () => {
  before(async () => {
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    server = new Command(['server', '--data', `${scratch.folder}/data`, '--address', '127.0.0.1:0'], {
      cwd: scratch.folder,
    });
    browser = await openBrowser();
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
    page = watch(await context.newPage());
  });
  after(async () => {
    await browser?.close();
    server?.child.kill('SIGTERM');
    await server?.ended;
    target.close();
    target.closeAllConnections();
    scratch.remove();
  });

  test('the link of the first start makes the first administrator, once', async () => {
    const [link] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\/setup#token=\S+/);
    root = new URL(link).origin;
    await page.goto(link);
    await page.getByLabel('Your name').fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@example.org');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await page.waitForURL(`${root}/`);
    const stranger = watch(await (await browser.newContext({ locale: 'en-GB' })).newPage());
    await stranger.goto(link);
    await stranger.getByLabel('Your name').fill('Eve');
    await stranger.getByLabel('E-mail').fill('eve@example.org');
    await stranger.getByLabel('Password').fill(PASSWORD);
    await stranger.getByRole('button', { name: 'Create and sign in' }).click();
    await stranger.getByRole('alert').waitFor();
    await stranger.context().close();
    expectRefusals();
  });

  test('whoever has not signed in is asked to, and comes to the page that was asked for', async () => {
    const other = watch(await (await browser.newContext({ locale: 'en-GB' })).newPage());
    await other.goto(`${root}/account`);
    await other.getByLabel('E-mail').fill('ada@example.org');
    await other.getByLabel('Password').fill('not her password');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('alert').waitFor();
    await other.getByLabel('Password').fill(PASSWORD);
    await other.keyboard.press('Enter');
    await other.waitForURL(`${root}/account`);
    await other.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    await other.getByRole('button', { name: 'Sign out' }).first().click();
    await other.waitForURL(`${root}/sign-in`);
    await other.context().close();
    expectRefusals();
  });

  test('a script is written, found wrong by line, mended and kept', async () => {
    await page.getByRole('button', { name: 'New project' }).click();
    await page.getByLabel('Name').fill('Pizza shop');
    await page.getByRole('button', { name: 'Create the project' }).click();
    await page.getByRole('link', { name: 'New test' }).click();
    await page.getByLabel('Name').fill('Menu');
    const editor = page.getByLabel(/Or write it here/);
    await editor.fill("import http from 'k6/http';\n\nexport default function () {\n  http.get(\n}\n");
    await page.getByRole('button', { name: 'Check' }).click();
    assert.match((await page.locator('.fault').textContent()) ?? '', /script\.js:5/);
    assert.equal(await page.locator('.numbers .bad').textContent(), '5');
    await editor.fill(script('5m'));
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('It asks for 4 virtual users and takes 5 min.').waitFor();
    await page.getByRole('button', { name: 'Create the test' }).click();
    await page.waitForURL(/\/tests\//);
  });

  test('a run is watched live, scaled, stopped; its report and log open', async () => {
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByLabel('Note').fill('the first');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByRole('button', { name: 'Scale…' }).click();
    await page.getByRole('spinbutton', { name: 'Virtual users' }).fill('3');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByText('3 VUs').waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    const [report] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Report' }).click(),
    ]);
    await report.getByRole('heading', { level: 1 }).waitFor();
    await report.close();
    await page.getByRole('link', { name: 'Log' }).click();
    // What a script logs is text.
    await page.getByText('<b>one more</b>').first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'results/mine.html' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'mine.html');
    assert.equal(readFileSync(await download.path(), 'utf8'), '<p>of the script</p>');
    await page.goBack();
  });

  test('it runs again as a new version, and the two are compared', async () => {
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    await page.getByLabel(/Or write it here/).fill(script('2s'));
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByText('version 2').waitFor();
    await page.getByRole('button', { name: 'Make it the baseline' }).click();
    await page.locator('.trend .base').first().waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('link', { name: 'Compare with the baseline' }).click();
    await page.getByRole('heading', { name: 'Value by value' }).waitFor();
    assert.equal(await page.locator('table.compared tbody tr').count(), 2);
  });

  test('a schedule is made; one that would fire too often is refused', async () => {
    await page.goto(`${root}/projects/pizza-shop/schedules`);
    await page.getByRole('button', { name: 'New schedule' }).click();
    await page.getByLabel('Name').fill('Once a day');
    await page.getByLabel('Time zone').selectOption('UTC');
    await page.getByLabel('When').fill('* * * * * *');
    await page.getByRole('button', { name: 'Create the schedule' }).click();
    await page.getByRole('alert').waitFor();
    const soon = new Date(Date.now() + 40_000);
    await page.getByLabel('When').fill(`${soon.getUTCSeconds()} ${soon.getUTCMinutes()} ${soon.getUTCHours()} * * *`);
    await page.getByRole('button', { name: 'Create the schedule' }).click();
    await page.getByRole('button', { name: 'Switch off: Once a day' }).waitFor();
    expectRefusals();
  });

  test('a token opens the API until it is revoked', async () => {
    await page.goto(`${root}/account`);
    await page.getByLabel('Name').fill('CI');
    // What is for one project rules no server: the two are not offered together.
    const rules = page.locator('input[name=scopes][value=server]');
    await rules.check();
    await page.getByLabel('Project', { exact: true }).selectOption('Pizza shop');
    await rules.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Create the token' }).click();
    const token = await page.locator('.once code').textContent();
    const status = async (): Promise<number> =>
      (await fetch(`${root}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } })).status;
    assert.equal(await status(), 200);
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('button', { name: 'Revoke: CI' }).click();
    await page.getByText('Nothing yet.').waitFor();
    assert.equal(await status(), 401);
  });

  for (const { name, view } of [
    { name: 'dark, English', view: { colorScheme: 'dark', locale: 'en-GB', viewport: { width: 1280, height: 900 } } },
    {
      name: 'light, Russian, a telephone',
      view: { colorScheme: 'light', locale: 'ru-RU', viewport: { width: 390, height: 800 } },
    },
  ] as const)
    test(`every page passes axe and is no wider than its window: ${name}`, async () => {
      const { items: runs } = await ask<{ items: { id: string; testId: string; headline: unknown }[] }>(
        '/projects/pizza-shop/runs?state=passed,aborted',
      );
      const [run, other] = runs.filter(({ headline }) => headline !== null);
      const places = [
        '/',
        '/projects/pizza-shop',
        '/projects/pizza-shop/new',
        '/projects/pizza-shop/runs',
        '/projects/pizza-shop/schedules',
        '/projects/pizza-shop/settings',
        `/tests/${run!.testId}`,
        `/tests/${run!.testId}/versions/1`,
        `/runs/${run!.id}`,
        `/runs/${run!.id}/log`,
        `/runs/${run!.id}/compare/${other!.id}`,
        '/machines',
        '/people',
        '/account',
        '/sign-in',
        '/nowhere/at/all',
      ];
      const viewer = await browser.newContext({
        ...view,
        // axe is put into the page.
        bypassCSP: true,
        storageState: await context.storageState(),
      });
      const shown = watch(await viewer.newPage());
      for (const place of places) {
        await shown.goto(root + place);
        await shown.getByRole('heading', { level: 1 }).waitFor();
        await shown.waitForFunction('!/Loading…|Загрузка…/.test(document.body.textContent)');
        await until(
          async () => !(await shown.evaluate('document.documentElement.scrollWidth > innerWidth')),
          `fits: ${place}`,
        );
        await shown.evaluate(AXE);
        const found = await shown.evaluate(
          'axe.run({ preload: false }).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))',
        );
        assert.deepEqual(found, [], place);
      }
      await viewer.close();
      assert.deepEqual(troubles, []);
    });

  test('the schedule has fired by itself', async () => {
    await page.goto(`${root}/projects/pizza-shop/schedules`);
    await page.locator('.rows a[href^="/runs/"]').click({ timeout: 2 * PATIENCE_MS });
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    await page
      .getByText(/by the schedule/)
      .first()
      .waitFor();
  });
});

describe('signing in at a provider in a browser', { skip: NO_BROWSER }, () => {
  const place = new Scratch();
  let provider: OpenIdServer;
  let service: Command;
  let opened: Browser;
  /** What the browser has to complain about on our pages: the provider's are its own affair. */
  const heard: string[] = [];
  const open = async (locale: string): Promise<Page> => {
    const visit = await opened.newContext({ locale });
    // The provider's pages would like a font of somebody else's.
    await visit.route(
      ({ hostname }) => !['localhost', '127.0.0.1'].includes(hostname),
      (route) => route.abort(),
    );
    const shown = await visit.newPage();
    shown.setDefaultTimeout(PATIENCE_MS);
    shown.on('console', (message) => {
      if (message.location().url.startsWith('http://127.0.0.1:')) heard.push(message.text());
    });
    shown.on('pageerror', (error) => heard.push(error.message));
    return shown;
  };

  before(async () => {
    provider = await OpenIdServer.start();
    provider.accounts.set('ada', { email: 'ada@example.org', email_verified: true, name: 'Ada' });
    provider.accounts.set('eve', { email: 'eve@example.org', email_verified: true, name: 'Eve' });
    writeFileSync(`${place.folder}/secret`, `${CLIENT_SECRET}\n`);
    const flags = [
      '--oidc-client-id',
      CLIENT_ID,
      '--oidc-client-secret-file',
      `${place.folder}/secret`,
      '--no-passwords',
    ];
    service = new Command(['server', '--data', `${place.folder}/data`, '--address', '127.0.0.1:0', ...flags], {
      cwd: place.folder,
      env: { SIXFOLD_OIDC_ISSUER: provider.issuer, SIXFOLD_OIDC_NAME: 'Example & Co' },
    });
    opened = await openBrowser();
  });
  after(async () => {
    await opened?.close();
    service?.child.kill('SIGTERM');
    await service?.ended;
    await provider?.stop();
    place.remove();
  });

  test('a button leads there and back to the page that was asked for; whoever is not known is told so', async () => {
    const [link] = await service.printed(/http:\/\/127\.0\.0\.1:\d+\/setup#token=\S+/);
    const home = new URL(link).origin;
    provider.allow(`${home}/api/v1/sign-in/callback`);
    const first = await open('en-GB');
    await first.goto(link);
    await first.getByLabel('Your name').fill('Ada Lovelace');
    await first.getByLabel('E-mail').fill('ada@example.org');
    assert.equal(await first.getByLabel('Password').count(), 0);
    await first.getByRole('button', { name: 'Create and sign in' }).click();
    await first.waitForURL(`${home}/`);
    await first.context().close();

    const ada = await open('ru-RU');
    await ada.goto(`${home}/account`);
    await ada.getByRole('link', { name: 'Войти через Example & Co' }).click();
    await ada.getByPlaceholder(/login/i).fill('ada');
    await ada.getByPlaceholder(/password/i).fill('any');
    await ada.getByRole('button', { name: 'Sign-in' }).click();
    await ada.getByRole('button', { name: 'Continue' }).click();
    await ada.waitForURL(`${home}/account`);
    await ada.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    await ada.context().close();

    const eve = await open('en-GB');
    await eve.goto(`${home}/sign-in`);
    await eve.getByRole('link', { name: 'Sign in with Example & Co' }).click();
    await eve.getByPlaceholder(/login/i).fill('eve');
    await eve.getByPlaceholder(/password/i).fill('any');
    await eve.getByRole('button', { name: 'Sign-in' }).click();
    await eve.getByRole('button', { name: 'Continue' }).click();
    await eve.getByText('There is nobody with your e-mail address here').waitFor();
    assert.equal(new URL(eve.url()).origin, home);
    assert.equal(await eve.evaluate('document.documentElement.scrollWidth > innerWidth'), false);
    await eve.context().close();
    assert.deepEqual(
      heard.filter((text) => !/the server responded with a status of 401/.test(text)),
      [],
    );
  });
});
