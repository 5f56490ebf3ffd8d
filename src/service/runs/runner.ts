// The runs of one server: takes them from the queue while it has cores, leads them, hands on orders, and looks after those of servers
// that are gone.
import { EXIT } from '../../exit/exit-error.ts';
import { rulesAgainst } from '../../wire/net/place-rules.ts';
import type { RunOrder } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { queueHooks } from '../hooks/hook-queue.ts';
import { allowedTargetsOf } from '../people/people.ts';
import { newId } from '../storage/new-id.ts';
import { blockedAddresses } from './blocked-addresses.ts';
import type { ClusterRun } from './child-protocol.ts';
import { clusterPlace, LedRun } from './lead-run.ts';
import { claimLeaderless, clearDeadFolders, recoverLost } from './recover-runs.ts';
import { claimRun, LEASE_MS, type RunRow, renewLeases } from './run-queue.ts';
import { bareEnding, lastSeq, writeEnding } from './write-ending.ts';

const TICK_MS = 500;
const BEAT_MS = LEASE_MS / 3;
/** Earlier runs that a run is compared with where the test has no baseline. */
const EARLIER_RUNS = 5;
const FEWEST_EARLIER = 3;
/** How long runs may take to end when the server does, in ms. */
const SHUTDOWN_MS = 30_000;
/** A run for which there is no room waits for so long, in ms. */
const QUEUE_PATIENCE_MS = 30 * 60_000;

export class Runner {
  readonly #context: ServiceContext;
  readonly #led = new Map<string, LedRun>();
  #timer: NodeJS.Timeout | null = null;
  #beatTimer: NodeJS.Timeout | null = null;
  #isClosing = false;
  #working: Promise<void> | null = null;
  #isWanted = false;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async start(name: string): Promise<void> {
    const { database, serverId, cores } = this.#context;
    const now = Date.now();
    await database.query
      .insertInto('server')
      .values({ id: serverId, name, cores, started_ms: now, seen_ms: now })
      .execute();
    this.#timer = setInterval(() => this.wake(), TICK_MS);
    this.#beatTimer = setInterval(() => void this.#beat(), BEAT_MS);
    await this.#beat();
    this.wake();
  }

  /** Runs that this server leads. */
  get led(): readonly LedRun[] {
    return [...this.#led.values()];
  }

  /** There may be something to do. */
  wake(): void {
    this.#isWanted = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
    });
  }

  async #work(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.#carryOutOrders();
        while (!this.#isClosing && ((await this.#takeOverNext()) || (await this.#startNext())));
      } catch (error) {
        // The database is away: the next round may find it again.
        this.#context.log('error', `the queue: ${(error as Error).message}`);
        return;
      }
    }
  }

  async #startNext(): Promise<boolean> {
    const { database, serverId, cores } = this.#context;
    const used = this.led.reduce((sum, { row }) => sum + (row.agents > 0 ? 0 : Math.min(row.cores, cores)), 0);
    const row = await claimRun(database, serverId, { free: cores - used, total: cores }, [...this.#led.keys()]);
    if (row === null) return false;
    await this.#leadOrRefuse(row);
    return true;
  }

  /** Agents whose server is gone are led on: what they have measured meanwhile is not lost. */
  async #takeOverNext(): Promise<boolean> {
    const { database, serverId, nats, log } = this.#context;
    const row = nats === null ? null : await claimLeaderless(database, serverId, [...this.#led.keys()]);
    if (row === null) return false;
    log('info', `the agents of the run ${row.id} of ${row.name} have lost their server, and are led on`);
    await this.#leadOrRefuse(row);
    return true;
  }

  async #leadOrRefuse(row: RunRow): Promise<void> {
    try {
      await this.#lead(row);
    } catch (error) {
      await this.#refuse(row, (error as Error).message);
    }
  }

  async #lead(row: RunRow): Promise<void> {
    const { database, sealer, cores, nats } = this.#context;
    const { query } = database;
    const version = await query
      .selectFrom('test_version')
      .innerJoin('blob', 'blob.digest', 'test_version.digest')
      .select(['test_version.kind', 'test_version.file_name', 'blob.data'])
      .where('test_version.id', '=', row.version_id)
      .executeTakeFirstOrThrow();
    const project = await query
      .selectFrom('project')
      .selectAll()
      .where('id', '=', row.project_id)
      .executeTakeFirstOrThrow();
    const secrets = await query.selectFrom('secret').selectAll().where('project_id', '=', row.project_id).execute();
    if (row.agents > 0 && nats === null) throw new Error('the run wants agents, and this server has no --nats');
    const files = {
      bytes: version.data,
      type: version.kind === 'archive' ? ('archive' as const) : ('js' as const),
      fileName: version.file_name,
    };
    const takeOver = row.cluster === null ? null : this.#openCluster(row);
    const lastSeq = takeOver === null ? 0 : await this.#beginAnew(row);
    const led = new LedRun(this.#context, row, lastSeq, files, {
      purpose: 'run',
      id: row.id,
      variables: JSON.parse(row.parameters) as Record<string, string>,
      options: JSON.parse(row.options) as Record<string, unknown>,
      secrets: Object.fromEntries(
        secrets.map(({ name, sealed }) => [name, sealer.open(sealed, `${row.project_id}/${name}`)]),
      ),
      workers: Math.min(row.cores, cores),
      limits: { maxVus: project.max_vus, maxDurationMs: project.max_duration_ms },
      targets: {
        allowed: allowedTargetsOf(project),
        blocked: [...blockedAddresses(), ...(await rulesAgainst(this.#context.ownPlaces()))],
      },
      baseline: await this.#findBaseline(row),
      cluster: row.agents > 0 ? { nats: nats!, agents: row.agents, takeOver } : null,
    });
    this.#led.set(row.id, led);
    this.#context.log('info', `run ${row.id} of ${row.name} has begun`);
    void led.ended.then(() => {
      this.#led.delete(row.id);
      this.#context.log('info', `run ${row.id} of ${row.name} is over`);
      this.wake();
    });
  }

  #openCluster({ id, cluster }: RunRow): ClusterRun {
    return JSON.parse(this.#context.sealer.open(cluster!, clusterPlace(id))) as ClusterRun;
  }

  /** Whoever leads agents on hears everything from the beginning, and tells it again. @returns the number of the last event before */
  async #beginAnew({ id }: RunRow): Promise<number> {
    return this.#context.database.transact(async (transaction) => {
      await transaction.deleteFrom('run_log').where('run_id', '=', id).execute();
      const seq = (await lastSeq(transaction, id)) + 1;
      const event = { run_id: id, seq, at_ms: Date.now(), type: 'resync', data: '{}' };
      await transaction.insertInto('run_event').values(event).execute();
      return seq;
    });
  }

  async #findBaseline(row: RunRow): Promise<{ name: string; records: Uint8Array[] }> {
    const { query } = this.#context.database;
    const { baseline_run_id } = await query
      .selectFrom('test')
      .select('baseline_run_id')
      .where('id', '=', row.test_id)
      .executeTakeFirstOrThrow();
    const results = query.selectFrom('run').innerJoin('run_result', 'run_result.run_id', 'run.id').select('record');
    if (baseline_run_id !== null) {
      const rows = await results.where('run.id', '=', baseline_run_id).execute();
      return { name: 'the baseline', records: rows.map(({ record }) => record) };
    }
    const rows = await results
      .where('run.test_id', '=', row.test_id)
      .where('run.state', '=', 'passed')
      .orderBy('run.id', 'desc')
      .limit(EARLIER_RUNS)
      .execute();
    return {
      name: `last:${rows.length}`,
      records: rows.length < FEWEST_EARLIER ? [] : rows.map(({ record }) => record),
    };
  }

  async #refuse(row: RunRow, reason: string): Promise<void> {
    const { database, serverId, publicUrl, bus } = this.#context;
    const whose = { run: row.id, leader: serverId };
    const event = await database.transact((transaction) =>
      writeEnding(transaction, publicUrl(), whose, bareEnding(EXIT.other, reason), { atMs: Date.now() }),
    );
    if (event !== null) bus.tell(row.id, [event]);
  }

  async #carryOutOrders(): Promise<void> {
    if (this.#led.size === 0) return;
    const orders = await this.#context.database.query
      .updateTable('run_order')
      .set({ outcome: '' })
      .where('run_id', 'in', [...this.#led.keys()])
      .where('outcome', 'is', null)
      .returning(['id', 'run_id', 'body'])
      .execute();
    for (const { id, run_id, body } of orders.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const led = this.#led.get(run_id);
      const order = JSON.parse(body) as RunOrder | { readonly action: 'checkpoint' };
      if (order.action === 'checkpoint') led?.checkpoint();
      else led?.order(id, order);
    }
  }

  async #beat(): Promise<void> {
    const { database, serverId, bus } = this.#context;
    try {
      await database.query.updateTable('server').set({ seen_ms: Date.now() }).where('id', '=', serverId).execute();
      for (const id of await renewLeases(database.query, serverId, [...this.#led.keys()])) {
        const led = this.#led.get(id);
        const row = await database.query.selectFrom('run').select('leader').where('id', '=', id).executeTakeFirst();
        // Its end may just have been written: then it is still ours.
        if (row?.leader !== serverId) led?.abandon();
      }
      for (const event of await recoverLost(this.#context)) bus.tell(event.run_id, [event]);
      for (const event of await clearDeadFolders(this.#context)) bus.tell(event.run_id, [event]);
      await this.#giveUpWaiting();
    } catch (error) {
      this.#context.log('error', `the database: ${(error as Error).message}`);
    }
  }

  /** Ends what has waited for so long that nobody expects it any more. */
  async #giveUpWaiting(): Promise<void> {
    const { query } = this.#context.database;
    const late = await query
      .updateTable('run')
      .set({
        state: 'error',
        exit_code: 255,
        reason:
          'it waited for half an hour and no server had room for it: look at the queue and at the limits of the project',
        ended_ms: Date.now(),
      })
      .where('state', '=', 'queued')
      .where('created_ms', '<', Date.now() - QUEUE_PATIENCE_MS)
      .returningAll()
      .execute();
    for (const row of late) await this.#tellEnd(row);
  }

  async #tellEnd(row: RunRow): Promise<void> {
    const { database, bus, publicUrl } = this.#context;
    const event = {
      run_id: row.id,
      seq: (await lastSeq(database.query, row.id)) + 1,
      at_ms: Date.now(),
      type: 'end',
      data: '{}',
    };
    await database.query
      .insertInto('run_event')
      .values(event)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    bus.tell(row.id, [event]);
    await queueHooks(database.query, row, `run.${row.state as 'error'}`, publicUrl());
  }

  /** Takes no more runs and ends those in progress: their results are kept. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const led of this.led) led.order(newId(), { action: 'stop' });
    const kill = setTimeout(() => {
      for (const led of this.led) led.kill('the server ended, and the run took too long to');
    }, SHUTDOWN_MS);
    await Promise.all(this.led.map(({ ended }) => ended));
    clearTimeout(kill);
    if (this.#beatTimer !== null) clearInterval(this.#beatTimer);
    await this.#working;
    const { database, serverId } = this.#context;
    await database.query.deleteFrom('server').where('id', '=', serverId).execute();
  }
}
