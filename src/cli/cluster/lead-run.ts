// A test from the command line whose load agents make: what is asked for, and what a run gets from it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AgentState } from '../../cluster/coordinator/agent-host.ts';
import type { Coordinator } from '../../cluster/coordinator/coordinator.ts';
import { forgetRun, keepRun } from '../../cluster/coordinator/run-file.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { AgentRecord } from '../../report/agent-record.ts';
import type { RunRequest } from '../../run/run-request.ts';
import type { LogWriter } from '../log/log-writer.ts';
import type { TestCommand } from '../test-command.ts';
import type { AgentFiles } from './agent-files.ts';

/** @param files that agents are to make @throws ExitError 255 for what cannot go with agents, a server that is not there, and too few agents */
export async function leadRun(command: TestCommand, files: AgentFiles, log: LogWriter): Promise<Coordinator | null> {
  const { cluster, runtime } = command;
  if (cluster === null) return null;
  refuseOthers(command);
  const [{ beginRun, takeOverRun }, { readSigner }] = await Promise.all([
    import('../../cluster/coordinator/begin-run.ts'),
    import('../../cluster/signing.ts'),
  ]);
  const { nats, agents, shares, agentTimeoutMs, goneMs, spares, takeOver } = cluster;
  const { script } = command;
  const signer = cluster.sign === null ? null : readSigner(cluster.sign);
  const say = (level: 'info' | 'warning' | 'error', text: string): void => log.log(level, text);
  const onFile = files.take.bind(files);
  if (takeOver !== undefined) {
    const write = (octets: Uint8Array): void => writeFileSync(script, octets);
    return takeOverRun({ nats, signer, ...takeOver, archiveFile: script, write, log: say, onFile, goneMs });
  }
  const { instrument, perVu, compatibilityMode } = runtime;
  const compile = { instrument, perVu, isBase: compatibilityMode === 'base', files: files.kinds };
  const leader = await beginRun({
    nats,
    signer,
    agents,
    shares,
    agentTimeoutMs,
    goneMs,
    spares,
    env: variablesOf(command),
    compile,
    script,
    log: say,
    onFile,
  });
  const { run, key } = leader;
  const variables = Object.fromEntries(
    Object.entries(command.env).flatMap(([name, value]) =>
      value !== undefined && /^(?:K6|SIXFOLD)_/.test(name) ? [[name, value]] : [],
    ),
  );
  const words = process.argv.slice(2);
  const sign = cluster.sign === null ? null : path.resolve(cluster.sign);
  keepRun({ run, key, nats, sign, words, script, folder: process.cwd(), variables }, command.env);
  return leader;
}

/** The run is over, or somebody else leads it. */
export async function endLead(
  command: TestCommand,
  leader: Coordinator | null,
  files: AgentFiles,
  log: LogWriter,
): Promise<void> {
  if (leader === null) return;
  for (const { level, text } of await files.close(leader.agents.map(({ name }) => name))) log.log(level, text);
  for (const agent of leader.agents) if (agent.counts !== null) log.log('info', describeAgent(agent));
  const isOver = await leader.close();
  if (isOver) forgetRun(leader.run, command.env);
}

/** A thread that is busy for so much of the time is late with what is due. */
const BUSY_SHARE = 0.9;

/** An agent as it is shown. */
function recordOf({ name, isLost, counts, beat, p95Ms }: AgentState): AgentRecord {
  const { iterationsCompleted = 0, iterationsFailed = 0, vusActive = 0 } = counts ?? {};
  const busyShare = beat?.busyShare ?? 0;
  const isWaiting = (beat?.problem ?? null) !== null;
  return {
    name,
    health: isLost ? 'lost' : isWaiting ? 'waiting' : busyShare > BUSY_SHARE ? 'busy' : 'ok',
    vus: isLost ? 0 : vusActive,
    iterations: iterationsCompleted,
    failed: iterationsFailed,
    p95Ms,
    clockShiftMs: beat?.clockShiftMs ?? 0,
    busyShare: Math.min(1, busyShare),
  };
}

/** @returns what an agent had part in: `eu-1: 1334 iterations, 2 failed; its clock was 12.3 ms behind` */
function describeAgent({ name, isLost, counts, beat }: AgentState): string {
  const { iterationsCompleted, iterationsFailed } = counts!;
  const failed = iterationsFailed > 0 ? `, ${iterationsFailed} failed` : '';
  const shift = beat?.clockShiftMs ?? 0;
  const clock = `its clock was ${Math.abs(shift).toFixed(1)} ms ${shift < 0 ? 'ahead' : 'behind'}`;
  return `${name}: ${iterationsCompleted} iterations${failed}${isLost ? ', then it was lost' : ''}; ${clock}`;
}

/** What a run over agents asks for beside the rest. */
export function requestOfCluster(
  command: TestCommand,
  leader: Coordinator,
): Pick<RunRequest, 'load' | 'onLoss' | 'variables' | 'workers' | 'agents'> {
  return {
    load: (threads, script, remote) => leader.hostsFor(threads, script, remote),
    onLoss: command.cluster?.onLoss ?? 'continue',
    variables: variablesOf(command),
    workers: leader.agentCount,
    agents: () => leader.agents.map(recordOf),
  };
}

/** What the script sees: that of this machine's system stays here. */
function variablesOf({ variables, runtime }: TestCommand): Record<string, string> {
  return { ...variables, ...runtime.env };
}

/** @throws ExitError 255 for what has no meaning over several machines */
function refuseOthers({ script, workers, debugger: debug, settings }: TestCommand): void {
  const refuse = (what: string): never => {
    throw new ExitError(EXIT.other, `${what} does not go with --agents`);
  };
  if (script === '-') refuse('a script from standard input (save it in a file)');
  if (debug !== null) refuse('--inspect');
  if (workers !== undefined) refuse('--workers (each agent has as many threads as its machine gains from)');
  if (settings.executionSegment !== undefined || settings.executionSegmentSequence !== undefined)
    refuse('an execution segment (each agent gets its own)');
}
