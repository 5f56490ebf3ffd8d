// Links that are cut, with hosts of their own on this machine: an agent without a way to NATS, and NATS without a way to anybody.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from '@nats-io/transport-node';
import { findProgram } from '../../servers/has-program.ts';
import { type Link, Network, NO_NAMESPACES } from '../../servers/network-namespaces.ts';
import { type NatsServer, NO_NATS } from '../../servers/spawn-nats.ts';
import { until } from '../until.ts';
import { ClusterLab, numberedScript, OVER_EIGHT } from './cluster-lab.ts';
import { assertUnharmed, samplesTo } from './folded-twice.ts';

const options = { skip: NO_NATS || NO_NAMESPACES };
const PORT = 4222;
const ITERATIONS = 4000;
const CUT_MS = 6000;
let network: Network;
let lab: ClusterLab;
/** From this machine to the host of NATS, and from there to the host of an agent. */
let toNats: Link;
let agentToNats: Link;

before(async () => {
  if (options.skip) return;
  network = new Network();
  const [natsHost, agentHost] = [network.addHost('nats'), network.addHost('agent')];
  toNats = network.join(null, natsHost);
  agentToNats = network.join(natsHost, agentHost);
  const toAgent = network.join(null, agentHost);
  lab = await ClusterLab.over(await spawnNatsOn(natsHost, toNats.to), '0.0.0.0');
  await lab.startAgents(7);
  await lab.startAgents(1, ['--nats', `nats://${agentToNats.from}:${PORT}`], {}, agentHost);
  targetForAll = `http://${toAgent.from}:${lab.target.port}`;
});
after(async () => {
  agentToNats?.mend();
  toNats?.mend();
  await lab?.close();
  network?.close();
});

/** The address of the target that every host reaches: that of this machine on its link to the agent. */
let targetForAll: string;

async function spawnNatsOn(host: string, address: string): Promise<NatsServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-nats-'));
  const store = path.join(folder, 'store');
  const file = path.join(folder, 'nats.conf');
  writeFileSync(
    file,
    `listen: 0.0.0.0:${PORT}\njetstream: { store_dir: ${JSON.stringify(store)}, max_file_store: 4GB }\n`,
  );
  const server = spawn('ip', ['netns', 'exec', host, findProgram('nats-server')!, '-c', file], { stdio: 'ignore' });
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  const url = `nats://${address}:${PORT}`;
  await until(async () => {
    const connection = await connect({ servers: url, timeout: 2000, reconnect: false }).catch(() => null);
    await connection?.close();
    return connection !== null;
  }, 'NATS in a namespace of its own');
  return {
    url,
    port: PORT,
    store,
    kill,
    restart: () => Promise.reject(new Error('it is only ever cut off')),
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

for (const [name, what, links] of [
  ['agent-cut', 'an agent is cut off from NATS for 6 s', () => [agentToNats]],
  ['nats-cut', 'NATS is cut off from everybody for 6 s', () => [toNats, agentToNats]],
] as const) {
  test(`${what}: each of 4,000 numbers once, and all of it is counted`, options, async () => {
    const flags = [...OVER_EIGHT, '-e', `TARGET=${targetForAll}`, ...samplesTo(lab, name)];
    const run = lab.run(numberedScript(name, { pause: 0.1 }), flags);
    await until(() => lab.asked(`/${name}/iteration/`).size > ITERATIONS / 10, 'load');
    for (const link of links()) link.cut();
    const cutAt = performance.now();
    const before = lab.asked(`/${name}/iteration/`).size;
    await until(() => performance.now() - cutAt > CUT_MS, '6 s without a link');
    assert.ok(lab.asked(`/${name}/iteration/`).size > before, 'the load goes on');
    for (const link of links()) link.mend();
    await assertUnharmed(lab, name, run);
  });
}
