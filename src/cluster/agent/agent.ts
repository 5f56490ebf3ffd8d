// The daemon on a machine that makes load: answers whoever looks for agents, takes one run after the other.
import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { createCurve } from '@nats-io/nkeys';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { VERSION } from '../../options/package-version.ts';
import { type Credentials, readCredentials } from '../credentials.ts';
import { Envelope } from '../envelope.ts';
import { type AgentCard, type Claim, type ClaimAnswer, type ClaimSecrets, PROTOCOL_VERSION } from '../messages.ts';
import { connectWith, listenTo, type NatsSettings, watchConnection } from '../nats-link.ts';
import { isClaimSigned } from '../signing.ts';
import { agentSubjects, FIND } from '../subjects.ts';
import type { AgentLoadListener, RunningLoad } from './agent-load.ts';
import { AgentRun } from './agent-run.ts';

/** How long another agent may take to say that it is there, in ms. */
const PING_MS = 2000;
/** Runs that it remembers to have had a part in. */
const REMEMBERED = 10_000;

export interface AgentSettings {
  readonly nats: NatsSettings;
  /** How people call it; null: by the machine. */
  readonly name: string | null;
  readonly group: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Runs only what is signed with one of these keys; empty: anything. */
  readonly trusted: readonly string[];
  /** Ends after one run. */
  readonly once: boolean;
  /** Says what happens. */
  readonly log: (text: string) => void;
  /** Makes the load of a run; missing: in a process of its own. */
  readonly startLoad?: (listener: AgentLoadListener) => RunningLoad;
  /** How long nobody may lead a run before it is ended, in ms. */
  readonly orphanMs: number;
  /** How long NATS may be gone before the load is stopped, in ms. */
  readonly unreachableMs: number;
  /** How wrong this machine's clock is said to be, in ms: for tests. */
  readonly skewMs?: number;
}

/** Begins to answer. @throws ExitError 255 where NATS cannot be reached */
export async function startAgent(settings: AgentSettings): Promise<Agent> {
  const name = settings.name ?? hostname();
  const { creds } = settings.nats;
  const credentials = creds === null ? null : readCredentials(creds);
  const connection = await connectWith(settings.nats, credentials, `sixfold agent ${name}`);
  const id = await findId(connection, credentials);
  return new Agent(settings, name, id, connection);
}

/** @throws ExitError 255 where the credentials are for no agent, or another one has them */
async function findId(connection: NatsConnection, credentials: Credentials | null): Promise<string> {
  const role = credentials?.role ?? null;
  if (role?.kind === 'lead') {
    await connection.close();
    throw new ExitError(EXIT.other, 'these credentials are for who leads runs, and not for an agent');
  }
  if (role?.kind !== 'agent') return randomBytes(8).toString('hex');
  const other = await connection.request(agentSubjects(role.id).ping, '', { timeout: PING_MS }).catch(() => null);
  if (other === null) return role.id;
  await connection.close();
  throw new ExitError(
    EXIT.other,
    `an agent with the credentials of ${role.id} is there already: each needs a file of its own, or one that is for all (sixfold cluster creds)`,
  );
}

export class Agent {
  readonly #settings: AgentSettings;
  readonly #connection: NatsConnection;
  readonly #id: string;
  readonly #name: string;
  readonly #seal = createCurve();
  readonly #done = Promise.withResolvers<void>();
  readonly #stopWatching: () => void;
  #current: { readonly run: string; readonly work: AgentRun } | null = null;
  /** Runs that are over for it, the latest last: their claims, which others may have heard, count no more. */
  readonly #past = new Set<string>();
  /** The run that has let it go, and may claim it again. */
  #releasedBy: string | null = null;
  #isDraining = false;
  #isUp = true;

  /** @param id what NATS knows it by */
  constructor(settings: AgentSettings, name: string, id: string, connection: NatsConnection) {
    this.#id = id;
    this.#settings = settings;
    this.#name = name;
    this.#connection = connection;
    const { claim, ping, release } = agentSubjects(this.#id);
    this.#answer(FIND, () => this.#card());
    this.#answer(ping, () => ({}));
    this.#answer(claim, (message) => this.#take(message.json<Claim>()));
    const letGo = (message: Msg): void => this.#release(message.json<{ run: string }>().run);
    listenTo(connection, release, letGo, settings.log);
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
    const take = (message: Msg): void => void message.respond(JSON.stringify(respond(message)));
    listenTo(this.#connection, subject, take, this.#settings.log);
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

  #take(claim: Claim): ClaimAnswer {
    const { v, run, index, from, sealed, signer = null } = claim;
    if (v !== PROTOCOL_VERSION)
      return { taken: false, reason: `it speaks version ${PROTOCOL_VERSION} of the protocol, and not ${v}` };
    if (this.#isDraining) return { taken: false, reason: 'it is about to end' };
    if (this.#current !== null && this.#current.run !== run)
      return {
        taken: false,
        reason: `it is busy with the run ${this.#current.run}`,
        run: this.#current.run,
      };
    // The same claim once more: the answer was lost.
    if (this.#current !== null) return { taken: true };
    const distrust = this.#distrust(claim);
    if (distrust !== null) return { taken: false, reason: distrust };
    if (this.#past.has(run)) return { taken: false, reason: `it has had its part in the run ${run}` };
    const opened = this.#seal.open(Buffer.from(sealed, 'base64'), from);
    if (opened === null) return { taken: false, reason: 'the claim was not sealed for it' };
    const { key, env } = JSON.parse(Buffer.from(opened).toString('utf8')) as ClaimSecrets;
    const work = new AgentRun({
      connection: this.#connection,
      run,
      index,
      id: this.#id,
      signer,
      name: this.#name,
      envelope: Envelope.of(key),
      env,
      nats: this.#settings.nats.url,
      unreachableMs: this.#settings.unreachableMs,
      orphanMs: this.#settings.orphanMs,
      skewMs: this.#settings.skewMs ?? 0,
      log: this.#settings.log,
      ...(this.#settings.startLoad !== undefined && { startLoad: this.#settings.startLoad }),
    });
    this.#current = { run, work };
    this.#settings.log(`takes part in the run ${run}`);
    void this.#runToEnd(run, work);
    return { taken: true };
  }

  /** Another test was faster with the agents that this one needs beside it: it is tried again later. */
  #release(run: string): void {
    if (this.#current?.run !== run || this.#current.work.hasScript) return;
    this.#settings.log(`is let go by the run ${run}`);
    this.#releasedBy = run;
    this.#current.work.abandon();
  }

  /** @returns why it does not run what it is asked for; null: it does */
  #distrust(claim: Claim): string | null {
    const { trusted } = this.#settings;
    const { signer } = claim;
    if (signer === undefined)
      return trusted.length === 0 ? null : 'it runs only what is signed (--trust), and this test is not: use --sign';
    if (!isClaimSigned(claim)) return `the signature of ${signer} is not right`;
    return trusted.length === 0 || trusted.includes(signer) ? null : `it does not trust the key ${signer}`;
  }

  async #runToEnd(run: string, work: AgentRun): Promise<void> {
    try {
      await work.run();
      this.#settings.log(`the run ${run} is over`);
    } catch (error) {
      this.#settings.log(`the run ${run} ended with a fault: ${(error as Error).stack}`);
    }
    if (this.#releasedBy !== run) this.#remember(run);
    this.#releasedBy = null;
    this.#current = null;
    if (this.#settings.once || this.#isDraining) await this.#close();
  }

  #remember(run: string): void {
    this.#past.add(run);
    if (this.#past.size <= REMEMBERED) return;
    const [oldest] = this.#past;
    this.#past.delete(oldest!);
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
