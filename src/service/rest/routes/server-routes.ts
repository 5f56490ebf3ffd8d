// The server itself: whether it works, who makes load.
import { VERSION } from '../../../options/package-version.ts';
import { HEALTH, QUEUE } from '../../api/documents.ts';
import type { ServiceContext } from '../../context.ts';
import { ACTIVE_STATES } from '../../runs/run-documents.ts';
import { LEASE_MS } from '../../runs/run-queue.ts';
import { Problem } from '../problem.ts';
import { anybody, type Route, route, signedIn } from '../route.ts';

/** What agents say is good for so long, in ms. */
const AGENTS_MS = 5000;

export function serverRoutes(context: ServiceContext): Route[] {
  const { query } = context.database;
  let agents: { readonly at: number; readonly found: Promise<unknown[]> } | null = null;

  const findAll = async (): Promise<unknown[] | null> => {
    if (context.nats === null) return null;
    if (agents === null || Date.now() - agents.at > AGENTS_MS)
      agents = { at: Date.now(), found: askAgents(context.nats) };
    return agents.found;
  };

  return [
    route('GET /health', {
      id: 'getHealth',
      summary: 'Whether the server and its database work',
      access: anybody,
      answer: HEALTH,
      handle: async () => {
        try {
          await query.selectFrom('server').select('id').limit(1).execute();
        } catch {
          throw new Problem('unavailable', 'the database does not answer');
        }
        return { ok: true, version: VERSION };
      },
    }),
    route('GET /queue', {
      id: 'getQueue',
      summary: 'Servers and agents that make load, and how much waits',
      access: signedIn,
      answer: QUEUE,
      handle: async () => {
        const now = Date.now();
        const servers = await query.selectFrom('server').selectAll().orderBy('id').execute();
        const active = await query
          .selectFrom('run')
          .select(({ fn }) => ['leader', fn.countAll<number>().as('count')])
          .where('state', 'in', ACTIVE_STATES)
          .groupBy('leader')
          .execute();
        const queued = await query
          .selectFrom('run')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('state', '=', 'queued')
          .executeTakeFirstOrThrow();
        const runningOf = (id: string): number => Number(active.find(({ leader }) => leader === id)?.count ?? 0);
        return {
          servers: servers.map(({ id, name, cores, started_ms, seen_ms }) => ({
            id,
            name,
            cores,
            startedAtMs: started_ms,
            seenAtMs: seen_ms,
            isAlive: seen_ms > now - LEASE_MS,
            running: runningOf(id),
          })),
          queued: Number(queued.count),
          active: active.reduce((sum, { count }) => sum + Number(count), 0),
          agents: await findAll(),
        };
      },
    }),
  ];
}

/** @returns the agents that answer; none where NATS is away */
async function askAgents(nats: NonNullable<ServiceContext['nats']>): Promise<unknown[]> {
  const [{ connectNats }, { findAgents }] = await Promise.all([
    import('../../../cluster/nats-link.ts'),
    import('../../../cluster/coordinator/recruit.ts'),
  ]);
  try {
    const connection = await connectNats(nats, 'sixfold server');
    try {
      const cards = await findAgents(connection);
      return cards.map(({ id, name, version, cores, memory, group, labels, busy }) => ({
        id,
        name,
        version,
        cores,
        memory,
        group,
        labels,
        busy,
      }));
    } finally {
      await connection.close();
    }
  } catch {
    return [];
  }
}
