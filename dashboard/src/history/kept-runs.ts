// The runs that the server keeps: what it tells of them, and what can be done to them.
import { signal } from '@preact/signals';
import { compareRecords } from '../../../src/report/compare-records.ts';
import type { ComparisonRecord } from '../../../src/report/comparison-record.ts';
import { describeResult, type ListedRun } from '../../../src/report/listed-run.ts';
import { unpackRun } from '../data/embedded.ts';
import type { RunView } from '../data/model.ts';
import { authorised } from '../data/server.ts';

/** A run as the list has it. */
export interface KeptRow extends ListedRun {
  readonly fingerprint: string;
  readonly host: string;
  readonly version: string;
  readonly reason: string | null;
  /** Octets that are kept of it; 0: nothing but this. */
  readonly size: number;
}

export type Outcome = 'passed' | 'failed' | 'finished' | 'running' | 'lost';

/** So many earlier runs of its kind a run is compared with. */
export const EARLIER_RUNS = 5;

/** Where the pages lie: a proxy may have put them further down. */
const ROOT = location.pathname.replace(/\/runs(?:\/.*)?$/, '');
export const LIST_PAGE = `${ROOT}/runs`;

/** null: not known yet. */
export const rows = signal<readonly KeptRow[] | null>(null);

export async function readRows(): Promise<void> {
  rows.value = (await (await authorised(`${ROOT}/api/runs`)).json()) as KeptRow[];
}

export async function readRun(id: string): Promise<RunView> {
  const response = await authorised(apiOf(id));
  return unpackRun(new Uint8Array(await response.arrayBuffer()), false);
}

export async function readReport(id: string): Promise<string> {
  return (await authorised(`${apiOf(id)}/report.html`)).text();
}

export async function pin(id: string, pinned: boolean): Promise<void> {
  await authorised(apiOf(id), { method: 'POST', body: JSON.stringify({ pinned }) });
  await readRows();
}

export async function remove(id: string): Promise<void> {
  await authorised(apiOf(id), { method: 'DELETE' });
  await readRows();
}

export function pageOf(id: string): string {
  return `${LIST_PAGE}/${encodeURIComponent(id)}`;
}

/** @param earlier the latest first */
export function comparisonPageOf(id: string, earlier: readonly string[]): string {
  return `${LIST_PAGE}/compare?run=${encodeURIComponent(id)}&with=${earlier.map(encodeURIComponent).join(',')}`;
}

function apiOf(id: string): string {
  return `${ROOT}/api/runs/${encodeURIComponent(id)}`;
}

export function shortId(id: string): string {
  return id.slice(-6);
}

/** @param earlier how many there are */
export function compareWords(earlier: number): string {
  return `Compare with ${earlier === 1 ? 'the one before' : `${earlier} before`}`;
}

/** @returns the latest runs before one that came to their end with the same script and options, the latest first */
export function findEarlier(all: readonly KeptRow[], run: KeptRow): KeptRow[] {
  return all
    .filter(
      ({ fingerprint, startedAtMs, size, exitCode }) =>
        fingerprint === run.fingerprint &&
        startedAtMs < run.startedAtMs &&
        size > 0 &&
        (exitCode === 0 || exitCode === 99),
    )
    .sort((a, b) => b.startedAtMs - a.startedAtMs)
    .slice(0, EARLIER_RUNS);
}

/** @param earlier at least one */
export function compareViews(run: RunView, earlier: readonly RunView[], all: readonly KeptRow[]): ComparisonRecord {
  const ids = earlier.map(({ record }) => record.id);
  const own = all.find(({ id }) => id === run.record.id);
  const isLatest =
    own !== undefined &&
    findEarlier(all, own)
      .map(({ id }) => id)
      .join() === ids.join();
  return compareRecords(run, earlier, isLatest && ids.length > 1 ? `last:${EARLIER_RUNS}` : ids.join(', '));
}

export function outcomeOf({ state, exitCode, headline }: ListedRun): Outcome {
  if (state !== 'ended') return state;
  if (exitCode !== 0) return 'failed';
  return headline !== null && headline.thresholds > 0 ? 'passed' : 'finished';
}

/** Whether a run has all of the words somewhere in what is told of it. */
export function isFound(row: KeptRow, words: string): boolean {
  const text = [
    row.id,
    row.name,
    row.host,
    row.version,
    row.reason ?? '',
    describeResult(row),
    row.headline?.protocol ?? '',
  ]
    .join('\n')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
