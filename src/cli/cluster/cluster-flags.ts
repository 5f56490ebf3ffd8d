// The flags by which `run` has its load made by agents on other machines.
import type { Command } from 'commander';
import type { AgentWish } from '../../cluster/coordinator/recruit.ts';
import type { NatsSettings } from '../../cluster/nats-link.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { readDuration } from '../flags/duration-flags.ts';
import { addFlags, type FlagReader } from '../flags/flag-reader.ts';
import type { Choice } from '../flags/flag-table.ts';
import { addNatsFlags, readNatsFlags } from './nats-flags.ts';

const MOST_AGENTS = 1000;
const WAIT_MS = 60_000;
const TIMEOUT_MS = 15_000;
/** A minute more than agents wait, which have stopped the load by then. */
const GONE_MS = 6 * 60_000;

export interface ClusterFlags {
  readonly nats: NatsSettings;
  readonly agents: AgentWish;
  /** A file with the key to sign with; null: the run is not signed. */
  readonly sign: string | null;
  readonly shares: Choice<'agentShares'>;
  readonly onLoss: Choice<'onAgentLoss'>;
  /** A run to be led on, rather than begun, with its key; missing: none. */
  readonly takeOver?: { readonly run: string; readonly key: string };
  /** Agents that wait to take over the load of others. */
  readonly spares: number;
  /** Ms of silence. */
  readonly agentTimeoutMs: number;
  /** How long NATS may be gone, in ms. */
  readonly goneMs: number;
}

/** Adds the flags to `run`. */
export function addClusterFlags(command: Command): Command {
  addNatsFlags(command);
  addFlags(command, 'agents', 'agentGroup', 'agentLabel', 'agentShares');
  return addFlags(command, 'sign', 'agentsWait', 'agentTimeout', 'natsTimeout', 'onAgentLoss', 'spares');
}

/** @returns null: the load is made here @throws ExitError 255 for flags that do not go together */
export function readClusterFlags(flags: FlagReader): ClusterFlags | null {
  const count = flags.text('agents');
  if (count === null) {
    if (flags.given('nats') === undefined) return null;
    throw new ExitError(EXIT.other, '--nats needs --agents: how many agents are to make the load');
  }
  const nats = readNatsFlags(flags);
  if (nats === null)
    throw new ExitError(EXIT.other, '--agents needs --nats (or SIXFOLD_NATS): the server at which agents are found');
  const onLoss = flags.choice('onAgentLoss', 'policy') ?? 'continue';
  return {
    nats,
    agents: {
      count: readCount('--agents', count, 1),
      group: flags.text('agentGroup'),
      labels: readLabels(flags.list('agentLabel') ?? []),
      waitMs: readDuration(flags, 'agentsWait', WAIT_MS),
    },
    sign: flags.text('sign'),
    shares: flags.choice('agentShares', 'way to divide the load') ?? 'equal',
    onLoss,
    spares: readSpares(flags.text('spares'), onLoss),
    agentTimeoutMs: readDuration(flags, 'agentTimeout', TIMEOUT_MS),
    goneMs: readDuration(flags, 'natsTimeout', GONE_MS),
  };
}

/** @throws ExitError 255 for what is no key=value */
function readLabels(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new ExitError(EXIT.other, `--agent-label ${text}: it has the form key=value`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function readCount(flag: string, text: string, least: number): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < least || count > MOST_AGENTS)
    throw new ExitError(EXIT.other, `${flag} ${text}: it must be a whole number from ${least} to ${MOST_AGENTS}`);
  return count;
}

/** @throws ExitError 255 where nobody would take anything over */
function readSpares(text: string | null, onLoss: ClusterFlags['onLoss']): number {
  if (text === null) return onLoss === 'replace' ? 1 : 0;
  const spares = readCount('--spares', text, 0);
  if (spares > 0 && onLoss !== 'replace')
    throw new ExitError(
      EXIT.other,
      '--spares needs --on-agent-loss replace: spare agents take over the load of lost ones',
    );
  if (spares === 0 && onLoss === 'replace')
    throw new ExitError(EXIT.other, '--on-agent-loss replace needs an agent that is spare: --spares 1, or more');
  return spares;
}
