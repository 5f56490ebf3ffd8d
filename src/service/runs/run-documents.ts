// A run as the API shows it.
import type { Selectable } from 'kysely';
import type { Progress, Run } from '../api/documents.ts';
import type { RunTable } from '../storage/tables.ts';

export function runDocument(row: Selectable<RunTable>): Run {
  return {
    id: row.id,
    projectId: row.project_id,
    testId: row.test_id,
    versionId: row.version_id,
    name: row.name,
    state: row.state,
    exitCode: row.exit_code,
    reason: row.reason,
    note: row.note,
    origin: row.origin,
    scheduleId: row.schedule_id,
    parameters: JSON.parse(row.parameters) as Run['parameters'],
    options: JSON.parse(row.options) as Run['options'],
    cores: row.cores,
    agents: row.agents,
    createdAtMs: row.created_ms,
    createdBy: row.created_by,
    startedAtMs: row.started_ms,
    endedAtMs: row.ended_ms,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Progress),
    headline: row.headline === null ? null : (JSON.parse(row.headline) as Run['headline']),
    isPinned: row.is_pinned === 1,
    isStopping: row.stop_ms !== null,
    isReported: row.reporter !== null,
  };
}

/** States of runs that somebody works on. */
export const ACTIVE_STATES = ['starting', 'running', 'stopping'] as const;

export function isOver(state: Run['state']): boolean {
  return state !== 'queued' && !(ACTIVE_STATES as readonly string[]).includes(state);
}
