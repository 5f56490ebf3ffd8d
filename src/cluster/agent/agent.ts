// The daemon on a machine that makes load: answers whoever looks for agents, takes one run after the other.
import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { createCurve } from '@nats-io/nkeys';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { VERSION } from '../../options/package-version.ts';
import { Envelope } from '../envelope.ts';
import { type AgentCard, type Claim, type ClaimAnswer, type ClaimSecrets, PROTOCOL_VERSION } from '../messages.ts';
import { connectNats, type NatsSettings, watchConnection } from '../nats-link.ts';
import { agentSubjects, FIND } from '../subjects.ts';
import { AgentRun } from './agent-run.ts';

const UNREACHABLE_MS = 5 * 60_000;
const ORPHAN_MS = 10 * 60_000;

export interface AgentSettings {
  readonly nats: NatsSettings;
  /** How people call it; null: by the machine. */
  readonly name: string | null;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Ends after one run. */
  readonly once: boolean;
  /** Says what happens. */
  readonly log: (text: string) => void;
  /** In ms; missing: ten minutes without a coordinator, five without NATS, a clock that is right. */
  readonly limits?: { readonly orphanMs?: number; readonly unreachableMs?: number; readonly skewMs?: number };
}

/** Begins to answer. @throws ExitError 255 where NATS cannot be reached */
export async function startAgent(settings: AgentSettings): Promise<Agent> {
  const name = settings.name ?? hostname();
  const connection = await connectNats(settings.nats, `sixfold agent ${name}`);
  return new Agent(settings, name, connection);
}

export class Agent {
  readonly #settings: AgentSettings;
  readonly #connection: NatsConnection;
  readonly #id = randomBytes(8).toString('hex');
  readonly #name: string;
  readonly #seal = createCurve();
  readonly #done = Promise.withResolvers<void>();
  readonly #stopWatching: () => void;
  #current: { readonly run: string; readonly work: AgentRun } | null = null;
  #isDraining = false;
  #isUp = true;

  constructor(settings: AgentSettings, name: string, connection: NatsConnection) {
    this.#settings = settings;
    this.#name = name;
    this.#connection = connection;
    const { claim, ping } = agentSubjects(this.#id);
    this.#answer(FIND, () => this.#card());
    this.#answer(ping, () => ({}));
    this.#answer(claim, (message) => this.#take(message.json<Claim>()));
    this.#stopWatching = watchConnection(connection, (isUp) => {
      this.#isUp = isUp;
      settings.log(isUp ? 'NATS is back' : 'NATS is gone: the load goes on, what is measured waits');
      this.#current?.work.setReachable(isUp);
    });
  }

  get name(): string {
    return this.#name;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#done.promise;
  }

  #answer(subject: string, respond: (message: Msg) => unknown): void {
    const callback = (error: Error | null, message: Msg): void => {
      if (error !== null) return;
      message.respond(JSON.stringify(respond(message)));
    };
    this.#connection.subscribe(subject, { callback });
  }

  #card(): AgentCard {
    return {
      v: PROTOCOL_VERSION,
      id: this.#id,
      name: this.#name,
      version: VERSION,
      cores: availableParallelism(),
      memory: totalmem(),
      group: this.#settings.group,
      labels: this.#settings.labels,
      busy: this.#isDraining ? 'draining' : (this.#current?.run ?? null),
      sealKey: this.#seal.getPublicKey(),
    };
  }

  #take({ v, run, index, from, sealed }: Claim): ClaimAnswer {
    if (v !== PROTOCOL_VERSION)
      return { taken: false, reason: `it speaks version ${PROTOCOL_VERSION} of the protocol, and not ${v}` };
    if (this.#isDraining) return { taken: false, reason: 'it is about to end' };
    if (this.#current !== null && this.#current.run !== run)
      return { taken: false, reason: `it is busy with the run ${this.#current.run}` };
    // The same claim once more: the answer was lost.
    if (this.#current !== null) return { taken: true };
    const opened = this.#seal.open(Buffer.from(sealed, 'base64'), from);
    if (opened === null) return { taken: false, reason: 'the claim was not sealed for it' };
    const { key, env } = JSON.parse(Buffer.from(opened).toString('utf8')) as ClaimSecrets;
    const limits = this.#settings.limits ?? {};
    const work = new AgentRun({
      connection: this.#connection,
      run,
      index,
      name: this.#name,
      envelope: Envelope.of(key),
      env,
      unreachableMs: limits.unreachableMs ?? UNREACHABLE_MS,
      orphanMs: limits.orphanMs ?? ORPHAN_MS,
      skewMs: limits.skewMs ?? 0,
    });
    this.#current = { run, work };
    this.#settings.log(`takes part in the run ${run}`);
    void this.#runToEnd(run, work);
    return { taken: true };
  }

  async #runToEnd(run: string, work: AgentRun): Promise<void> {
    try {
      await work.run();
      this.#settings.log(`the run ${run} is over`);
    } catch (error) {
      this.#settings.log(`the run ${run} ended with a fault: ${(error as Error).stack}`);
    }
    this.#current = null;
    if (this.#settings.once || this.#isDraining) await this.#close();
  }

  /** Takes no more runs; ends with the one in progress. @param atOnce ends that too */
  async drain(atOnce = false): Promise<void> {
    this.#isDraining = true;
    if (this.#current === null) await this.#close();
    else if (atOnce) this.#current.work.abandon();
    await this.ended;
  }

  async #close(): Promise<void> {
    this.#stopWatching();
    // What was answered last still goes out, if there is anybody to take it.
    if (this.#isUp) await this.#connection.flush().catch(() => {});
    await this.#connection.close();
    this.#done.resolve();
  }
}
