// Load on other machines: the process of the run leads agents over NATS.
import type { RunRequest } from '../../run/run-request.ts';
import type { ChildLink } from './child-link.ts';
import type { ChildTask } from './child-protocol.ts';

/** How long agents that are busy or away are waited for, in ms. */
const AGENTS_WAIT_MS = 60_000;
/** Silence after which an agent counts as lost, in ms. */
const AGENT_TIMEOUT_MS = 15_000;

export interface ClusterLoad {
  readonly request: Pick<RunRequest, 'load' | 'onLoss' | 'workers'>;
  /** Lets go of the agents. */
  end(): Promise<void>;
}

/** @returns null: the load is made here @throws ExitError 255 where NATS or agents are missing */
export async function clusterLoad(task: ChildTask, link: ChildLink): Promise<ClusterLoad | null> {
  const { cluster, variables, script } = task;
  if (cluster === null) return null;
  const { beginRun } = await import('../../cluster/coordinator/begin-run.ts');
  const leader = await beginRun({
    nats: cluster.nats,
    agents: { count: cluster.agents, group: null, labels: {}, waitMs: AGENTS_WAIT_MS },
    signer: null,
    shares: 'equal',
    agentTimeoutMs: AGENT_TIMEOUT_MS,
    env: variables,
    compile: { instrument: [], perVu: [], isBase: false },
    script,
    log: (level, text) => link.log(level, text, {}, new Date()),
  });
  return {
    request: {
      load: (threads, opened, remote) => leader.hostsFor(threads, opened, remote),
      onLoss: 'continue',
      workers: leader.agentCount,
    },
    end: async () => void (await leader.close()),
  };
}
