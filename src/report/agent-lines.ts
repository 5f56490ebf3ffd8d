// The machines of a run, a line each: below the scenarios while it goes on.

import type { AgentRecord } from './agent-record.ts';
import { fitText, padText, widthOf } from './fit-text.ts';
import { formatMeasuredTime } from './value-format.ts';

/** Above so many machines only those are shown that something is to be said of. */
const MOST_LINES = 8;
const LONGEST_NAME = 24;

/** @param columns none is wider */
export function renderAgents(agents: readonly AgentRecord[], columns: number): string[] {
  const shown =
    agents.length <= MOST_LINES ? agents : agents.filter(({ health }) => health !== 'ok').slice(0, MOST_LINES);
  const names = shown.map(({ name }) => fitText(name, LONGEST_NAME));
  const width = Math.max(0, ...names.map(widthOf));
  const hidden = agents.length - shown.length;
  const rest = hidden === 0 ? [] : [`${shown.length === 0 ? `${hidden} agents` : `and ${hidden} more agents`}`];
  return [...shown.map((agent, index) => `${padText(names[index]!, width)}   ${describe(agent)}`), ...rest].map(
    (line) => fitText(line, columns),
  );
}

function describe({ health, vus, iterations, failed, p95Ms, clockShiftMs, busyShare }: AgentRecord): string {
  return [
    `${vus} VUs`,
    `${iterations} iterations${failed > 0 ? `, ${failed} failed` : ''}`,
    ...(p95Ms === null ? [] : [`p95 ${formatMeasuredTime(p95Ms)}`]),
    `clock ${describeShift(clockShiftMs)}`,
    ...(health === 'ok' ? [] : [health === 'busy' ? `busy ${Math.round(busyShare * 100)}%` : health]),
  ].join('  ');
}

/** @param shiftMs what the clock shows less than the leader's */
function describeShift(shiftMs: number): string {
  const size = Math.abs(shiftMs).toFixed(1);
  return size === '0.0' ? 'right' : `${shiftMs < 0 ? '+' : '-'}${size}ms`;
}
