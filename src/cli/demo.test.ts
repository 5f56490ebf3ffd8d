import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Command } from 'commander';
import { ExitError } from '../exit/exit-error.ts';
import { registerDemo } from './demo.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'demo-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A program whose `run` notes how it was called, and what the target said then. */
function programWith(onRun: (args: string[], variables: Record<string, string>) => Promise<void>): Command {
  const program = new Command().exitOverride();
  program
    .command('run')
    .option('-e <variable>', '', (text, before: string[]) => [...before, text], [])
    .option('--report <file>')
    .argument('<script>')
    .action((script: string, flags: { e: string[] }) =>
      onRun([script], Object.fromEntries(flags.e.map((one) => one.split('=') as [string, string]))),
    );
  registerDemo(program);
  return program;
}

test('the demo runs its script against a target that serves', async () => {
  let seen: unknown;
  const program = programWith(async ([script], variables) => {
    const answer = await fetch(`${variables['SHOP_HTTP']}/health`);
    seen = {
      script: path.basename(script ?? ''),
      ok: await answer.json(),
      grpc: /^127\.0\.0\.1:\d+$/.test(variables['SHOP_GRPC'] ?? ''),
    };
  });
  await program.parseAsync(['demo'], { from: 'user' });
  assert.deepEqual(seen, { script: 'demo.js', ok: { ok: true }, grpc: true });
});

test('the config file leads the public example to the target', async () => {
  const [config, ca] = [path.join(folder, 'config.json'), path.join(folder, 'ca.pem')];
  const program = programWith(async () => {});
  await program.parseAsync(['demo', '--config', config, '--ca-file', ca], { from: 'user' });
  const { hosts, insecureSkipTLSVerify } = JSON.parse(readFileSync(config, 'utf8')) as {
    hosts: Record<string, string>;
    insecureSkipTLSVerify: boolean;
  };
  assert.match(hosts['grpc-quickpizza.grafana.com:443'] ?? '', /^127\.0\.0\.1:\d+$/);
  assert.equal(insecureSkipTLSVerify, true);
  assert.match(readFileSync(ca, 'utf8'), /BEGIN CERTIFICATE/);
});

test('what cannot be done is said in a sentence, and nothing stays behind', async () => {
  const program = programWith(async () => {});
  const failure = (words: string[]) =>
    program.parseAsync(words, { from: 'user' }).then(
      () => null,
      (error: unknown) => error,
    );
  const unwritable = await failure(['demo', '--config', path.join(folder, 'no/such/folder.json')]);
  assert.ok(
    unwritable instanceof ExitError && unwritable.exitCode === 255 && /cannot be written/.test(unwritable.message),
  );
  assert.match(String(await failure(['demo', '--host', '203.0.113.1'])), /could not start/);
  assert.match(String(await failure(['demo', '--port', '70000'])), /from 1 to/);
});
