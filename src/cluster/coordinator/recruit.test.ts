import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { createCurve } from '@nats-io/nkeys';
import { connect, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { type NatsServer, NO_NATS, spawnNats } from '../../../test/servers/spawn-nats.ts';
import { VERSION } from '../../options/package-version.ts';
import { type AgentCard, type Claim, type ClaimAnswer, type ClaimSecrets, PROTOCOL_VERSION } from '../messages.ts';
import { createSigningKey, isClaimSigned, Signer } from '../signing.ts';
import { agentSubjects, FIND } from '../subjects.ts';
import { type AgentWish, findAgents, recruitAgents } from './recruit.ts';

const options = { skip: NO_NATS };
const SECRETS: ClaimSecrets = { key: 'a2V5', env: { TOKEN: 'hidden' } };
const WISH: AgentWish = { count: 1, group: null, labels: {}, waitMs: 0 };
let server: NatsServer;
let connection: NatsConnection;
let subscriptions: Subscription[] = [];

before(async () => {
  if (NO_NATS) return;
  server = await spawnNats();
  connection = await connect({ servers: server.url });
});
afterEach(() => {
  for (const subscription of subscriptions) subscription.unsubscribe();
  subscriptions = [];
});
after(async () => {
  await connection?.close();
  await server?.stop();
});

/** Somebody who answers as an agent does. @param answer to claims; missing: takes part */
function pretend(card: Partial<AgentCard> & { readonly id: string }, answer: ClaimAnswer = { taken: true }) {
  const curve = createCurve();
  const seen = { claims: [] as Claim[], secrets: [] as ClaimSecrets[], released: [] as string[] };
  const whole: AgentCard = {
    ...{ v: PROTOCOL_VERSION, name: card.id, version: VERSION, cores: 2, memory: 1024, group: 'default', labels: {} },
    ...{ busy: null, sealKey: curve.getPublicKey() },
    ...card,
  };
  const { claim, release } = agentSubjects(card.id);
  subscriptions.push(
    connection.subscribe(FIND, { callback: (_, message) => void message.respond(JSON.stringify(whole)) }),
    connection.subscribe(claim, {
      callback: (_, message) => {
        const claimed = message.json<Claim>();
        seen.claims.push(claimed);
        const opened = curve.open(Buffer.from(claimed.sealed, 'base64'), claimed.from);
        seen.secrets.push(JSON.parse(Buffer.from(opened!).toString('utf8')) as ClaimSecrets);
        message.respond(JSON.stringify(answer));
      },
    }),
    connection.subscribe(release, {
      callback: (_, message) => void seen.released.push(message.json<{ run: string }>().run),
    }),
  );
  return seen;
}

test('those that answer are listed, the free ones first, by their names', options, async () => {
  for (const [id, busy] of [
    ['c', null],
    ['a', 'some-run'],
    ['b', null],
  ] as const)
    pretend({ id, busy });
  assert.deepEqual(
    (await findAgents(connection)).map(({ id }) => id),
    ['b', 'c', 'a'],
  );
});

test('answers that are none keep nobody from being found', options, async () => {
  for (const garbage of ['{', 'null', '{"id":7}'])
    subscriptions.push(connection.subscribe(FIND, { callback: (_, message) => void message.respond(garbage) }));
  pretend({ id: 'a' });
  assert.deepEqual(
    (await findAgents(connection)).map(({ id }) => id),
    ['a'],
  );
});

test(
  'each gets its number and what is secret, sealed for it alone; nobody is asked beyond those',
  options,
  async () => {
    const agents = ['a', 'b', 'c'].map((id) => pretend({ id }));
    const recruits = await recruitAgents(connection, 'run1', { ...WISH, count: 2 }, SECRETS, null);
    assert.deepEqual(recruits, [
      { id: 'a', name: 'a', cores: 2 },
      { id: 'b', name: 'b', cores: 2 },
    ]);
    assert.deepEqual(
      agents.map(({ claims }) => claims.map(({ index }) => index)),
      [[0], [1], []],
    );
    assert.deepEqual(agents[0]!.secrets, [SECRETS]);
    assert.ok(!JSON.stringify(agents[0]!.claims).includes('hidden'));
    assert.equal(agents[0]!.claims[0]!.signature, undefined);
  },
);

test('claims are signed where there is a key', options, async () => {
  const { claims } = pretend({ id: 'a' });
  await recruitAgents(connection, 'run1', WISH, SECRETS, new Signer(createSigningKey().file.trim()));
  assert.ok(isClaimSigned(claims[0]!));
});

test('two of one name are told apart', options, async () => {
  pretend({ id: 'aaaa1111', name: 'host' });
  pretend({ id: 'bbbb2222', name: 'host' });
  const recruits = await recruitAgents(connection, 'run1', { ...WISH, count: 2 }, SECRETS, null);
  const names = recruits.map(({ name }) => name).sort();
  assert.equal(names[0], 'host');
  assert.match(names[1]!, /^host-(?:aaaa|bbbb)$/);
});

test('why each cannot take part is said, and none is claimed where they are too few', options, async () => {
  const free = pretend({ id: 'free', labels: { zone: 'eu' } });
  pretend({ id: 'old', version: '0.0.1', labels: { zone: 'eu' } });
  pretend({ id: 'elsewhere', group: 'us', labels: { zone: 'eu' } });
  pretend({ id: 'unlabelled' });
  pretend({ id: 'working', busy: 'run0', labels: { zone: 'eu' } });
  pretend({ id: 'leaving', busy: 'draining', labels: { zone: 'eu' } });
  const wish = { ...WISH, count: 2, group: 'default', labels: { zone: 'eu' } };
  await assert.rejects(recruitAgents(connection, 'run1', wish, SECRETS, null), ({ message }: Error) => {
    assert.match(message, /needs 2 agents of the group "default" with zone=eu, and after 0 s there is only 1 \(free\)/);
    assert.match(message, new RegExp(`old: it is Sixfold 0\\.0\\.1, and this is ${VERSION}`));
    assert.match(message, /elsewhere: it is of the group "us"/);
    assert.match(message, /unlabelled: it has not the label zone=eu/);
    assert.match(message, /working: it is busy with the run run0/);
    assert.match(message, /leaving: it is about to end/);
    return true;
  });
  assert.deepEqual(free.claims, []);
});

test('where another test was faster with one of them, the others are let go', options, async () => {
  const first = pretend({ id: 'a' });
  pretend({ id: 'b' }, { taken: false, reason: 'it is busy with the run run0', run: 'run0' });
  await assert.rejects(
    recruitAgents(connection, 'run1', { ...WISH, count: 2 }, SECRETS, null),
    /only 1 \(a\)\n {2}b: it is busy with the run run0/,
  );
  await connection.flush();
  assert.deepEqual(first.released, ['run1']);
});

test('nobody there is said so', options, async () => {
  await assert.rejects(
    recruitAgents(connection, 'run1', { ...WISH, count: 3 }, SECRETS, null),
    /needs 3 agents, and after 0 s there are none\nStart more with "sixfold agent --nats URL"/,
  );
});
