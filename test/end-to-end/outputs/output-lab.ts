// A run whose samples go to a real server that is stopped and started in the middle: what the run says of its totals, to be compared with
// what the server has.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command, Scratch } from '../command.ts';
import { until } from '../until.ts';

/** A metric of the summary, as --summary-export has it. */
interface ExportedMetric {
  readonly [value: string]: number;
}

export interface RunTotals {
  readonly metrics: Readonly<Record<string, ExportedMetric>>;
  readonly checks: Readonly<Record<string, { readonly passes: number; readonly fails: number }>>;
  readonly stderr: string;
  readonly stdout: string;
}

export interface LabRun {
  readonly out: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further words of the command line. */
  readonly words?: readonly string[];
  /** Called once while there is load. */
  readonly disturb?: (lab: { readonly command: Command; readonly shop: Shop }) => Promise<void>;
}

/** Every kind of metric, two protocols of names, tags that are hard to write down. */
const SCRIPT = `
  import http from 'k6/http';
  import { check, sleep } from 'k6';
  import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
  export const options = {
    vus: 3, iterations: 3, summaryTrendStats: ['count', 'min', 'max', 'avg'],
    thresholds: { pizzas: ['count>0'], tasty: ['rate>2'] },
  };
  const pizzas = new Counter('pizzas');
  const oven = new Gauge('oven');
  const tasty = new Rate('tasty');
  const weight = new Trend('weight');
  const baking = new Trend('baking', true);
  export default function () {
    for (let round = 0; ; round++) {
      const response = http.get(__ENV.SHOP + '/menu?round=' + round, { tags: { name: 'menu', "top ping": 'a, b="c" \\\\ d' } });
      check(response, { 'is ok': (r) => r.status === 200, 'is third': () => round % 3 === 0 });
      pizzas.add(2.5, { kind: 'Größe €' });
      oven.add(200 + round % 7);
      tasty.add(round % 2 === 0);
      weight.add(round % 11 + 0.25);
      baking.add(round % 5 * 10);
      if (response.body === 'closed') break;
      sleep(0.02);
    }
  }`;

/** What the script asks; it goes on until the shop is closed. */
export class Shop {
  readonly #server = http.createServer((_, response) => {
    this.requests++;
    const answer = () => response.end(this.#open ? 'open' : 'closed');
    if (this.#held === null) answer();
    else this.#held.push(answer);
  });
  requests = 0;
  #open = true;
  #held: (() => void)[] | null = null;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until it was asked so many times more. */
  async serves(more: number): Promise<void> {
    const wanted = this.requests + more;
    await until(() => this.requests >= wanted, 'the shop is asked');
  }

  /** Gives no answer until {@link release}: no samples come meanwhile. @param vus that will wait */
  async hold(vus: number): Promise<void> {
    this.#held = [];
    await until(() => this.#held!.length === vus, 'all virtual users wait');
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const answer of held) answer();
  }

  close(): void {
    this.#open = false;
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Runs the script to its end. @returns what its summary says; it has to have ended as it should */
export async function runWithOutput({ out, env, words = [], disturb }: LabRun): Promise<RunTotals> {
  const scratch = new Scratch();
  const shop = new Shop();
  try {
    const file = scratch.write('shop.js', SCRIPT);
    const line = ['run', '--workers', '2', '--out', out, '--summary-export', 'summary.json', ...words, file];
    const command = new Command(line, { cwd: scratch.folder, env: { ...env, SHOP: await shop.start() } });
    const early = command.ended.then(({ stderr }) => Promise.reject(new Error(`it ended early: ${stderr}`)));
    early.catch(() => {});
    await Promise.race([shop.serves(60), early]);
    if (disturb !== undefined) await disturb({ command, shop });
    await Promise.race([shop.serves(60), early]);
    shop.close();
    const { exit, stdout, stderr } = await command.ended;
    // The threshold on `tasty` cannot hold.
    assert.equal(exit, 99, stderr);
    const { metrics, root_group: group } = JSON.parse(readFileSync(`${scratch.folder}/summary.json`, 'utf8'));
    assert.equal(metrics.http_reqs.count, shop.requests);
    return { metrics, checks: group.checks, stdout, stderr };
  } finally {
    shop.end();
    scratch.remove();
  }
}

/** Stops a server in the middle and starts it again, once the run has noticed, and waits until it has noticed that too. */
export function restarting(server: { stop(): Promise<void>; start(): Promise<void> }): NonNullable<LabRun['disturb']> {
  return async ({ command, shop }) => {
    await server.stop();
    await command.printed(/; the test goes on/);
    await shop.serves(30);
    await server.start();
    await command.printed(/works again/);
  };
}

/** Whether two sums of the same numbers, added in different orders, are one. */
export function assertSameSum(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * 1e-9, `${what}: ${actual} in place of ${expected}`);
}

/** The metrics whose samples are sent: submetrics are a view on others, and failed iterations are counted from the iterations. */
export function sentMetrics({ metrics }: RunTotals): [name: string, metric: ExportedMetric, kind: MetricKind][] {
  return Object.entries(metrics)
    .filter(([name]) => !name.includes('{') && name !== 'iterations_failed')
    .map(([name, metric]) => [name, metric, kindOf(metric)]);
}

export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';

function kindOf(metric: ExportedMetric): MetricKind {
  if (metric['passes'] !== undefined) return 'rate';
  if (metric['avg'] !== undefined) return 'trend';
  return metric['rate'] === undefined ? 'gauge' : 'counter';
}

/** Nothing was left out, and nothing that the run says hides it. */
export function assertNothingLost({ stdout, stderr }: RunTotals): void {
  assert.doesNotMatch(`${stdout}${stderr}`, /did not get there|is lost|were left out/);
}
