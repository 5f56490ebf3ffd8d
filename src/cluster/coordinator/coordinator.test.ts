import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { until } from '../../../test/end-to-end/until.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../../test/servers/spawn-nats.ts';
import { Envelope } from '../envelope.ts';
import type { Answer } from '../messages.ts';
import { BUCKET, runSubjects } from '../subjects.ts';
import { removeRun } from './begin-run.ts';
import { Coordinator } from './coordinator.ts';
import { RunStream } from './run-stream.ts';

const options = { skip: NO_NATS };
const envelope = Envelope.create();
let server: NatsServer;
let stranger: NatsConnection;

before(async () => {
  if (NO_NATS) return;
  server = await spawnNats();
  stranger = await connect({ servers: server.url });
});
after(async () => {
  await stranger?.close();
  await server?.stop();
});

/** Leads a run of one agent that never says anything. */
async function lead(run: string) {
  const connection = await connect({ servers: server.url });
  const stream = new RunStream(connection, run, envelope, null);
  await stream.create();
  const logged: string[] = [];
  const coordinator = await Coordinator.open({
    ...{
      connection,
      run,
      envelope,
      stream,
      term: 1,
      remove: removeRun,
      shares: 'equal',
      agentTimeoutMs: 60_000,
      spares: 0,
      goneMs: 60_000,
    },
    bucket: await new Objm(jetstream(connection)).create(BUCKET),
    recruits: [{ id: 'a', name: 'eu-1', cores: 1 }],
    compile: { instrument: [], perVu: [], isBase: false },
    script: 'script.js',
    log: (_, text) => void logged.push(text),
  });
  return { coordinator, logged, stream };
}

test('what was not sealed for the run is passed over, said once, and the run is led on', options, async () => {
  const { coordinator, logged } = await lead('garbage');
  const { questions, commands, beat, events } = runSubjects('garbage');
  for (const octets of ['', 'x'.repeat(40), 'x'.repeat(40)])
    for (const subject of [questions, commands, beat('a'), events('a')]) stranger.publish(subject, octets);
  const ask = async () => {
    const reply = await stranger.request(questions, envelope.sealJson({ type: 'clock' }));
    return envelope.openJson<Answer>(reply.data).type;
  };
  assert.equal(await ask(), 'clock');
  const said = (subject: string) => logged.filter((text) => text.includes(`a message on ${subject} cannot be read`));
  await until(() => said(commands).length > 0, 'what is said of the record');
  assert.equal(await ask(), 'clock');
  assert.equal(said(commands).length, 1);
  assert.equal(said(questions).length, 1);
  await coordinator.close();
});
