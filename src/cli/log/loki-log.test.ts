import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { runCommand, Scratch } from '../../../test/end-to-end/command.ts';
import { LogWriter } from './log-writer.ts';
import { LokiServer } from './loki-server.fixture.ts';
import { readLokiSettings } from './loki-settings.ts';

const scratch = new Scratch();
after(() => scratch.remove());

interface Logged {
  readonly server: LokiServer;
  readonly origin: string;
  /** What the terminal got. */
  readonly stderr: string[];
  readonly log: LogWriter;
}

/** @param settings what stands behind the address */
async function logTo(settings: string, use: (logged: Logged) => void | Promise<void>): Promise<Logged> {
  const server = new LokiServer();
  const origin = await server.listen();
  const stderr: string[] = [];
  const log = new LogWriter(
    {
      format: 'text',
      output: `loki=${origin}/loki/api/v1/push${settings}`,
      verbose: true,
      colour: false,
      consoleOutput: null,
    },
    { stderr: (text) => stderr.push(text), stdout: () => assert.fail('nothing goes to standard output') },
  );
  const logged = { server, origin, stderr, log };
  try {
    await use(logged);
    await log.close();
  } finally {
    server.close();
  }
  return logged;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    assert.ok(waited < 20_000, 'it does not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a log that goes to Loki', { concurrency: true }, () => {
  test('has its fields as labels, its lines raw and in order', async () => {
    const noon = new Date('2026-01-02T12:00:00Z');
    const { server, stderr } = await logTo(',label.service=shop,header.X-Scope-OrgID=seven', ({ log }) => {
      for (let i = 0; i < 3; i++) log.log('info', 'same', { source: 'console' }, noon);
      log.log('error', 'Error: no\n\tat x:1:1', { source: 'stacktrace' }, noon);
      log.log('debug', 'fine print', {}, noon);
    });
    assert.deepEqual(
      server.lines.map(({ labels, text }) => [labels, text]),
      [
        ...Array(3).fill([{ level: 'info', service: 'shop', source: 'console' }, 'same']),
        [{ level: 'error', service: 'shop', source: 'stacktrace' }, 'Error: no\n\tat x:1:1'],
        [{ level: 'debug', service: 'shop' }, 'fine print'],
      ],
    );
    const start = BigInt(noon.getTime()) * 1_000_000n;
    assert.deepEqual(
      server.lines.map(({ time }) => Number(time - start)),
      [0, 1, 2, 3, 4],
    );
    assert.equal(server.pushes[0]!.headers['x-scope-orgid'], 'seven');
    assert.deepEqual(stderr, []);
  });

  test('has no other labels than the allowed ones; what else there is stands behind the message', async () => {
    const line = ({ log }: Logged) => log.log('warning', 'slow', { source: 'console', at: 'a b' });
    const some = await logTo(',label.service=shop,allowedLabels=[level, source]', line);
    assert.deepEqual(
      some.server.lines.map(({ labels, text }) => [labels, text]),
      [[{ level: 'warning', source: 'console' }, 'slow at="a b" service=shop']],
    );
    // Loki takes no stream without labels.
    const none = await logTo(',allowedLabels=[nothing]', line);
    assert.deepEqual(none.server.lines[0]!.labels, { level: 'warning' });
    assert.deepEqual(none.stderr, []);
  });

  test('is filtered by its level', async () => {
    const { server } = await logTo(',level=warn', ({ log }) => {
      for (const level of ['error', 'warning', 'info', 'debug'] as const) log.log(level, level);
    });
    assert.deepEqual(
      server.lines.map(({ text }) => text),
      ['error', 'warning'],
    );
  });

  test('loses the middle of messages that are too long', async () => {
    const { server } = await logTo(',msgMaxSize=10', ({ log }) => {
      log.log('info', 'abcdefghij');
      log.log('info', '01234-------56789');
    });
    assert.deepEqual(
      server.lines.map(({ text }) => text),
      ['abcdefghij', '01234…7 characters left out…56789'],
    );
  });

  test('counts what is beyond the limit of a period, and goes on in the next', async () => {
    const { server } = await logTo(',limit=5,pushPeriod=20ms', async ({ log, server }) => {
      for (let i = 0; i < 1005; i++) log.log('info', `line ${i}`);
      await until(() => server.lines.length >= 6);
      log.log('info', 'later');
    });
    const texts = server.lines.map(({ text }) => text);
    assert.deepEqual(texts.slice(0, 5), ['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
    assert.match(
      texts[5]!,
      /^1,000 lines of the log were dropped, because they were above the limit of 5 lines in 20 ms/,
    );
    assert.equal(texts.at(-1), 'later');
  });

  test('is sent again where Loki failed, each line once and in order', async () => {
    const { server, stderr } = await logTo(',pushPeriod=10ms,limit=1000', async ({ log, server }) => {
      server.failing = 503;
      for (let i = 0; i < 10; i++) log.log('info', `line ${i}`);
      await until(() => server.failed > 0);
      for (let i = 10; i < 20; i++) log.log('info', `line ${i}`);
      server.failing = null;
      await until(() => server.lines.length === 20);
    });
    assert.deepEqual(
      server.lines.map(({ text }) => text),
      Array.from({ length: 20 }, (_, i) => `line ${i}`),
    );
    assert.equal(stderr.length, 1);
    assert.match(stderr[0]!, /level=warning msg="the log cannot be sent to Loki at .*it answered 503 .*tried again/);
  });

  test('that is refused is said once, with the reason, and counted', async () => {
    const { stderr } = await logTo(',pushPeriod=10ms', async ({ log, server }) => {
      server.failing = 400;
      log.log('info', 'one');
      await until(() => server.failed === 1);
      log.log('error', 'two');
      await until(() => server.failed === 2);
    });
    assert.equal(stderr.length, 3, stderr.join(''));
    assert.match(stderr[0]!, /it answered 400 not now/);
    assert.match(stderr[1]!, /2 lines of the log were not taken by Loki/);
    // An error is not lost, wherever it was to go.
    assert.match(stderr[2]!, /level=error msg=two/);
  });

  test('shows credentials to nobody but Loki', async () => {
    const server = new LokiServer();
    const { host } = new URL(await server.listen());
    const settings = `loki=http://anna:p%40ss-word@${host}/loki/api/v1/push,header.X-Key=ticket-4711`;
    const script = scratch.write('empty.js', 'export default function () {}');
    const run = () => runCommand(['run', '-q', '--log-output', `${settings},profile`, script], { cwd: scratch.folder });
    const good = await run();
    assert.equal(good.exit, 0, good.stderr);
    server.failing = 401;
    const bad = await run();
    server.close();
    assert.equal(bad.exit, 0);
    for (const { stdout, stderr } of [good, bad])
      assert.doesNotMatch(stdout + stderr, /ss-word|ticket-4711|YW5uYT/, stderr);
  });

  test('that nobody takes costs a test neither its result nor seconds', async () => {
    const server = new LokiServer();
    const origin = await server.listen();
    server.failing = 'never';
    const gone = new LokiServer();
    const goneOrigin = await gone.listen();
    gone.close();
    const script = scratch.write(
      'chatty.js',
      `export const options = { iterations: 200, thresholds: { iterations: ['count==200'] } };
       export default function () { console.log('x'.repeat(100000)); if (__ITER === 0) throw new Error('first'); }`,
    );
    for (const where of [origin, goneOrigin]) {
      const begun = performance.now();
      const { exit, stderr, stdout } = await runCommand(
        ['run', '--log-output', `loki=${where}/loki/api/v1/push,limit=100000`, script],
        { cwd: scratch.folder },
      );
      assert.equal(exit, 0, stderr);
      assert.ok(performance.now() - begun < 30_000);
      assert.match(stderr, /lines of the log were not taken by Loki/);
      assert.match(stderr, /level=error msg="Error: first/);
      assert.match(stdout, /iterations\.+: 200/);
    }
    server.close();
  });
});

test('settings of Loki that cannot be read are refused before anything runs', () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(() => readLokiSettings(text), { exitCode: 255, message }, text);
  refused('nowhere', /no http or https URL/);
  refused('ftp://a.test', /no http or https URL/);
  refused(',limit=none', /limit "none" is no whole number/);
  refused(',limit=0', /limit "0"/);
  refused(',pushPeriod=5', /pushPeriod: "5" is not a duration: it has no unit/);
  refused(',pushPeriod=-5s', /pushPeriod "-5s" is not between/);
  refused(',level=loud', /level "loud" is not one of/);
  refused(',allowedLabels=level', /list in brackets/);
  refused(',label.a-b=c', /"a-b" is no name of a label/);
  refused(',colour=red', /unknown key "colour"; there are label.NAME/);
  refused(',limit', /"limit" has no value/);
  refused(',profile=perhaps', /profile/);
  // What follows a comma in a value is not shown: it may be a secret.
  assert.throws(
    () => readLokiSettings(',header.A=b,pass word!'),
    (error: Error) => !error.message.includes('pass'),
  );
});

test("k6's own example is read", () => {
  const { url, labels, limit, severity, pushPeriodMs, maxMessageLength, allowedLabels } = readLokiSettings(
    'http://127.0.0.1:3100/loki/api/v1/push,label.something=else,label.foo=bar,limit=32,level=info,pushPeriod=5m32s,msgMaxSize=1231',
  );
  assert.equal(url.href, 'http://127.0.0.1:3100/loki/api/v1/push');
  assert.deepEqual(labels, { something: 'else', foo: 'bar' });
  assert.deepEqual([limit, severity, pushPeriodMs, maxMessageLength, allowedLabels], [32, 2, 332_000, 1231, null]);
  assert.equal(readLokiSettings('').url.href, 'http://127.0.0.1:3100/loki/api/v1/push');
});
