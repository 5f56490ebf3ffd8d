import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsServer, NO_NATS, spawnNats } from '../../../test/servers/spawn-nats.ts';
import type { AgentCard, ClaimAnswer } from '../messages.ts';
import { agentSubjects, FIND } from '../subjects.ts';
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
    ...{ name: 'eu-1', group: 'default', labels: {}, trusted: [], once: false },
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
    assert.match(JSON.stringify(answer.json<ClaimAnswer>()), /it speaks version 1 of the protocol, and not 99/);
    assert.equal((await card()).busy, null);
    for (const subject of [claim, release])
      assert.equal(logged.filter((text) => text.includes(`a message on ${subject} cannot be read`)).length, 1);
  },
);
