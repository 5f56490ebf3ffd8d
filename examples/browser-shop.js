// A page in a browser: log in, order, read what it says; and how soon it showed something.
// needs: Chromium
import { check } from 'k6';
import { browser } from 'k6/browser';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = {
  scenarios: {
    ui: { executor: 'shared-iterations', vus: 1, iterations: 1, options: { browser: { type: 'chromium' } } },
  },
  thresholds: { browser_http_req_failed: ['rate==0'], browser_web_vital_cls: ['max<0.25'] },
};

export default async function () {
  const page = await browser.newPage();
  // Orders have numbers of their own: as one name they are one row of the results.
  page.on('metric', (metric) => metric.tag({ name: 'order', matches: [{ url: /\/orders/, method: 'POST' }] }));
  try {
    const response = await page.goto(`${shop}/page`);
    check(response, { 'the page is there': (r) => r.status() === 200 });
    await page.getByLabel('User').fill('demo');
    await page.getByLabel('Password').fill('demo');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('#order').waitFor();
    await page.getByLabel('Count').fill('2');
    await page.getByRole('button', { name: 'Order' }).click();
    await page.getByText('is on its way').waitFor();
    check(await page.locator('#who').textContent(), { 'it knows who I am': (text) => text === 'Hello demo' });
  } finally {
    await page.close();
  }
}
