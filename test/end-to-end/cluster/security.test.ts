// A NATS server with the configuration that `sixfold cluster creds` writes: who leads and who makes load can do what that needs, and nothing else.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../../../src/cluster/nats-link.ts';
import { createCertificates } from '../../../src/demo/certificates.ts';
import { NO_NATS, spawnConfigured } from '../../servers/spawn-nats.ts';
import { findFreePort } from '../../servers/spawn-on-loopback.ts';
import { runCommand, Scratch } from '../command.ts';
import { until } from '../until.ts';
import { assertEachOnce, ClusterLab, numberedScript } from './cluster-lab.ts';

const options = { skip: NO_NATS };
const scratch = new Scratch();
let lab: ClusterLab;
let ca: string;

/** A file of `cluster creds`. */
const file = (name: string): string => path.join(scratch.folder, 'keys', name);
const getIn = (name: string): string[] => ['--nats-creds', file(`${name}.nk`), '--nats-ca', ca];
const RUN = ['--agents', '2', '--agents-wait', '20s'];

before(async () => {
  if (NO_NATS) return;
  const port = await findFreePort();
  const certificates = createCertificates(['localhost', '127.0.0.1']);
  ca = scratch.write('ca.pem', certificates.ca);
  const words = ['cluster', 'creds', '--out', 'keys', '--agent', 'one', '--listen', `127.0.0.1:${port}`];
  const tls = [
    '--tls-cert',
    scratch.write('cert.pem', certificates.cert),
    '--tls-key',
    scratch.write('key.pem', certificates.key),
  ];
  const { exit, stdout, stderr } = await runCommand([...words, ...tls], { cwd: scratch.folder });
  assert.equal(exit, 0, stderr);
  assert.match(
    stdout,
    new RegExp(`sixfold agent --nats tls://127.0.0.1:${port} --nats-creds keys/one.nk --trust keys/sign.pub`),
  );
  lab = await ClusterLab.over(await spawnConfigured(file('nats.conf'), port, `tls://localhost:${port}`, file('store')));
  const trust = ['--trust', file('sign.pub')];
  await lab.startAgents(1, [...getIn('one'), ...trust]);
  // Any number share a file.
  await lab.startAgents(1, [...getIn('agents'), ...trust]);
});
after(async () => {
  await lab?.close();
  scratch.remove();
});

test('a signed test runs over agents that trust its key, over TLS', options, async () => {
  const run = lab.run(numberedScript('signed', { iterations: 40, vus: 4 }), [
    ...RUN,
    ...getIn('lead'),
    '--sign',
    file('sign.key'),
  ]);
  const outcome = await run.ended;
  assert.equal(outcome.exit, 0, outcome.stderr);
  assertEachOnce(lab, 'signed', 40);
});

test('agents that trust a key refuse what is not signed, and what another key has signed', options, async () => {
  const { exit } = await runCommand(['cluster', 'creds', '--out', 'others'], { cwd: scratch.folder });
  assert.equal(exit, 0);
  const short = ['--agents', '1', '--agents-wait', '5s', ...getIn('lead')];
  const unsigned = await lab.run(numberedScript('refused'), short).ended;
  assert.equal(unsigned.exit, 255, unsigned.stderr);
  assert.match(unsigned.stderr, /agent-1: it runs only what is signed/);
  const other = await lab.run(numberedScript('refused'), [
    ...short,
    '--sign',
    path.join(scratch.folder, 'others/sign.key'),
  ]).ended;
  assert.equal(other.exit, 255, other.stderr);
  assert.match(other.stderr, /it does not trust the key A/);
  assert.equal(lab.asked('/refused').size, 0);
});

test(
  'files that are there are not replaced, nobody gets in without one, and each is for what it says',
  options,
  async () => {
    const again = await runCommand(['cluster', 'creds', '--out', 'keys'], { cwd: scratch.folder });
    assert.equal(again.exit, 255);
    assert.match(again.stderr, /nats.conf is there already/);
    const stranger = await lab.run(numberedScript('refused'), [...RUN, '--nats-ca', ca]).ended;
    assert.equal(stranger.exit, 255, stranger.stderr);
    assert.match(stranger.stderr, /cannot be reached: .*Authorization/i);
    const agent = (name: string) => lab.command(['agent', '--nats', lab.nats.url, ...getIn(name)]).ended;
    assert.match((await agent('one')).stderr, /an agent with the credentials of one is there already/);
    assert.match((await agent('lead')).stderr, /for who leads runs, and not for an agent/);
  },
);

test(
  'an agent cannot decide, speak for others, hear what others are told in secret, or touch streams',
  options,
  async () => {
    const settings = { url: lab.nats.url, ca, cert: null, key: null };
    const agent = await connectNats({ ...settings, creds: file('one.nk') }, 'test');
    const lead = await connectNats({ ...settings, creds: file('lead.nk') }, 'test');
    const refused: string[] = [];
    const watching = (async () => {
      for await (const status of agent.status()) if (status.type === 'error') refused.push(status.error.message);
    })();
    try {
      const forbidden = [
        'sixfold.run.x.cmd',
        'sixfold.run.x.do',
        'sixfold.run.x.lead',
        'sixfold.run.x.evt.two',
        'sixfold.run.x.rep.two',
      ];
      forbidden.push(
        'sixfold.run.x.beat.two',
        'sixfold.agent.two.claim',
        '$JS.API.STREAM.DELETE.OBJ_sixfold',
        '$JS.API.STREAM.CREATE.SIXFOLD_RUN_x',
      );
      forbidden.push(
        '$JS.API.STREAM.MSG.GET.SIXFOLD_RUN_x',
        '$JS.API.CONSUMER.CREATE.SIXFOLD_RUN_x',
        '$O.sixfold.M.x',
        '$O.sixfold.C.x',
      );
      const heard: string[] = [];
      for (const subject of ['sixfold.>', '$O.>'])
        lead.subscribe(subject, { callback: (_, { subject: on }) => void heard.push(on) });
      await lead.flush();
      for (const subject of forbidden) agent.publish(subject, 'x');
      for (const subject of ['_INBOX_lead.>', 'sixfold.agent.two.claim', 'sixfold.>']) agent.subscribe(subject);
      // What it may say arrives behind all that.
      agent.publish('sixfold.run.x.evt.one', 'x');
      await until(() => heard.includes('sixfold.run.x.evt.one'), 'what it may say');
      assert.deepEqual(
        heard.filter((subject) => forbidden.includes(subject)),
        [],
      );
      await until(() => refused.length >= forbidden.length + 3, 'refusals');
      for (const subject of forbidden)
        assert.ok(
          refused.some((text) => text.includes(`"${subject}"`)),
          `${subject}: ${refused}`,
        );
      assert.ok(
        refused.some((text) => text.includes('_INBOX_lead')),
        refused.join('\n'),
      );
      await mayLead(lead);
    } finally {
      await agent.close();
      await lead.close();
      await watching;
    }
  },
);

/** @throws where it cannot do what leading needs */
async function mayLead(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'SIXFOLD_RUN_x', subjects: ['sixfold.run.x.cmd'], max_bytes: 10_000 });
  await manager.streams.delete('SIXFOLD_RUN_x');
}

test('what lies in NATS is encrypted, and a test can be stopped from elsewhere on its machine', options, async () => {
  const marks = ['mark-of-script', 'mark-of-env', 'mark-of-setup', 'mark-of-log', 'mark-of-option'];
  const script = `
    import { sleep } from 'k6';
    import http from 'k6/http';
    export const options = { vus: 4, duration: '2m', tags: { run: 'mark-of-option' } };
    export function setup() { return 'mark-' + 'of-setup'; }
    export default function (data) { console.log('mark-' + 'of-log', data, 'mark-of-script'); http.get(__ENV.TARGET + '/stored/'); sleep(0.1); }
    export function teardown() { http.get(__ENV.TARGET + '/stored/teardown'); }`;
  const run = lab.run(script, [...RUN, ...getIn('lead'), '--sign', file('sign.key'), '-e', 'MARK=mark-of-env']);
  await run.printed(/mark-of-log/);
  const listed = await lab.command(['cluster', 'status', '--nats', lab.nats.url, ...getIn('lead')]).ended;
  const id = /run: "?(\w+)"?/.exec(listed.stdout)?.[1];
  assert.ok(id !== undefined, listed.stdout + listed.stderr);
  // Of both agents, whichever of them spoke first.
  const record = ['one', 'agents'].map((name) => `sixfold.run.${id}.evt.${name}`);
  let stored = '';
  await until(() => {
    stored = readAll(lab.nats.store);
    return record.some((subject) => stored.includes(subject));
  }, 'the record of the run is there');
  for (const mark of marks) assert.ok(!stored.includes(mark), mark);
  const stopped = await lab.command(['cluster', 'stop', id, ...getIn('lead')]).ended;
  assert.equal(stopped.exit, 0, stopped.stderr);
  const outcome = await run.ended;
  assert.equal(outcome.exit, 103, outcome.stderr);
  assert.match(outcome.stderr, /stopped with .*sixfold cluster stop/);
  assert.equal(lab.asked('/stored/teardown').get('/stored/teardown'), 1);
});

test(
  'a signed run that nobody leads is removed: its agents follow, since the order is signed too',
  options,
  async () => {
    const script = numberedScript('removed', { iterations: 20_000, vus: 4, pause: 0.1 });
    const run = lab.run(script, [...RUN, ...getIn('lead'), '--sign', file('sign.key')]);
    await until(() => lab.asked('/removed/iteration/').size > 10, 'load');
    run.child.kill('SIGKILL');
    await run.ended;
    const [id] = readdirSync(path.join(lab.stateFolder, 'sixfold/runs')).map((name) => path.basename(name, '.json'));
    const removed = await lab.command(['cluster', 'rm', id!, '--nats', lab.nats.url, ...getIn('lead')]).ended;
    assert.equal(removed.exit, 0, removed.stderr);
    for (const agent of lab.agents) await agent.printed(new RegExp(`the run ${id} is over`));
  },
);

test('keys and trust that make no sense are named', options, async () => {
  writeFileSync(path.join(scratch.folder, 'empty.nk'), '\n');
  const empty = path.join(scratch.folder, 'empty.nk');
  const cases: [readonly string[], RegExp][] = [
    [['agent', '--nats', lab.nats.url, '--nats-creds', empty], /empty.nk holds no credentials for NATS/],
    [['agent', '--nats', lab.nats.url, '--nats-creds', 'absent.nk'], /credentials for NATS cannot be read: ENOENT/],
    [['agent', '--nats', lab.nats.url, '--trust', empty], /--trust .*there is no public key/],
    [['agent', '--nats', lab.nats.url, '--nats-cert', ca], /--nats-cert and --nats-key go together/],
    [['cluster', 'creds', '--agent', 'a.b', '--out', 'x'], /--agent a.b: letters, digits/],
    [['cluster', 'creds', '--tls-ca', ca, '--out', 'x'], /--tls-cert and --tls-key go together/],
  ];
  for (const [words, message] of cases) {
    const outcome = await lab.command(words).ended;
    assert.equal(outcome.exit, 255, outcome.stderr);
    assert.match(outcome.stderr, message);
  }
});

/** All files of a folder, one behind the other. */
function readAll(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
