// The run over time: four charts on one axis. A drag selects a stretch, and everything follows.
import { useState } from 'preact/hooks';
import { msOfStep } from '../../../src/metrics/timeline/latency-scale.ts';
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import type { Numbers } from '../../../src/metrics/timeline/timeline-data.ts';
import { CODE_COLOURS, codeColour, palette } from '../chart/palette.ts';
import { type ChartLine, TimeChart } from '../chart/time-chart.tsx';
import { chosenProtocol, isLogScale, type RunView, selection } from '../data/model.ts';
import {
  lengthOf,
  perSlice,
  placesOf,
  protocolName,
  protocolRows,
  type RowTotals,
  sliceQuantiles,
} from '../data/totals.ts';
import { findStretches } from '../text/diagnosis.ts';
import { clock, compact, count, duration, moment, parseClock, span, text } from '../text/format.ts';

export function OverTime({ run }: { readonly run: RunView }) {
  const { data } = run;
  const [cursor, setCursor] = useState<number | null>(null);
  const times = Array.from({ length: data.cells }, (_, cell) => (cell + 0.5) * data.cellMs);
  const stretches = run.isLive ? [] : findStretches(run);
  const sliceMs = data.sliceCells * data.cellMs;
  const shared = { run, times, shades: stretches, onCursor: setCursor };
  return (
    <section aria-labelledby="over-time">
      <div class="title">
        <h2 id="over-time">Over time</h2>
        <p>
          {data.sliceCells > 1
            ? `Strong lines are ${span(sliceMs)}, faint ones ${data.cellMs === 1000 ? 'single seconds' : span(data.cellMs)}. `
            : ''}
          Drag to look into a stretch; everything below follows.
        </p>
        <StretchInput run={run} />
      </div>
      <div class="panel">
        <Rate {...shared} cursor={cursor} />
        <Latency {...shared} cursor={cursor} />
        <FailureBars run={run} shades={stretches} />
        <Users {...shared} cursor={cursor} />
      </div>
    </section>
  );
}

interface PartProps {
  readonly run: RunView;
  readonly times: number[];
  readonly shades: readonly { from: number; to: number }[];
  readonly onCursor: (index: number | null) => void;
  readonly cursor: number | null;
}

/** Values that stand in the middle of their slices, at the cells that lie there. */
function atSlices({ data }: RunView, values: readonly (number | null)[]): (number | null)[] {
  const spread = new Array<number | null>(data.cells).fill(null);
  for (const [slice, value] of values.entries()) {
    const from = slice * data.sliceCells;
    const to = Math.min(data.cells, from + data.sliceCells);
    if (slice === 0) spread[0] = value;
    spread[Math.min(data.cells - 1, Math.floor((from + to) / 2))] = value;
    if (slice === values.length - 1) spread[data.cells - 1] = value;
  }
  return spread;
}

/** Per second; the last cell may be short. */
function perSecond(run: RunView, values: Numbers): number[] {
  return Array.from(
    { length: run.data.cells },
    (_, cell) => ((values[cell] ?? 0) * 1000) / lengthOf(run, { from: cell, to: cell + 1 }),
  );
}

function slicesPerSecond(run: RunView, values: Numbers): number[] {
  const { cells, sliceCells } = run.data;
  return perSlice(run, values).map((sum, slice) => {
    const from = slice * sliceCells;
    return (sum * 1000) / lengthOf(run, { from, to: Math.min(cells, from + sliceCells) });
  });
}

function Rate({ cursor, ...shared }: PartProps) {
  const { run } = shared;
  const colours = palette();
  const rows = placesOf(run, 'protocol').map((place) => run.data.rows[place]!.count);
  // Where nothing is asked for, how often the script ran says more.
  if (rows.length === 0) rows.push(run.data.columns.iterations);
  const what = placesOf(run, 'protocol').length === 0 ? 'Iterations' : 'Requests';
  const all = Array.from({ length: run.data.cells }, (_, cell) => rows.reduce((sum, row) => sum + (row[cell] ?? 0), 0));
  const cells = perSecond(run, all);
  const lines: ChartLine[] =
    run.data.sliceCells === 1
      ? [{ label: 'all', values: cells, colour: colours.ink, width: 1.6, fill: colours.area }]
      : [
          { label: 'single', values: cells, colour: colours.ink2, opacity: 0.45, fill: colours.area },
          { label: 'all', values: atSlices(run, slicesPerSecond(run, all)), colour: colours.ink, width: 1.8 },
        ];
  return (
    <figure>
      <figcaption>
        <b>{what} a second</b>
        <Key
          colour={colours.ink}
          name="all"
          value={cursor === null ? '' : text(compact(Math.round(cells[cursor] ?? 0)))}
        />
        {cursor === null ? null : <span class="at">{moment(cursor * run.data.cellMs, run.record.durationMs)}</span>}
      </figcaption>
      <TimeChart
        {...shared}
        title={`${what} a second over time`}
        height={110}
        lines={lines}
        format={(value) => text(compact(value))}
      />
    </figure>
  );
}

function Latency({ cursor, ...shared }: PartProps) {
  const { run } = shared;
  const protocols = protocolRows(run).filter(({ p50 }) => p50 !== null);
  const shown: RowTotals | undefined =
    protocols.find(({ row }) => row.protocol === chosenProtocol.value) ?? protocols[0];
  if (shown === undefined) return null;
  const colours = palette();
  const row = run.data.rows[shown.place]!;
  const slices = sliceCount(run.data);
  const quantiles = [
    ['p50', row.p50, 0.5, colours.p50],
    ['p95', row.p95, 0.95, colours.p95],
    ['p99', row.p99, 0.99, colours.p99],
  ] as const;
  const single = quantiles.map(([label, steps, , colour]): ChartLine => {
    const values = Array.from({ length: run.data.cells }, (_, cell) =>
      (steps[cell] ?? 0) > 0 ? msOfStep(steps[cell]! - 1) : null,
    );
    return {
      label: `${label} of cells`,
      values,
      colour,
      opacity: run.data.sliceCells === 1 ? 1 : 0.3,
      width: run.data.sliceCells === 1 ? 1.6 : 1,
    };
  });
  const strong = quantiles.map(
    ([label, , share, colour]): ChartLine => ({
      label,
      values: atSlices(run, sliceQuantiles(row, slices, share)),
      colour,
      width: label === 'p95' ? 2.4 : 1.7,
    }),
  );
  const late = lateLine(run, slices);
  const limits = run.record.thresholds
    .filter(
      ({ metric, tags, aggregation }) =>
        metric === `${shown.row.protocol}_req_duration` && tags.length === 0 && /^p\(|med/.test(aggregation),
    )
    .map(({ aggregation, limit }) => ({ value: limit, label: `limit of ${aggregation} ${text(duration(limit))}` }));
  const shownAt = (index: number): string => {
    const value = cursor === null ? null : single[index]!.values[cursor];
    return value === null || value === undefined ? '' : text(duration(value));
  };
  return (
    <figure>
      <figcaption>
        <b>Latency</b>
        {protocols.length > 1 ? (
          <Choice
            name="Protocol"
            options={protocols.map(({ row: { protocol } }) => [protocol, protocolName(protocol)])}
            chosen={shown.row.protocol}
            onChoose={(protocol) => (chosenProtocol.value = protocol)}
          />
        ) : (
          <span class="quiet">{protocolName(shown.row.protocol)}</span>
        )}
        {quantiles.map(([label, , , colour], index) => (
          <Key key={label} colour={colour} name={label} value={shownAt(index)} />
        ))}
        {late === null ? null : <Key colour={colours.ink3} name="late start of iterations, p95" value="" isDotted />}
        <Choice
          name="Scale"
          isRight
          options={[
            ['log', 'log'],
            ['linear', 'linear'],
          ]}
          chosen={isLogScale.value ? 'log' : 'linear'}
          onChoose={(scale) => (isLogScale.value = scale === 'log')}
        />
      </figcaption>
      <TimeChart
        {...shared}
        title={`Latency of ${protocolName(shown.row.protocol)} over time: 50th, 95th and 99th percentile`}
        height={216}
        isLog={isLogScale.value}
        lines={[...single, ...(run.data.sliceCells === 1 ? [] : strong), ...(late === null ? [] : [late])]}
        limits={limits}
        format={(value) => text(duration(value))}
      />
    </figure>
  );
}

/** How late iterations began that an arrival rate was to start; null where they began in time. */
function lateLine(run: RunView, slices: number): ChartLine | null {
  const [place] = placesOf(run, 'start-delay');
  if (place === undefined) return null;
  const values = sliceQuantiles(run.data.rows[place]!, slices, 0.95);
  if (values.every((value) => value === null || value < 1)) return null;
  return {
    label: 'late',
    values: atSlices(
      run,
      values.map((value) => (value === null || value < 0.1 ? null : value)),
    ),
    colour: palette().ink3,
    dash: [2, 3],
    width: 1.4,
  };
}

function FailureBars({ run, shades }: Pick<PartProps, 'run' | 'shades'>) {
  const { data, record } = run;
  const sums = record.timeline.codes
    .map(({ code }, place) => ({ code, values: perSlice(run, data.codes[place] ?? []) }))
    .map((entry) => ({ ...entry, total: entry.values.reduce((a, b) => a + b, 0) }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total);
  if (sums.length === 0) return null;
  const shown = sums.slice(0, sums.length > CODE_COLOURS ? CODE_COLOURS - 1 : CODE_COLOURS);
  const rest = sums.slice(shown.length);
  const slices = sliceCount(data);
  const layers = [
    ...shown.map(({ code, values }, rank) => ({
      name: `${code} ${titleOf(run, code)}`,
      values,
      colour: codeColour(rank),
    })),
    ...(rest.length === 0
      ? []
      : [
          {
            name: `${rest.length} others`,
            values: Array.from({ length: slices }, (_, slice) =>
              rest.reduce((sum, { values }) => sum + values[slice]!, 0),
            ),
            colour: codeColour(CODE_COLOURS),
          },
        ]),
  ];
  // Each bar reaches from the axis to the top of its layer; the lower ones are drawn over it.
  let below = new Array<number>(slices).fill(0);
  const stacked = layers.map(({ values, ...layer }) => {
    below = below.map((sum, slice) => sum + values[slice]!);
    return { ...layer, tops: below };
  });
  const sliceMs = data.sliceCells * data.cellMs;
  const times = Array.from({ length: slices }, (_, slice) => (slice + 0.5) * sliceMs);
  const lines = stacked.toReversed().map(
    ({ name, tops, colour }): ChartLine => ({
      label: name,
      values: tops.map((top) => (top === 0 ? null : top)),
      colour,
      isBars: true,
    }),
  );
  return (
    <figure>
      <figcaption>
        <b>Failures by code</b>
        <span class="quiet">per {sliceMs === 1000 ? 'second' : span(sliceMs)}</span>
        <span class="keys">
          {layers.map(({ name, colour }) => (
            <span key={name} class="key">
              <i class="box" style={{ background: colour }} />
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <TimeChart
        run={run}
        times={times}
        shades={shades}
        title="Failures by code over time"
        height={112}
        isWhole
        lines={lines}
        format={(value) => (Number.isInteger(value) ? text(compact(value)) : '')}
      />
    </figure>
  );
}

export function titleOf({ record }: RunView, code: number): string {
  return record.failures.find((failure) => failure.code === code)?.title ?? '';
}

function Users({ cursor, ...shared }: PartProps) {
  const colours = palette();
  const { data } = shared.run;
  const values = Array.from({ length: data.cells }, (_, cell) => data.columns.vus[cell] ?? 0);
  return (
    <figure>
      <figcaption>
        <b>Virtual users</b>
        <Key colour={colours.ink2} name="active" value={cursor === null ? '' : count(values[cursor] ?? 0)} />
      </figcaption>
      <TimeChart
        {...shared}
        title="Virtual users over time"
        height={90}
        isWhole
        hasAxis
        lines={[{ label: 'active', values, colour: colours.ink2, width: 1.5, fill: colours.area }]}
        format={(value) => (Number.isInteger(value) ? text(compact(value)) : '')}
      />
    </figure>
  );
}

function Key({
  colour,
  name,
  value,
  isDotted = false,
}: {
  readonly colour: string;
  readonly name: string;
  readonly value: string;
  readonly isDotted?: boolean;
}) {
  return (
    <span class="key">
      <i class={isDotted ? 'stroke dotted' : 'stroke'} style={{ color: colour }} />
      {name}
      {value === '' ? null : <b>{value}</b>}
    </span>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly chosen: string;
  readonly onChoose: (value: string) => void;
  readonly isRight?: boolean;
}

export function Choice({ name, options, chosen, onChoose, isRight = false }: ChoiceProps) {
  return (
    <fieldset class={isRight ? 'choice right' : 'choice'} aria-label={name}>
      {options.map(([value, label]) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {label}
        </button>
      ))}
    </fieldset>
  );
}

/** The same as a drag, for whoever has a keyboard or knows the times. */
function StretchInput({ run }: { readonly run: RunView }) {
  const { data, record } = run;
  const sliceMs = data.sliceCells * data.cellMs;
  const slices = sliceCount(data);
  const chosen = selection.value;
  const from = chosen?.from ?? 0;
  const to = chosen?.to ?? slices;
  const at = (slice: number): string =>
    moment(Math.min(slice * sliceMs, Math.max(record.durationMs, 0)), record.durationMs);
  const choose = (ms: number | null, isStart: boolean): void => {
    if (ms === null) return;
    const slice = isStart ? Math.floor(ms / sliceMs + 1e-6) : Math.ceil(ms / sliceMs - 1e-6);
    const next = isStart
      ? { from: Math.min(Math.max(0, slice), to - 1), to }
      : { from, to: Math.max(Math.min(slice, slices), from + 1) };
    selection.value = next.from === 0 && next.to >= slices ? null : next;
  };
  return (
    <span class="stretch">
      <label>
        from{' '}
        <input
          type="text"
          size={6}
          value={at(from)}
          onChange={({ currentTarget }) => choose(parseClock(currentTarget.value), true)}
        />
      </label>
      <label>
        to{' '}
        <input
          type="text"
          size={6}
          value={chosen === null ? clockOfEnd(run) : at(to)}
          onChange={({ currentTarget }) => choose(parseClock(currentTarget.value), false)}
        />
      </label>
      {chosen === null ? null : (
        <button type="button" onClick={() => (selection.value = null)}>
          Whole run
        </button>
      )}
    </span>
  );
}

function clockOfEnd({ record }: RunView): string {
  return record.durationMs < 120_000 ? moment(record.durationMs, record.durationMs) : clock(record.durationMs);
}
