// What befalls machines and the ways between them while a test runs, beside death: each number once, and all of it counted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import type { Command } from '../command.ts';
import { until } from '../until.ts';
import { assertStartedTogether, ClusterLab, numberedScript, OVER_EIGHT, signalMachine } from './cluster-lab.ts';
import { type CuttableLink, startCuttableLink } from './cut-link.ts';
import { assertUnharmed, samplesTo } from './folded-twice.ts';

const options = { skip: NO_NATS };
let lab: ClusterLab;
let link: CuttableLink;
let connection: NatsConnection;

before(async () => {
  if (NO_NATS) return;
  lab = await ClusterLab.open();
  connection = await connect({ servers: lab.nats.url });
  link = await startCuttableLink(lab.nats.port);
  // Two whose clocks are wrong in either direction, and one whose way to NATS can be cut.
  await lab.startAgents(1, [], { SIXFOLD_AGENT_CLOCK_SKEW: '2500' });
  await lab.startAgents(1, [], { SIXFOLD_AGENT_CLOCK_SKEW: '-2500' });
  await lab.startAgents(1, ['--nats', link.url]);
  await lab.startAgents(5);
});
after(async () => {
  await connection?.close();
  await lab?.close();
  await link?.close();
});

/** Begins a run and waits until the load is on. */
async function begin(name: string): Promise<Command> {
  const run = lab.run(numberedScript(name, { pause: 0.1 }), [...OVER_EIGHT, ...samplesTo(lab, name)]);
  await until(() => lab.asked(`/${name}/iteration/`).size > 300, 'load');
  return run;
}

test(
  'clocks that are wrong by seconds begin at one moment, and a link that is cut for 6 s loses nothing',
  options,
  async () => {
    const run = await begin('cut');
    assertStartedTogether(lab, 'cut');
    link.cut();
    const cutAt = performance.now();
    await until(() => performance.now() - cutAt > 6000, '6 s without a link');
    link.mend();
    await assertUnharmed(lab, 'cut', run);
    const { stderr: log } = await lab.run(
      numberedScript('clocks', { iterations: 160, vus: 16, pause: 0.1 }),
      OVER_EIGHT,
    ).ended;
    const shifts = [...log.matchAll(/agent-(\d).*its clock was ([\d.]+) ms (ahead|behind)/g)];
    const shiftOf = (agent: string) => shifts.find(([, number]) => number === agent)!.slice(2);
    assert.ok(Math.abs(Number(shiftOf('1')[0]) - 2500) < 250 && shiftOf('1')[1] === 'ahead', log);
    assert.ok(Math.abs(Number(shiftOf('2')[0]) - 2500) < 250 && shiftOf('2')[1] === 'behind', log);
  },
);

test('an agent that is slow, and messages that come twice, change no number', options, async () => {
  const run = await begin('slow');
  // It has the processor for a quarter of the time.
  const { pid } = lab.agents[0]!.child;
  const beats = setInterval(() => {
    signalMachine(pid!, 'SIGSTOP');
    setTimeout(() => signalMachine(pid!, 'SIGCONT'), 450);
  }, 600);
  try {
    await until(() => lab.asked('/slow/iteration/').size > 1200, 'more load');
    assert.ok((await repeatAll()) > 10);
    await until(() => lab.asked('/slow/iteration/').size > 2200, 'more load');
  } finally {
    clearInterval(beats);
  }
  signalMachine(pid!, 'SIGCONT');
  await assertUnharmed(lab, 'slow', run);
});

/** Sends once more what agents have said so far, as a network that has lost an acknowledgement would, only later than NATS looks for that. */
async function repeatAll(): Promise<number> {
  const manager = await jetstreamManager(connection);
  const stream = await onlyStream();
  const { state } = await manager.streams.info(stream);
  let count = 0;
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(stream, { seq });
    if (message === null || !/\.(?:evt|rep)\./.test(message.subject)) continue;
    const about = headers();
    for (const [key, values] of message.header) if (key !== 'Nats-Msg-Id') about.set(key, values[0]!);
    connection.publish(message.subject, message.data, { headers: about });
    count++;
  }
  await connection.flush();
  return count;
}

/** @returns the name of the stream of the run in progress */
async function onlyStream(): Promise<string> {
  const manager = await jetstreamManager(connection);
  const names: string[] = [];
  for await (const name of manager.streams.names()) if (name.startsWith('SIXFOLD_RUN_')) names.push(name);
  assert.equal(names.length, 1);
  return names[0]!;
}

test(
  'NATS takes nothing more since its disk is full: agents keep what they measure, and it is there once there is room',
  options,
  async () => {
    const run = await begin('full');
    const manager = await jetstreamManager(connection);
    const stream = await onlyStream();
    const { config, state } = await manager.streams.info(stream);
    await manager.streams.update(stream, { ...config, max_bytes: state.bytes + 1 });
    await run.printed(
      /agent-\d cannot hand over what it has measured, and keeps it: NATS refuses it: maximum bytes exceeded/,
    );
    await until(() => lab.asked('/full/iteration/').size > 2000, 'load that goes on');
    await manager.streams.update(stream, config);
    await assertUnharmed(lab, 'full', run);
  },
);
