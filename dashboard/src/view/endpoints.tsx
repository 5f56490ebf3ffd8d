// What was called: a row each, of the whole run or of the selected stretch.
import { useState } from 'preact/hooks';
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import { Sparkline } from '../chart/sparkline.tsx';
import { type RunView, selection } from '../data/model.ts';
import { placesOf, protocolName, type RowTotals, sliceQuantiles, totalsOf } from '../data/totals.ts';
import { count, duration, moment, percent, rate, text } from '../text/format.ts';
import { Amount } from './marks.tsx';
import { Choice } from './over-time.tsx';

const SHOWN_AT_FIRST = 14;

type Order = 'name' | 'count' | 'failed' | 'p50' | 'p95' | 'p99' | 'max';

const COLUMNS: readonly (readonly [Order | null, string, string])[] = [
  ['name', 'Endpoint', 'name'],
  ['count', 'Requests', 'number'],
  [null, '/s', 'number faint wide'],
  ['failed', 'Failed', 'number'],
  ['p50', 'p50', 'number wide'],
  ['p95', 'p95', 'number bar'],
  ['p99', 'p99', 'number wide'],
  ['max', 'Max', 'number faint wide'],
  [null, 'p95 over time', 'course wide'],
  [null, 'Codes', 'codes wide'],
];

const VALUE: Readonly<Record<Exclude<Order, 'name'>, (row: RowTotals) => number>> = {
  count: (row) => row.count,
  failed: (row) => (row.count === 0 ? 0 : row.failed / row.count),
  p50: (row) => row.p50 ?? 0,
  p95: (row) => row.p95 ?? 0,
  p99: (row) => row.p99 ?? 0,
  max: (row) => row.row.maxMs,
};

export function Endpoints({ run }: { readonly run: RunView }) {
  const [order, setOrder] = useState<Order>('p95');
  const [isUpwards, setUpwards] = useState(false);
  const [protocol, setProtocol] = useState('');
  const [filter, setFilter] = useState('');
  const [showsAll, setShowsAll] = useState(false);
  const places = placesOf(run, 'endpoint', 'other');
  if (places.length === 0) return null;
  const chosen = selection.value;
  const rows = places.map((place) => totalsOf(run, place, chosen)).filter((row) => row.count > 0 || chosen === null);
  const protocols = [...new Set(rows.map(({ row }) => row.protocol))].filter((name) => name !== '');
  const fitting = rows.filter((row) => (protocol === '' || row.row.protocol === protocol) && fits(row, filter));
  const sorted = fitting.sort((a, b) => (isUpwards ? 1 : -1) * compare(a, b, order));
  const shown = showsAll ? sorted : sorted.slice(0, SHOWN_AT_FIRST);
  const slowest = Math.max(...rows.map(({ p95 }) => p95 ?? 0), 1e-9);
  const sort = (next: Order): void => {
    setUpwards(next === order ? !isUpwards : next === 'name');
    setOrder(next);
  };
  return (
    <section aria-labelledby="endpoints">
      <div class="title">
        <h2 id="endpoints">Endpoints</h2>
        <p>{describe(run, rows.length)}</p>
        <span class="filters">
          {protocols.length > 1 ? (
            <Choice
              name="Protocol"
              options={[['', 'All'], ...protocols.map((name): [string, string] => [name, protocolName(name)])]}
              chosen={protocol}
              onChoose={setProtocol}
            />
          ) : null}
          <input
            type="search"
            placeholder="name or tag:value"
            aria-label="Filter by name, or by any tag as in group:::checkout"
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        </span>
      </div>
      <div class="scroll">
        <table class="endpoints">
          <thead>
            <tr>
              {COLUMNS.map(([key, label, kind]) => (
                <th
                  key={label}
                  class={kind}
                  scope="col"
                  {...(key === order && { 'aria-sort': isUpwards ? ('ascending' as const) : ('descending' as const) })}
                >
                  {key === null ? (
                    label
                  ) : (
                    <button type="button" onClick={() => sort(key)}>
                      {label}
                      {key === order ? <i aria-hidden="true">{isUpwards ? ' ↑' : ' ↓'}</i> : null}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.place} run={run} totals={row} slowest={slowest} />
            ))}
            {shown.length === 0 ? (
              <tr>
                <td colSpan={COLUMNS.length} class="quiet">
                  Nothing fits.
                </td>
              </tr>
            ) : null}
          </tbody>
        </table>
      </div>
      {sorted.length > SHOWN_AT_FIRST ? (
        <button type="button" class="more" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? `Show the first ${SHOWN_AT_FIRST}` : `Show all ${sorted.length}`}
        </button>
      ) : null}
    </section>
  );
}

function describe(run: RunView, rows: number): string {
  const chosen = selection.value;
  const { data, record } = run;
  const ms = data.sliceCells * data.cellMs;
  const number = `${rows} ${rows === 1 ? 'endpoint' : 'endpoints'}`;
  if (chosen === null) return `${number}. Select a stretch above to see just that.`;
  const at = (slice: number): string => moment(Math.min(slice * ms, record.durationMs), record.durationMs);
  return `${number} between ${at(chosen.from)} and ${at(chosen.to)}.`;
}

/** By a part of the name, or `tag:part of the value`. */
function fits({ row }: RowTotals, filter: string): boolean {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => {
      if (`${row.method} ${row.name} ${protocolName(row.protocol)}`.toLowerCase().includes(word)) return true;
      const at = word.indexOf(':');
      const [key, wanted] = at < 0 ? ['', word] : [word.slice(0, at), word.slice(at + 1)];
      return row.tags.some(
        ([name, values]) =>
          (key === '' || name.toLowerCase() === key) && values.some((value) => value.toLowerCase().includes(wanted)),
      );
    });
}

function compare(a: RowTotals, b: RowTotals, order: Order): number {
  if (order !== 'name') return VALUE[order](a) - VALUE[order](b);
  return a.row.name < b.row.name ? -1 : a.row.name > b.row.name ? 1 : 0;
}

export function Name({ row }: { readonly row: RowTotals['row'] }) {
  const badge = row.protocol === 'http' ? row.method || 'HTTP' : protocolName(row.protocol);
  return (
    <>
      <span class={`method ${row.protocol === 'http' ? '' : 'other'}`}>{badge}</span>
      <span class="mono path">
        {row.kind === 'other'
          ? 'all others together'
          : row.name.replace(/^\/(?=[\w.]+\/\w+$)/, row.protocol === 'grpc' ? '' : '/')}
      </span>
    </>
  );
}

function Row({
  run,
  totals,
  slowest,
}: {
  readonly run: RunView;
  readonly totals: RowTotals;
  readonly slowest: number;
}) {
  const { row, place } = totals;
  return (
    <tr>
      <th class="name" scope="row">
        <Name row={row} />
      </th>
      <td class="number">{count(totals.count)}</td>
      <td class="number faint wide">{rate(totals.perSecond)}</td>
      <td class={totals.failed > 0 ? 'number failed' : 'number faint'}>
        {totals.failed === 0 ? '–' : text(percent(totals.failed / totals.count))}
      </td>
      <td class="number wide">
        <Amount of={duration(totals.p50)} />
      </td>
      <td class="number bar">
        <i style={{ width: `${((totals.p95 ?? 0) / slowest) * 100}%` }} />
        <b>
          <Amount of={duration(totals.p95)} />
        </b>
      </td>
      <td class="number wide">
        <Amount of={duration(totals.p99)} />
      </td>
      <td class="number faint wide">
        <Amount of={duration(selection.value === null && row.maxMs > 0 ? row.maxMs : null)} />
      </td>
      <td class="course wide">
        <Sparkline
          colour="brand"
          height={20}
          values={sliceQuantiles(run.data.rows[place]!, sliceCount(run.data), 0.95)}
        />
      </td>
      <td class="codes wide">
        {row.codes.slice(0, 3).map(([code]) => (
          <a key={code} class="tag" href={`#code-${code}`}>
            {code}
          </a>
        ))}
      </td>
    </tr>
  );
}
