// All runs that are kept: to be found, held against each other, pinned and removed.
import { signal } from '@preact/signals';
import { describeResult } from '../../../src/report/listed-run.ts';
import { problem } from '../data/model.ts';
import { hasToken } from '../data/server.ts';
import { protocolName } from '../data/totals.ts';
import { compact, count, date, duration, percent, plural, rate, span } from '../text/format.ts';
import { Amount, Crossed, Passed } from '../view/marks.tsx';
import { Choice } from '../view/over-time.tsx';
import { TopBar } from '../view/top-bar.tsx';
import {
  compareWords,
  comparisonPageOf,
  findEarlier,
  isFound,
  type KeptRow,
  outcomeOf,
  pageOf,
  pin,
  readRows,
  remove,
  rows,
  shortId,
} from './kept-runs.ts';

const FILTERS = [
  ['all', 'All'],
  ['good', 'Passed'],
  ['bad', 'Not passed'],
  ['pinned', 'Pinned'],
] as const;
type Filter = (typeof FILTERS)[number][0];

/** Rows that are drawn at once; all others on demand. */
const SHOWN_ROWS = 100;

const words = signal('');
const filter = signal<Filter>('all');
const script = signal('');
const chosen = signal<readonly string[]>([]);
const showsAll = signal(false);
const trouble = signal('');

export function ListPage() {
  const all = rows.value;
  return (
    <>
      <a class="skip" href="#top">
        Skip to the runs
      </a>
      <TopBar home="#top" label="Pages" links={[]} />
      <main id="top" class="history">
        {all === null ? (
          <p class="blank" role="status">
            {problem.value ?? 'Loading…'}
          </p>
        ) : (
          <List all={all} />
        )}
      </main>
    </>
  );
}

function List({ all }: { readonly all: readonly KeptRow[] }) {
  const found = all.filter((row) => fits(row, filter.value) && isFound(row, words.value) && isOfScript(row));
  const shown = showsAll.value ? found : found.slice(0, SHOWN_ROWS);
  const slowest = Math.max(0, ...found.map(({ headline }) => headline?.p95 ?? 0));
  return (
    <section class="verdict" aria-labelledby="runs">
      <h1 id="runs">
        <b>Runs.</b> <span>{describeAll(all)}</span>
      </h1>
      {all.length === 0 ? (
        <p class="lead">
          The next run of <code>sixfold run</code> on this machine will be the first one here.
        </p>
      ) : (
        <>
          <Finder all={all} />
          {trouble.value === '' ? null : (
            <p class="problem" role="alert">
              {trouble.value}
            </p>
          )}
          <p class="quiet found" role="status">
            {found.length === all.length ? '' : `${plural(found.length, 'run fits', 'runs fit')}.`}
          </p>
          {found.length === 0 ? null : (
            <table class="runs">
              <Head />
              <tbody>
                {shown.map((row) => (
                  <Row key={row.id} row={row} all={all} slowest={slowest} />
                ))}
              </tbody>
            </table>
          )}
          {shown.length === found.length ? null : (
            <button type="button" class="more" onClick={() => (showsAll.value = true)}>
              Show all {count(found.length)}
            </button>
          )}
          {hasToken() ? null : (
            <p class="quiet">
              To pin and remove runs, open the link that the program printed: it has the token that this takes.
            </p>
          )}
        </>
      )}
      <Chosen all={all} />
    </section>
  );
}

function describeAll(all: readonly KeptRow[]): string {
  if (all.length === 0) return 'None yet.';
  const pinned = all.filter(({ isPinned }) => isPinned).length;
  const running = all.filter(({ state }) => state === 'running').length;
  const parts = [
    `${count(all.length)} kept`,
    ...(pinned > 0 ? [`${count(pinned)} pinned`] : []),
    ...(running > 0 ? [`${count(running)} under way`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function fits(row: KeptRow, wanted: Filter): boolean {
  const outcome = outcomeOf(row);
  switch (wanted) {
    case 'all':
      return true;
    case 'good':
      return outcome === 'passed' || outcome === 'finished';
    case 'bad':
      return outcome === 'failed' || outcome === 'lost';
    case 'pinned':
      return row.isPinned;
  }
}

function isOfScript({ name }: KeptRow): boolean {
  return script.value === '' || name === script.value;
}

function Finder({ all }: { readonly all: readonly KeptRow[] }) {
  const names = [...new Set(all.map(({ name }) => name))].sort();
  return (
    <search class="finder">
      <label>
        <span class="unseen">Search</span>
        <input
          type="search"
          placeholder="Search: script, host, id, result"
          value={words.value}
          onInput={({ currentTarget }) => (words.value = currentTarget.value)}
        />
      </label>
      {names.length < 2 ? null : (
        <label>
          <span class="unseen">Script</span>
          <select value={script.value} onChange={({ currentTarget }) => (script.value = currentTarget.value)}>
            <option value="">All scripts</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Choice
        name="Result"
        options={FILTERS}
        chosen={filter.value}
        onChoose={(value) => (filter.value = value as Filter)}
      />
    </search>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span class="unseen">Compare</span>
        </th>
        <th scope="col">Run</th>
        <th scope="col">Result</th>
        <th scope="col" class="number wide">
          Took
        </th>
        <th scope="col" class="number wide">
          Requests
        </th>
        <th scope="col" class="number wide">
          A second
        </th>
        <th scope="col" class="number wide">
          Failed
        </th>
        <th scope="col" class="narrow">
          p95
        </th>
        <th scope="col">
          <span class="unseen">What can be done</span>
        </th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly row: KeptRow;
  readonly all: readonly KeptRow[];
  /** Ms, of all that is shown. */
  readonly slowest: number;
}

function Row({ row, all, slowest }: RowProps) {
  const { id, name, headline, size, isPinned } = row;
  const isChosen = chosen.value.includes(id);
  const earlier = size > 0 ? findEarlier(all, row) : [];
  return (
    <tr class={isChosen ? 'chosen' : ''}>
      <td class="pick">
        <input
          type="checkbox"
          aria-label={`Choose ${called(row)}`}
          checked={isChosen}
          disabled={size === 0}
          onChange={() => (chosen.value = isChosen ? chosen.value.filter((one) => one !== id) : [...chosen.value, id])}
        />
      </td>
      <th scope="row" class="name">
        {size > 0 ? <a href={pageOf(id)}>{name}</a> : <span>{name}</span>}
        {isPinned ? <span class="tag">pinned</span> : null}
        <small title={id}>
          {date(row.startedAtMs)} · <span class="mono">{shortId(id)}</span>
          <span class="wide"> · {row.host}</span>
        </small>
      </th>
      <td class="result">
        <Result row={row} />
      </td>
      <td class="number wide">{headline === null ? '' : span(headline.durationMs)}</td>
      <td class="number wide">{headline === null ? '' : <Amount of={compact(headline.requests)} />}</td>
      <td class="number wide">
        {headline === null || headline.durationMs === 0 ? '' : rate((headline.requests * 1000) / headline.durationMs)}
      </td>
      <td class={`number wide ${headline !== null && headline.failed > 0 ? 'failed' : ''}`}>
        {headline === null || headline.requests === 0 ? (
          ''
        ) : (
          <Amount of={percent(headline.failed / headline.requests)} />
        )}
      </td>
      <td class="bar narrow">
        {headline?.p95 == null ? null : (
          <>
            <i style={{ width: `${slowest === 0 ? 0 : (headline.p95 / slowest) * 100}%` }} />
            <b>
              <Amount of={duration(headline.p95)} />
            </b>
            <span class="unseen">of {protocolName(headline.protocol ?? '')}</span>
          </>
        )}
      </td>
      <td class="doing">
        {earlier.length === 0 ? null : (
          <a
            class="button wide"
            href={comparisonPageOf(
              id,
              earlier.map((one) => one.id),
            )}
            aria-label={`${compareWords(earlier.length)}: ${called(row)}`}
          >
            {compareWords(earlier.length)}
          </a>
        )}
        {hasToken() ? <Orders row={row} /> : null}
      </td>
    </tr>
  );
}

/** As a person tells runs apart: the end of the id names a run for each command too. */
function called({ name, id }: KeptRow): string {
  return `${name} ${shortId(id)}`;
}

function Result({ row }: { readonly row: KeptRow }) {
  const outcome = outcomeOf(row);
  return (
    <span class={`outcome ${outcome}`} title={row.reason ?? undefined}>
      {outcome === 'passed' ? (
        <Passed label="" />
      ) : outcome === 'failed' || outcome === 'lost' ? (
        <Crossed label="" />
      ) : null}
      {describeResult(row)}
    </span>
  );
}

function Orders({ row }: { readonly row: KeptRow }) {
  const { id, isPinned, state } = row;
  const what = called(row);
  return (
    <>
      <button
        type="button"
        aria-pressed={isPinned}
        aria-label={`${isPinned ? 'Unpin' : 'Pin'} ${what}`}
        onClick={() => void attempt(() => pin(id, !isPinned))}
      >
        {isPinned ? 'Unpin' : 'Pin'}
      </button>
      <button
        type="button"
        class="remove"
        aria-label={`Remove ${what}`}
        disabled={state === 'running'}
        onClick={() => {
          if (!confirm(`Remove the run ${what}? Nothing of it will be left.`)) return;
          chosen.value = chosen.value.filter((one) => one !== id);
          void attempt(() => remove(id));
        }}
      >
        Remove
      </button>
    </>
  );
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    trouble.value = '';
  } catch (error) {
    trouble.value = error instanceof Error ? error.message : String(error);
    // Somebody else may have been faster.
    await readRows().catch(() => {});
  }
}

/** What is chosen, and the way to hold it against each other. */
function Chosen({ all }: { readonly all: readonly KeptRow[] }) {
  const picked = all.filter(({ id }) => chosen.value.includes(id)).sort((a, b) => b.startedAtMs - a.startedAtMs);
  const [latest, ...earlier] = picked;
  if (latest === undefined) return null;
  return (
    <div class="picked" role="status">
      <p>
        {earlier.length === 0
          ? `${called(latest)}: choose another run to compare it with.`
          : `${called(latest)} with ${earlier.length === 1 ? shortId(earlier[0]!.id) : `${earlier.length} earlier ones`}`}
      </p>
      {earlier.length === 0 ? null : (
        <a
          class="button main"
          href={comparisonPageOf(
            latest.id,
            earlier.map(({ id }) => id),
          )}
        >
          Compare
        </a>
      )}
      <button type="button" onClick={() => (chosen.value = [])}>
        Choose none
      </button>
    </div>
  );
}
