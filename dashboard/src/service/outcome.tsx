// How a run went, in a word, with its sign and colour.
import { duration } from '../text/format.ts';
import { Amount, Crossed, Passed } from '../view/marks.tsx';
import type { Role, Run } from './api.ts';
import { words } from './language.ts';

const TONES: Readonly<Record<Run['state'], string>> = {
  queued: '',
  starting: 'running',
  running: 'running',
  stopping: 'running',
  passed: 'passed',
  failed: 'failed',
  aborted: '',
  error: 'failed',
};

export function isOver({ state }: Pick<Run, 'state'>): boolean {
  return !['queued', 'starting', 'running', 'stopping'].includes(state);
}

export function toneOf(state: Run['state']): string {
  return TONES[state];
}

export function Outcome({ run }: { readonly run: Pick<Run, 'state' | 'headline' | 'reason'> }) {
  const { state, headline } = run;
  const said = words.value;
  const crossed = headline?.crossed ?? 0;
  return (
    <span class={`outcome ${toneOf(state)}`} title={run.reason ?? undefined}>
      {state === 'passed' ? <Passed label="" /> : state === 'failed' || state === 'error' ? <Crossed label="" /> : null}
      {crossed > 0 && state === 'failed' ? said.crossed(crossed, headline!.thresholds) : said.states[state]}
    </span>
  );
}

export function P95({ run }: { readonly run: Pick<Run, 'headline'> }) {
  const p95 = run.headline?.p95 ?? null;
  return p95 === null ? null : <Amount of={duration(p95)} />;
}

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, runner: 1, admin: 2 };

/** Whether somebody with a role may do what another role may. */
export function may(role: Role, wanted: Role): boolean {
  return RANKS[role] >= RANKS[wanted];
}

/** As a person tells runs apart. */
export function shortId(id: string): string {
  return id.slice(-6);
}
