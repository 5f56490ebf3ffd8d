// Load on other machines: the process of the run leads agents over NATS, from the beginning or from where another one has left them.
import type { Coordinator } from '../../cluster/coordinator/coordinator.ts';
import type { RunRequest } from '../../run/run-request.ts';
import type { ChildLink } from './child-link.ts';
import type { ChildTask } from './child-protocol.ts';

/** How long agents that are busy or away are waited for, in ms. */
const AGENTS_WAIT_MS = 60_000;
/** Silence after which an agent counts as lost, in ms. */
const AGENT_TIMEOUT_MS = 15_000;

/** How long NATS may be gone, in ms: a minute more than agents wait. */
const GONE_MS = 6 * 60_000;

export interface ClusterLoad {
  readonly request: Pick<RunRequest, 'load' | 'onLoss' | 'workers'>;
  /** Lets go of the agents. */
  end(): Promise<void>;
}

/** @returns null: the load is made here @throws ExitError 255 where NATS or agents are missing */
export async function clusterLoad(task: ChildTask, link: ChildLink): Promise<ClusterLoad | null> {
  const { cluster, variables, script } = task;
  if (cluster === null) return null;
  const { beginRun, takeOverRun } = await import('../../cluster/coordinator/begin-run.ts');
  const { nats, takeOver } = cluster;
  const log = (level: string, text: string): void => link.log(level, text, {}, new Date());
  if (takeOver !== null) {
    // What agents have been given was made from the script that lies here as well.
    const write = (): void => {};
    return placesOf(
      await takeOverRun({ nats, ...takeOver, signer: null, archiveFile: script, write, log, goneMs: GONE_MS }),
    );
  }
  const leader = await beginRun({
    nats,
    agents: { count: cluster.agents, group: null, labels: {}, waitMs: AGENTS_WAIT_MS },
    signer: null,
    shares: 'equal',
    agentTimeoutMs: AGENT_TIMEOUT_MS,
    goneMs: GONE_MS,
    spares: 0,
    env: variables,
    compile: { instrument: [], perVu: [], isBase: false },
    script,
    log,
  });
  link.say({ type: 'cluster', run: leader.run, key: leader.key });
  return placesOf(leader);
}

function placesOf(leader: Coordinator): ClusterLoad {
  return {
    request: {
      load: (threads, opened, remote) => leader.hostsFor(threads, opened, remote),
      onLoss: 'continue',
      workers: leader.agentCount,
    },
    end: async () => void (await leader.close()),
  };
}
