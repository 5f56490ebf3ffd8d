// How somebody comes to lead a run: by beginning it, or by taking it over from whoever led it before.
import { randomBytes } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { Envelope } from '../envelope.ts';
import { type Decision, PROTOCOL_VERSION } from '../messages.ts';
import { connectNats, type NatsSettings } from '../nats-link.ts';
import type { Signer } from '../signing.ts';
import { BUCKET, objectsOf, streamOf } from '../subjects.ts';
import { Coordinator, type CoordinatorSettings } from './coordinator.ts';
import { type AgentWish, type Recruit, recruitAgents } from './recruit.ts';
import { RunStream } from './run-stream.ts';

/** What whoever takes a run over has to know. */
interface RunPlanRecord {
  readonly v: number;
  readonly agents: readonly Recruit[];
  readonly settings: Pick<CoordinatorSettings, 'shares' | 'agentTimeoutMs' | 'spares' | 'compile'>;
}

export interface BeginSettings extends CoordinatorSettings {
  readonly nats: NatsSettings;
  readonly agents: AgentWish;
  readonly signer: Signer | null;
  /** `__ENV` of the script. */
  readonly env: Readonly<Record<string, string>>;
}

/** Finds agents and begins a run. @throws ExitError 255 for a server that is not there, and for too few agents */
export async function beginRun(settings: BeginSettings): Promise<Coordinator> {
  const connection = await connectNats(settings.nats, 'sixfold coordinator');
  const run = randomBytes(5).toString('hex');
  const envelope = Envelope.create();
  const { goneMs } = settings;
  const stream = new RunStream(connection, run, envelope, settings.signer, { goneMs });
  try {
    await stream.create();
    try {
      const bucket = await new Objm(jetstream(connection)).create(BUCKET);
      const recruits = await recruitAgents(
        connection,
        run,
        { ...settings.agents, count: settings.agents.count + settings.spares, spares: settings.spares },
        { key: envelope.key, env: settings.env },
        settings.signer,
      );
      const { shares, agentTimeoutMs, spares, compile } = settings;
      const plan: RunPlanRecord = {
        v: PROTOCOL_VERSION,
        agents: recruits,
        settings: { shares, agentTimeoutMs, spares, compile },
      };
      await bucket.putBlob({ name: objectsOf(run).plan }, envelope.sealJson(plan));
      await stream.record({ type: 'lead', term: 1 });
      return await Coordinator.open({
        ...settings,
        connection,
        run,
        envelope,
        stream,
        bucket,
        recruits,
        term: 1,
        remove: removeRun,
      });
    } catch (error) {
      // Agents that have been claimed are free again.
      await stream.record({ type: 'over' });
      await connection.flush();
      await removeRun(connection, run);
      throw error;
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A run that goes on without anybody who leads it, or that somebody else is to lead. */
export interface TakeOverSettings extends Pick<CoordinatorSettings, 'log' | 'onFile' | 'goneMs'> {
  readonly nats: NatsSettings;
  readonly run: string;
  /** Has to be who began it, where somebody signed. */
  readonly signer: Signer | null;
  /** In base64. */
  readonly key: string;
  /** Where to write the script as agents have it. */
  readonly archiveFile: string;
  /** Writes it. */
  write(octets: Uint8Array): void;
}

/** Leads a run on. @throws ExitError 255 where there is no such run, or it is over */
export async function takeOverRun(settings: TakeOverSettings): Promise<Coordinator> {
  const { run, key, log } = settings;
  const connection = await connectNats(settings.nats, 'sixfold coordinator');
  try {
    const envelope = Envelope.of(key);
    const stream = new RunStream(connection, run, envelope, settings.signer, { goneMs: settings.goneMs });
    const decisions = (await stream.readDecisions()).map(({ decision }) => decision);
    if (decisions.some(({ type }) => type === 'over')) throw new ExitError(EXIT.other, `the run ${run} is over`);
    const bucket = await new Objm(jetstream(connection)).open(BUCKET);
    const { agents: recruits, settings: planned } = envelope.openJson<RunPlanRecord>(
      await fetchObject(bucket, objectsOf(run).plan),
    );
    settings.write(envelope.open(await fetchObject(bucket, objectsOf(run).archive)));
    const term = Math.max(0, ...decisions.map(termOf)) + 1;
    const script = settings.archiveFile;
    await stream.takeLead(term);
    const { onFile, goneMs } = settings;
    const led = { connection, run, envelope, stream, bucket, recruits, term, goneMs, remove: removeRun };
    return await Coordinator.open({ ...planned, script, log, ...(onFile !== undefined && { onFile }), ...led });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function termOf(decision: Decision): number {
  return decision.type === 'lead' ? decision.term : 0;
}

/** @throws ExitError 255 where it is not there */
async function fetchObject(bucket: ObjectStore, name: string): Promise<Uint8Array> {
  const octets = await bucket.getBlob(name);
  if (octets === null) throw new ExitError(EXIT.other, `NATS does not have ${name}: the run cannot be led on`);
  return octets;
}

/** Removes what NATS holds of a run. */
export async function removeRun(connection: NatsConnection, run: string): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.delete(streamOf(run)).catch(() => {});
  const bucket = await new Objm(jetstream(connection)).open(BUCKET).catch(() => null);
  for (const { name, deleted } of (await bucket?.list().catch(() => [])) ?? [])
    if (!deleted && name.startsWith(`${run}/`)) await bucket?.delete(name).catch(() => {});
}
