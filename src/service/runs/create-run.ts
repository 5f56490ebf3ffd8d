// A run is asked for: by somebody, by a program, by a schedule.
import { parseExpression } from '../../metrics/thresholds/threshold-expression.ts';
import { readScriptSettings } from '../../options/read-settings.ts';
import type { NewRun, Requirements } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { Problem } from '../rest/problem.ts';
import type { Reader } from '../storage/database.ts';
import { newId } from '../storage/new-id.ts';
import type { RunTable } from '../storage/tables.ts';
import { checkVariables, type TestRow } from '../tests/test-documents.ts';
import type { RunRow } from './run-queue.ts';

/** Virtual users that one core serves without a second one being of use. */
const VUS_A_CORE = 8;
/** Whoever makes a run elsewhere and has not been heard of for so long has lost it, in ms; where it comes again, the run goes on. */
export const REPORT_LEASE_MS = 120_000;
/** Runs of one project that may wait. */
const MOST_QUEUED = 1000;

export interface RunOrigin {
  readonly origin: RunTable['origin'];
  readonly createdBy: string;
  readonly scheduleId: string | null;
  /** Who makes it elsewhere; missing: a server makes it. */
  readonly reporter?: string;
}

/** @throws Problem for options that no script may have */
export function checkOptions(options: Readonly<Record<string, unknown>>): void {
  const ineffective: string[] = [];
  try {
    const { thresholds = {} } = readScriptSettings(options, ineffective, { where: 'the options' });
    // Whether there is such a metric the script alone knows.
    for (const [key, list] of Object.entries(thresholds))
      for (const { threshold } of list) parseExpression(threshold, key);
  } catch (error) {
    throw new Problem('unusable', (error as Error).message);
  }
  const [first] = ineffective;
  if (first !== undefined) throw new Problem('unusable', first);
}

/** Puts a run into the queue; one that is made elsewhere begins at once. @throws Problem for what cannot be run */
export async function createRun(
  context: ServiceContext,
  reader: Reader,
  test: TestRow,
  wanted: NewRun,
  { origin, createdBy, scheduleId, reporter }: RunOrigin,
): Promise<RunRow> {
  const n = wanted.version ?? test.latest_version;
  if (n === 0) throw new Problem('conflict', `the test ${test.name} has no version yet: upload a script first`);
  const version = await reader
    .selectFrom('test_version')
    .select(['id', 'requirements'])
    .where('test_id', '=', test.id)
    .where('n', '=', n)
    .executeTakeFirst();
  if (version === undefined) throw new Problem('unusable', `the test ${test.name} has no version ${n}`);
  checkVariables(wanted.parameters ?? {});
  checkOptions(wanted.options ?? {});
  const { count } = await reader
    .selectFrom('run')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('project_id', '=', test.project_id)
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow();
  if (reporter === undefined && Number(count) >= MOST_QUEUED)
    throw new Problem('conflict', `${count} runs of the project wait already: stop some, or start this one later`);
  const agents = wanted.agents ?? 0;
  if (agents > 0 && context.nats === null)
    throw new Problem('unusable', 'the server knows no agents: start it with --nats, or leave "agents" out');
  const parameters = { ...(JSON.parse(test.parameters) as Record<string, string>), ...wanted.parameters };
  const options = { ...(JSON.parse(test.options) as Record<string, unknown>), ...wanted.options };
  const { maxVus } = JSON.parse(version.requirements) as Requirements;
  const usual = Math.max(1, Math.min(context.cores, Math.floor(maxVus / VUS_A_CORE)));
  const now = Date.now();
  return reader
    .insertInto('run')
    .values({
      id: newId(),
      project_id: test.project_id,
      test_id: test.id,
      version_id: version.id,
      name: test.name,
      state: reporter === undefined ? 'queued' : 'starting',
      exit_code: null,
      reason: null,
      note: wanted.note ?? '',
      origin,
      schedule_id: scheduleId,
      parameters: JSON.stringify(parameters),
      options: JSON.stringify(options),
      cores: wanted.cores ?? usual,
      agents,
      created_ms: now,
      created_by: createdBy,
      started_ms: reporter === undefined ? null : now,
      ended_ms: null,
      leader: null,
      lease_ms: reporter === undefined ? null : now + REPORT_LEASE_MS,
      progress: null,
      headline: null,
      fingerprint: null,
      is_pinned: 0,
      stop_ms: null,
      begun_ms: null,
      cluster: null,
      reporter: reporter ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
