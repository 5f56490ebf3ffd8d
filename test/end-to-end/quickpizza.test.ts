// A script as k6's gRPC documentation has it runs unmodified against the demo target, which a config file puts in the
// place of the public one.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { Command, runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
const at = { cwd: scratch.folder };
let shop: Command;

before(async () => {
  copyFileSync(path.join(ROOT, 'examples/quickpizza.proto'), path.join(scratch.folder, 'quickpizza.proto'));
  scratch.write(
    'rate.js',
    `import grpc from 'k6/net/grpc';
import { check, sleep } from 'k6';

const client = new grpc.Client();
client.load(null, 'quickpizza.proto');

export default () => {
  client.connect('grpc-quickpizza.grafana.com:443', {});

  const data = { ingredients: ['Cheese'], dough: 'Thick' };
  const response = client.invoke('quickpizza.GRPC/RatePizza', data);

  check(response, {
    'status is OK': (r) => r && r.status === grpc.StatusOK,
  });

  console.log(JSON.stringify(response.message));

  client.close();
  sleep(1);
};
`,
  );
  shop = new Command(['demo', '--serve', '--config', 'shop.json', '--ca-file', 'ca.pem'], at);
  await shop.printed(/Ctrl-C closes the shop/);
  const config = JSON.parse(readFileSync(path.join(scratch.folder, 'shop.json'), 'utf8')) as object;
  writeFileSync(path.join(scratch.folder, 'strict.json'), JSON.stringify({ ...config, insecureSkipTLSVerify: false }));
});
after(async () => {
  shop.child.kill('SIGINT');
  const { exit } = await shop.ended;
  scratch.remove();
  assert.equal(exit, 0);
});

test('the config file leads the public name to the target, and spares its certificate', async () => {
  const { exit, stdout, stderr } = await runCommand(['run', '-q', '-c', 'shop.json', 'rate.js'], at);
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /^time=.* msg="\{\\"starsRating\\":\d\}" source=console\n$/);
  assert.match(stdout, /✓ status is OK/);
  assert.match(stdout, /grpc_reqs\.*: 1 /);
});

test("the certificate is held against the target's own authority where that is known, and refused where it is not", async () => {
  const words = ['run', '-q', '-c', 'strict.json', 'rate.js'];
  const [trusting, strict] = await Promise.all([
    runCommand(words, { ...at, env: { SSL_CERT_FILE: path.join(scratch.folder, 'ca.pem') } }),
    runCommand(words, at),
  ]);
  assert.match(trusting.stdout, /checks_succeeded\.*: 100\.00% 1 out of 1/);
  assert.match(strict.stderr, /certificate signed by unknown authority/);
  assert.doesNotMatch(strict.stdout, /checks_succeeded/);
});
