// A test from the command line whose load agents make: what is asked for, and what a run gets from it.
import type { Coordinator } from '../../cluster/coordinator/coordinator.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { RunRequest } from '../../run/run-request.ts';
import type { LogWriter } from '../log/log-writer.ts';
import type { TestCommand } from '../test-command.ts';

/** @throws ExitError 255 for what cannot go with agents, a server that is not there, and too few agents */
export async function leadRun(command: TestCommand, log: LogWriter): Promise<Coordinator | null> {
  const { cluster, runtime } = command;
  if (cluster === null) return null;
  refuseOthers(command);
  const { beginRun } = await import('../../cluster/coordinator/coordinator.ts');
  return beginRun({
    nats: cluster.nats,
    agents: cluster.agents,
    shares: cluster.shares,
    agentTimeoutMs: cluster.agentTimeoutMs,
    env: variablesOf(command),
    compile: {
      instrument: runtime.instrument,
      perVu: runtime.perVu,
      isBase: runtime.compatibilityMode === 'base',
    },
    script: command.script,
    words: [],
    log: (level, text) => log.log(level, text),
  });
}

/** What a run over agents asks for beside the rest. */
export function requestOfCluster(
  command: TestCommand,
  leader: Coordinator,
): Pick<RunRequest, 'load' | 'onLoss' | 'variables' | 'workers'> {
  return {
    load: (threads, script, remote) => leader.hostsFor(threads, script, remote),
    onLoss: command.cluster?.onLoss ?? 'continue',
    variables: variablesOf(command),
    workers: leader.agentCount,
  };
}

/** What the script sees: that of this machine's system stays here. */
function variablesOf({ variables, runtime }: TestCommand): Record<string, string> {
  return { ...variables, ...runtime.env };
}

/** @throws ExitError 255 for what has no meaning over several machines */
function refuseOthers({ script, workers, debugger: debug, settings, run }: TestCommand): void {
  const refuse = (what: string): never => {
    throw new ExitError(EXIT.other, `${what} does not go with --agents`);
  };
  if (script === '-') refuse('a script from standard input (save it in a file)');
  if (debug !== null) refuse('--inspect');
  if (workers !== undefined) refuse('--workers (each agent has as many threads as its machine gains from)');
  if (settings.executionSegment !== undefined || settings.executionSegmentSequence !== undefined)
    refuse('an execution segment (each agent gets its own)');
  if (run.out !== null && run.out.length > 0)
    refuse('--out (agents send sums, and outputs need samples; --report, --web and --summary-export work)');
}
