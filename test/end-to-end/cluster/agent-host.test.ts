// Agents as places where load runs: the contract of every load host, over a NATS server and agents that are processes of their own.
import { after, describe } from 'node:test';
import { beginRun } from '../../../src/cluster/coordinator/begin-run.ts';
import { testLoadHosts } from '../../../src/execution/load-host-suite.fixture.ts';
import { remoteModulesOf } from '../../../src/run/load-script-file.ts';
import { openScript } from '../../../src/run/open-script.ts';
import { NO_NATS } from '../../servers/spawn-nats.ts';
import { ClusterLab } from './cluster-lab.ts';

/** More than are lost by the tests, and as many as they need at once. */
const AGENTS = 4;

describe('agents', { skip: NO_NATS }, () => {
  let opened: Promise<ClusterLab> | null = null;
  after(async () => (await opened)?.close());

  async function openLab(): Promise<ClusterLab> {
    const lab = await ClusterLab.open();
    await lab.startAgents(AGENTS);
    return lab;
  }

  testLoadHosts('agents', async ({ env, script, count }) => {
    opened ??= openLab();
    const lab = await opened;
    const coordinator = await beginRun({
      nats: { url: lab.nats.url, creds: null, ca: null, cert: null, key: null },
      signer: null,
      agents: { count, group: null, labels: {}, waitMs: 60_000 },
      shares: 'equal',
      agentTimeoutMs: 15_000,
      goneMs: 60_000,
      spares: 0,
      env,
      compile: { instrument: [], perVu: [], isBase: false },
      script: script.file!,
      log: () => {},
    });
    const packed = openScript(script.file!, null);
    const threads = { env, script, keyLogFile: null, isDebugged: false };
    const remote = remoteModulesOf(script.file, { offline: true, packed: null });
    return {
      hosts: coordinator.hostsFor(threads, packed, remote),
      lose: (index) => {
        const { name } = coordinator.agents[index]!;
        lab.agents[Number(name.replace('agent-', '')) - 1]!.child.kill('SIGKILL');
      },
      close: async () => void (await coordinator.close()),
    };
  });
});
