// What there is at a NATS server, for people.
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { Envelope } from '../envelope.ts';
import type { AgentCard, Question } from '../messages.ts';
import { connectNats, type NatsSettings } from '../nats-link.ts';
import type { Signer } from '../signing.ts';
import { runOfStream, runSubjects, streamOf } from '../subjects.ts';
import { removeRun } from './begin-run.ts';
import { findAgents } from './recruit.ts';
import { RunStream } from './run-stream.ts';

/** Signs of life come twice a second: who is silent for so long does not lead, in ms. */
const LISTEN_MS = 1600;
/** How long whoever leads a run may take to answer, in ms. */
const STOP_MS = 5000;

export interface RunListing {
  readonly run: string;
  readonly begun: string;
  /** Whether somebody leads it. */
  readonly led: boolean;
  /** Agents that give signs of life. */
  readonly agents: number;
  readonly octets: number;
}

/** @throws ExitError 255 where NATS cannot be reached */
export async function listAgents(nats: NatsSettings): Promise<AgentCard[]> {
  return withConnection(nats, findAgents);
}

/** Runs that NATS holds. @throws ExitError 255 where NATS cannot be reached */
export async function listRuns(nats: NatsSettings): Promise<RunListing[]> {
  return withConnection(nats, async (connection) => {
    const manager = await jetstreamManager(connection);
    const listed: Omit<RunListing, 'led' | 'agents'>[] = [];
    for await (const { config, created, state } of manager.streams.list()) {
      const run = runOfStream(config.name);
      if (run !== null) listed.push({ run, begun: created, octets: state.bytes });
    }
    const heard = await listen(connection);
    return listed.map((one) => {
      const { lead, beat } = runSubjects(one.run);
      const agents = [...heard].filter((subject) => subject.startsWith(beat(''))).length;
      return { ...one, led: heard.has(lead), agents };
    });
  });
}

/** @returns subjects of the signs of life that were heard */
async function listen(connection: NatsConnection): Promise<Set<string>> {
  const heard = new Set<string>();
  const subscription = connection.subscribe('sixfold.run.>', { callback: (_, { subject }) => void heard.add(subject) });
  await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
  subscription.unsubscribe();
  return heard;
}

/**
 * Ends a run and removes what NATS holds of it.
 * @param key of the run; null: its agents are not told, and find out once nobody has led for a while
 * @param signer who signed the run; null: nobody did
 * @throws ExitError 255 where there is no such run
 */
export async function endRun(
  nats: NatsSettings,
  run: string,
  key: string | null,
  signer: Signer | null,
): Promise<void> {
  await withConnection(nats, async (connection) => {
    const manager = await jetstreamManager(connection);
    await manager.streams.info(streamOf(run)).catch(() => {
      throw new ExitError(
        EXIT.other,
        `there is no run ${run} at ${nats.url}: "sixfold cluster status" lists those that there are`,
      );
    });
    if (key !== null) {
      const stream = new RunStream(connection, run, Envelope.of(key), signer);
      await stream.readDecisions();
      await stream.record({ type: 'over' });
      await connection.flush();
    }
    await removeRun(connection, run);
  });
}

/**
 * Has whoever leads a run end it in order: teardown and the summary still come.
 * @throws ExitError 255 where nobody leads it
 */
export async function stopRun(nats: NatsSettings, run: string, key: string): Promise<void> {
  const envelope = Envelope.of(key);
  const question: Question = { type: 'stop' };
  await withConnection(nats, async (connection) => {
    try {
      await connection.request(runSubjects(run).questions, envelope.sealJson(question), { timeout: STOP_MS });
    } catch (error) {
      throw new ExitError(
        EXIT.other,
        `nobody who leads the run ${run} answers (${(error as Error).message}): "sixfold cluster attach ${run}" leads it on, "sixfold cluster rm ${run}" ends it`,
        { cause: error },
      );
    }
  });
}

async function withConnection<T>(nats: NatsSettings, use: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connectNats(nats, 'sixfold cluster');
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
