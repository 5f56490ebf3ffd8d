import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createCurve } from '@nats-io/nkeys';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { until } from '../../../test/end-to-end/until.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../../test/servers/spawn-nats.ts';
import { Envelope } from '../envelope.ts';
import { type AgentCard, type Claim, type ClaimAnswer, PROTOCOL_VERSION, type Recorded } from '../messages.ts';
import { agentSubjects, FIND, runSubjects } from '../subjects.ts';
import { type Agent, startAgent } from './agent.ts';

const options = { skip: NO_NATS };
const logged: string[] = [];
let server: NatsServer;
let connection: NatsConnection;
let agent: Agent;

before(async () => {
  if (NO_NATS) return;
  server = await spawnNats();
  connection = await connect({ servers: server.url });
  agent = await startAgent({
    nats: { url: server.url, creds: null, ca: null, cert: null, key: null },
    ...{
      name: 'eu-1',
      group: 'default',
      labels: {},
      trusted: [],
      once: false,
      unreachableMs: 60_000,
      orphanMs: 60_000,
    },
    log: (text) => void logged.push(text),
  });
});
after(async () => {
  await agent?.drain(true);
  await connection?.close();
  await server?.stop();
});

async function card(): Promise<AgentCard> {
  return (await connection.request(FIND, '')).json<AgentCard>();
}

test(
  'what cannot be read is passed over, said once, and leaves an agent that hears what comes next',
  options,
  async () => {
    const { claim, release } = agentSubjects((await card()).id);
    for (const garbage of ['', '{', 'null', '{"v":1,"run":"x","index":0,"from":"y","sealed":7}'])
      for (const subject of [claim, release]) connection.publish(subject, garbage);
    const answer = await connection.request(claim, JSON.stringify({ v: 99 }));
    assert.match(
      JSON.stringify(answer.json<ClaimAnswer>()),
      new RegExp(`it speaks version ${PROTOCOL_VERSION} of the protocol, and not 99`),
    );
    assert.equal((await card()).busy, null);
    for (const subject of [claim, release])
      assert.equal(logged.filter((text) => text.includes(`a message on ${subject} cannot be read`)).length, 1);
  },
);

test(
  'a claim counts once: after its run it is refused, and where the run has let the agent go it is not',
  options,
  async () => {
    const { id, sealKey } = await card();
    const { claim, release } = agentSubjects(id);
    const envelope = Envelope.create();
    const curve = createCurve();
    const secrets = Buffer.from(JSON.stringify({ key: envelope.key, env: {} }));
    const sealed = Buffer.from(curve.seal(secrets, sealKey)).toString('base64');
    const claimed: Claim = { v: PROTOCOL_VERSION, run: 'r1', index: 0, from: curve.getPublicKey(), sealed };
    const ask = async () => (await connection.request(claim, JSON.stringify(claimed))).json<ClaimAnswer>();
    const isFree = async () => (await card()).busy === null;
    assert.deepEqual(await ask(), { taken: true });
    connection.publish(release, JSON.stringify({ run: 'r1' }));
    await until(isFree, 'an agent that was let go');
    assert.deepEqual(await ask(), { taken: true });
    const over: Recorded = { v: PROTOCOL_VERSION, place: 1, decision: { type: 'over' } };
    connection.publish(runSubjects('r1').told, envelope.sealJson(over));
    await until(isFree, 'the end of the run');
    assert.deepEqual(await ask(), { taken: false, reason: 'it has had its part in the run r1' });
  },
);
