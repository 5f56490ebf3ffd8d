// Finds agents for a run and has them take part.
import { createCurve } from '@nats-io/nkeys';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { VERSION } from '../../options/package-version.ts';
import { type AgentCard, type Claim, type ClaimAnswer, type ClaimSecrets, PROTOCOL_VERSION } from '../messages.ts';
import type { Signer } from '../signing.ts';
import { agentSubjects, FIND } from '../subjects.ts';

/** How long answers are waited for, in ms, and how long after the last one. */
const FIND_MS = 1000;
const STALL_MS = 200;
const CLAIM_MS = 3000;
const AGAIN_MS = 500;
const GIVE_WAY_MS = 2000;

/** Which agents are wanted. */
export interface AgentWish {
  readonly count: number;
  /** How many of them are to wait for one to be lost; missing: none. */
  readonly spares?: number;
  /** Those of this group only; null: of any. */
  readonly group: string | null;
  /** Those with all of these labels only. */
  readonly labels: Readonly<Record<string, string>>;
  /** How long they are waited for, in ms. */
  readonly waitMs: number;
}

type Refusal = Extract<ClaimAnswer, { readonly taken: false }>;

/** An agent that takes part. */
export interface Recruit {
  readonly id: string;
  readonly name: string;
  readonly cores: number;
}

/** @returns all that answer, the freest first */
export async function findAgents(connection: NatsConnection): Promise<AgentCard[]> {
  const cards: AgentCard[] = [];
  try {
    const answers = await connection.requestMany(FIND, '{}', { strategy: 'stall', maxWait: FIND_MS, stall: STALL_MS });
    for await (const answer of answers) {
      const card = readCard(answer);
      if (card !== null) cards.push(card);
    }
  } catch {
    // Nobody is there.
  }
  return cards.sort((a, b) => Number(a.busy !== null) - Number(b.busy !== null) || (a.name < b.name ? -1 : 1));
}

/** @returns null for what is no card: whoever can reach NATS can answer */
function readCard(answer: Msg): AgentCard | null {
  try {
    const card = answer.json<AgentCard | null>();
    return typeof card?.id === 'string' && typeof card.name === 'string' ? card : null;
  } catch {
    return null;
  }
}

/**
 * Waits for as many agents as are wanted, and has each take part. Several tests wait their turn: agents are claimed when there are enough
 * that are free, and let go again where another test was faster with some of them.
 * @param secrets what each gets, sealed
 * @param signer signs what is asked of them; null: nobody does
 * @returns them, in the order of their numbers
 * @throws ExitError 255 that says what was found, where they are too few
 */
export async function recruitAgents(
  connection: NatsConnection,
  run: string,
  wish: AgentWish,
  secrets: ClaimSecrets,
  signer: Signer | null,
): Promise<Recruit[]> {
  const deadline = performance.now() + wish.waitMs;
  for (;;) {
    const refusals = new Map<string, string>();
    const rivals: string[] = [];
    const fit = (await findAgents(connection)).filter((card) => {
      const reason = unfit(card, wish);
      if (reason !== null) refusals.set(card.name, reason);
      return reason === null;
    });
    if (fit.length >= wish.count) {
      const recruits = await claimAll(
        connection,
        run,
        wish.count,
        fit,
        secrets,
        signer,
        (card, { reason, run: rival }) => {
          refusals.set(card.name, reason);
          if (rival !== undefined) rivals.push(rival);
        },
      );
      if (recruits.length === wish.count) return recruits;
      for (const { id } of recruits) connection.publish(agentSubjects(id).release, JSON.stringify({ run }));
    }
    const willing = fit.map(({ name }) => name).filter((name) => !refusals.has(name));
    if (performance.now() >= deadline) throw tooFew(wish, willing, refusals);
    // Of two tests that want the same agents at once one goes first, by its name; the other one lets it.
    const pauseMs = rivals.some((rival) => rival < run) ? GIVE_WAY_MS : AGAIN_MS;
    await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
  }
}

/** @param onRefusal hears who does not take part, and why @returns those that do, at most as many as are wanted */
async function claimAll(
  connection: NatsConnection,
  run: string,
  count: number,
  cards: readonly AgentCard[],
  secrets: ClaimSecrets,
  signer: Signer | null,
  onRefusal: (card: AgentCard, refusal: Refusal) => void,
): Promise<Recruit[]> {
  const recruits: Recruit[] = [];
  for (const card of cards) {
    if (recruits.length === count) break;
    const refusal = await claim(connection, run, recruits.length, card, secrets, signer);
    if (refusal === null) recruits.push({ id: card.id, name: distinct(card, recruits), cores: card.cores });
    else onRefusal(card, refusal);
  }
  return recruits;
}

/** Two agents may run on one machine. */
function distinct({ name, id }: AgentCard, others: readonly Recruit[]): string {
  return others.some((other) => other.name === name) ? `${name}-${id.slice(0, 4)}` : name;
}

/** @returns why it cannot take part; null: it can */
function unfit({ v, version, group, labels, busy }: AgentCard, wish: AgentWish): string | null {
  if (v !== PROTOCOL_VERSION || version !== VERSION)
    return `it is Sixfold ${version}, and this is ${VERSION}: both must be the same`;
  if (wish.group !== null && group !== wish.group) return `it is of the group "${group}"`;
  const other = Object.entries(wish.labels).find(([key, value]) => labels[key] !== value);
  if (other !== undefined) return `it has not the label ${other.join('=')}`;
  return busy === null ? null : busy === 'draining' ? 'it is about to end' : `it is busy with the run ${busy}`;
}

async function claim(
  connection: NatsConnection,
  run: string,
  index: number,
  card: AgentCard,
  secrets: ClaimSecrets,
  signer: Signer | null,
): Promise<Refusal | null> {
  const mine = createCurve();
  const sealed = Buffer.from(mine.seal(Buffer.from(JSON.stringify(secrets)), card.sealKey)).toString('base64');
  const claim: Claim = { v: PROTOCOL_VERSION, run, index, from: mine.getPublicKey(), sealed };
  const body: Claim =
    signer === null ? claim : { ...claim, signer: signer.publicKey, signature: signer.signClaim(claim) };
  try {
    const answer = await connection.request(agentSubjects(card.id).claim, JSON.stringify(body), { timeout: CLAIM_MS });
    const outcome = answer.json<ClaimAnswer>();
    return outcome.taken ? null : outcome;
  } catch (error) {
    return { taken: false, reason: `it does not answer: ${(error as Error).message}` };
  }
}

/** @param willing names of agents that would take part */
function tooFew(wish: AgentWish, willing: readonly string[], refusals: ReadonlyMap<string, string>): ExitError {
  const others = [...refusals].map(([name, reason]) => `\n  ${name}: ${reason}`);
  const found = willing.length === 0 ? 'none' : `only ${willing.length} (${willing.join(', ')})`;
  const labels = Object.entries(wish.labels).map(([key, value]) => `${key}=${value}`);
  const { spares = 0 } = wish;
  const spare =
    spares === 0 ? '' : ` (${wish.count - spares}, and ${spares} that ${spares === 1 ? 'is' : 'are'} spare)`;
  const where =
    (wish.group === null ? '' : ` of the group "${wish.group}"`) +
    (labels.length === 0 ? '' : ` with ${labels.join(', ')}`);
  return new ExitError(
    EXIT.other,
    `the test needs ${wish.count} agents${spare}${where}, and after ${Math.round(wish.waitMs / 1000)} s there ${willing.length === 1 ? 'is' : 'are'} ${found}` +
      `${others.join('')}\nStart more with "sixfold agent --nats URL", or ask for fewer with --agents`,
  );
}
