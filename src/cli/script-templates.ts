// Scripts to start from.

/** What a template may use. */
export interface TemplateFields {
  readonly scriptName: string;
  readonly projectId: string;
}

const MINIMAL = `import http from 'k6/http';
import { check, sleep } from 'k6';

export const options = {
  vus: 10,
  duration: '30s',
};

export default function () {
  const res = http.get('https://quickpizza.grafana.com');
  check(res, { 'status is 200': (r) => r.status === 200 });
  sleep(1);
}
`;

const PROTOCOL = `import http from 'k6/http';
import { check, sleep } from 'k6';

const BASE_URL = __ENV.BASE_URL || 'https://quickpizza.grafana.com';

export const options = {
  // Rise to 10 virtual users, stay there, go down again.
  stages: [
    { duration: '10s', target: 10 },
    { duration: '40s', target: 10 },
    { duration: '10s', target: 0 },
  ],
  // What has to hold for the test to pass.
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(95)<500', 'p(99)<1000'],
  },
};

/** Runs once, before the test. What it returns is given to the function below. */
export function setup() {
  const res = http.get(BASE_URL);
  if (res.status !== 200) throw new Error(\`\${BASE_URL} answers with status \${res.status}\`);
  return { token: 'abcdef0123456789' };
}

/** Runs again and again, in every virtual user. */
export default function ({ token }) {
  const order = { maxCaloriesPerSlice: 500, mustBeVegetarian: false, excludedIngredients: ['pepperoni'], excludedTools: ['knife'] };
  const res = http.post(\`\${BASE_URL}/api/pizza\`, JSON.stringify(order), {
    headers: { 'Content-Type': 'application/json', Authorization: \`token \${token}\` },
  });
  check(res, { 'status is 200': (r) => r.status === 200 });
  sleep(1);
}
`;

const BROWSER = `import { browser } from 'k6/browser';
import { check } from 'k6';

const BASE_URL = __ENV.BASE_URL || 'https://quickpizza.grafana.com';

// Needs Chromium or Chrome, and for Sixfold: npm install playwright-core
export const options = {
  scenarios: {
    ui: {
      executor: 'shared-iterations',
      vus: 1,
      iterations: 1,
      options: { browser: { type: 'chromium' } },
    },
  },
  thresholds: {
    checks: ['rate==1.0'],
  },
};

/** Runs again and again, in every virtual user. */
export default async function () {
  const page = await browser.newPage();
  try {
    await page.goto(BASE_URL);
    const heading = await page.locator('h1').textContent();
    check(heading, { 'there is a heading': (text) => text !== '' });
  } finally {
    await page.close();
  }
}
`;

export const TEMPLATES: Readonly<Record<string, string>> = { minimal: MINIMAL, protocol: PROTOCOL, browser: BROWSER };

/**
 * Fills a template of the user's own, in which \`{{ .ScriptName }}\` and \`{{ .ProjectID }}\` stand for what they say.
 *
 * @throws Error for any other \`{{ … }}\`
 */
export function fillTemplate(template: string, { scriptName, projectId }: TemplateFields): string {
  return template.replace(/\{\{-?\s*(.*?)\s*-?\}\}/g, (whole, name: string) => {
    if (name === '.ScriptName') return scriptName;
    if (name === '.ProjectID') return projectId;
    throw new Error(`the template has ${whole}, but only {{ .ScriptName }} and {{ .ProjectID }} are known`);
  });
}

/** A template in JavaScript with the types that it leaves out. */
export function writeInTypeScript(template: string): string {
  const typed = template
    .replace('export const options = {', 'export const options: Options = {')
    .replace(
      'export default function ({ token }) {',
      'export default function ({ token }: ReturnType<typeof setup>): void {',
    )
    .replace('export default function () {', 'export default function (): void {')
    .replace('export default async function () {', 'export default async function (): Promise<void> {');
  return typed.includes('options: Options') ? `import type { Options } from 'k6/options';\n${typed}` : typed;
}
