// What a test needs of machines, measured by running it, and the machines that are written for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';

const scratch = new Scratch();
let server: CountingServer;
before(async () => {
  server = await startCountingServer();
});
after(async () => {
  await server.close();
  scratch.remove();
});

const run = (...words: string[]) => runCommand(words, { cwd: scratch.folder });

const SCRIPT = `
  import http from 'k6/http';
  import { sleep } from 'k6';
  export const options = {
    scenarios: { browse: { executor: 'ramping-vus', stages: [{ duration: '1h', target: 40000 }], exec: 'browse' } },
    thresholds: { http_req_duration: ['max<0'] },
  };
  export function browse() { http.get(__ENV.TARGET + '/' + __ENV.PAGE); sleep(0.05); }`;

test('a short run of the script against its own target says what a large one needs', async () => {
  scratch.write('script.js', SCRIPT);
  const flags = [
    '--calibration',
    '4s',
    '--calibration-vus',
    '5',
    '--json',
    '-e',
    `TARGET=${server.url}`,
    '-e',
    'PAGE=page',
  ];
  const { exit, stdout, stderr } = await run('plan', 'script.js', '--vus', '10000', ...flags);
  assert.equal(exit, 0, stderr);
  const plan = JSON.parse(stdout) as Record<string, Record<string, number>> & { agents: number };
  const [measured, needs] = [plan['calibration']!, plan['needs']!];
  assert.equal(measured['vus'], 5);
  assert.ok(measured['iteration in ms']! > 45, stdout);
  assert.ok(measured['processor time of an iteration in ms']! > 0);
  assert.ok(server.requests.includes('/page'));
  assert.equal(needs['virtual users'], 10_000);
  const rate = 10_000 / (measured['iteration in ms']! / 1000);
  assert.ok(Math.abs(needs['iterations a second']! / rate - 1) < 0.02, stdout);
  assert.ok(plan.agents >= 1);
  if (process.platform === 'linux') {
    assert.equal(measured['connections of a virtual user'], 1);
    assert.equal(needs['file descriptors'], 10_000);
  }
});

test('a size that is missing or makes no sense is named before anything runs', async () => {
  scratch.write('script.js', SCRIPT);
  const asked = server.requests.length;
  const cases: [string[], RegExp][] = [
    [[], /say the size of the test: --vus NUMBER, or --rate/],
    [['--vus', '5', '--rate', '5'], /say the size of the test/],
    [['--vus', 'many'], /--vus many: it must be a whole number/],
    [['--vus', '5', '--calibration', '1s'], /--calibration 1s: it takes 4 s at least/],
    [['--vus', '5', '--calibration', 'soon'], /--calibration soon: "soon" is not a duration/],
    [['--vus', '5', '--calibration', '60d'], /--calibration 60d: 24 days are the longest/],
    [['--rate', '0'], /--rate 0: it must be a whole number/],
  ];
  for (const [flags, message] of cases) {
    const { exit, stderr } = await run('plan', 'script.js', ...flags);
    assert.equal(exit, 255, stderr);
    assert.match(stderr, message);
  }
  assert.equal(server.requests.length, asked);
});

test('agents for Kubernetes ask for the memory that the script needs', async () => {
  scratch.write('script.js', SCRIPT);
  const { exit, stdout, stderr } = await run('deploy', 'kubernetes', 'script.js', '--agents', '10', '--with-nats');
  assert.equal(exit, 0, stderr);
  // 150 MB, and 25 kB for each of 4,000 virtual users.
  assert.match(stdout, /memory: "248Mi"/);
  assert.match(stdout, /completions: 10/);
  const archived = await run('archive', 'script.js', '-O', 'test.tar');
  assert.equal(archived.exit, 0, archived.stderr);
  const whole = await run('deploy', 'kubernetes', 'test.tar', '--with-nats', '--lead');
  assert.match(whole.stdout, /kind: ConfigMap/);
  assert.match(whole.stdout, /"test\.tar": [\w+/=]+|"?test\.tar"?: "[\w+/=]+"/);
});

test('what cannot be deployed is named', async () => {
  scratch.write('script.js', SCRIPT);
  const cases: [string[], RegExp][] = [
    [['kubernetes'], /say where agents find NATS/],
    [['nomad', '--nats', 'nats://x'], /there is no "sixfold deploy nomad": it is one of kubernetes, helm, systemd/],
    [['kubernetes', '--nats', 'nats://x', '--name', 'Not_This'], /--name Not_This: Kubernetes takes small letters/],
    [['kubernetes', '--nats', 'nats://x', '--lead'], /--lead needs the test/],
    [['kubernetes', 'script.js', '--nats', 'nats://x', '--lead'], /takes an archive, and script\.js is none/],
    [['kubernetes', '--nats', 'nats://x', '--agents', 'few'], /whole number/],
  ];
  for (const [words, message] of cases) {
    const { exit, stderr } = await run('deploy', ...words);
    assert.equal(exit, 255, stderr);
    assert.match(stderr, message);
  }
});
