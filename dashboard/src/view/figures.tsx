// Five numbers, each with its course.
import type { ComponentChildren } from 'preact';
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import { Sparkline } from '../chart/sparkline.tsx';
import { endOf } from '../chart/time-chart.tsx';
import { type RunView, selection } from '../data/model.ts';
import {
  cellsOf,
  column,
  lengthOf,
  mostOf,
  perSlice,
  placesOf,
  protocolName,
  protocolRows,
  sliceQuantiles,
  totalsOf,
} from '../data/totals.ts';
import { failuresIn, requestsIn } from '../text/diagnosis.ts';
import { bytes, compact, count, duration, percent, plural, type Quantity, rate, span, text } from '../text/format.ts';
import { Amount } from './marks.tsx';

export function Figures({ run }: { readonly run: RunView }) {
  const { data, record } = run;
  const chosen = selection.value;
  const cells = cellsOf(run, chosen);
  const ms = lengthOf(run, cells);
  const [requests, failed] = [requestsIn(run, chosen), failuresIn(run, chosen)];
  const protocols = placesOf(run, 'protocol').map((place) => data.rows[place]!);
  const [busiest] = protocolRows(run);
  const latency = busiest === undefined ? null : totalsOf(run, busiest.place, chosen);
  const [iterations, dropped] = [column(run, 'iterations', chosen), column(run, 'dropped', chosen)];
  const isShown = chosen === null ? '' : ' in the stretch';
  const add = (lists: readonly number[][]): number[] =>
    (lists[0] ?? []).map((_, slice) => lists.reduce((sum, list) => sum + (list[slice] ?? 0), 0));
  const fraction = Math.min(1, (data.cells * data.cellMs) / endOf(run));
  const metric =
    busiest === undefined
      ? undefined
      : record.metrics.find(({ key }) => key === `${busiest.row.protocol}_req_duration`);
  // Over the whole run the finer histogram of the metric knows better.
  const exact = chosen === null && metric !== undefined ? metric.values : null;
  const p = (name: string, merged: number | null | undefined): string =>
    text(duration(exact?.[name] ?? merged ?? null));
  return (
    <section class="figures" aria-label="Figures">
      <Figure name={`Requests${isShown}`} of={compact(requests)} note={`${rate((requests * 1000) / ms)} a second`}>
        <Sparkline
          colour="ink"
          fraction={fraction}
          values={add(protocols.map(({ count: values }) => perSlice(run, values)))}
        />
      </Figure>
      <Figure
        name="Failed"
        of={requests === 0 ? { number: '–', unit: '' } : percent(failed / requests)}
        note={plural(failed, 'request')}
        tone={failed > 0 ? 'fail' : ''}
      >
        <Sparkline
          colour="fail"
          fraction={fraction}
          values={add(protocols.map(({ failed: values }) => perSlice(run, values)))}
        />
      </Figure>
      {latency === null ? (
        <Figure name="Virtual users" of={compact(mostOf(data.columns.vus, cells))} note="at most">
          <Sparkline colour="brand" fraction={fraction} values={Array.from(data.columns.vus).slice(0, data.cells)} />
        </Figure>
      ) : (
        <Figure
          name={`Latency of ${protocolName(latency.row.protocol)}, p95`}
          of={duration(exact?.['p(95)'] ?? latency.p95)}
          note={`p50 ${p('med', latency.p50)} · p99 ${p('p(99)', latency.p99)}`}
        >
          <Sparkline
            colour="brand"
            fraction={fraction}
            values={sliceQuantiles(data.rows[latency.place]!, sliceCount(data), 0.95)}
          />
        </Figure>
      )}
      <Figure
        name="Iterations"
        of={compact(iterations)}
        note={`${dropped > 0 ? `${count(dropped)} dropped · ` : ''}${plural(mostOf(data.columns.vus, cells), 'VU')}`}
      >
        <Sparkline colour="ink" fraction={fraction} values={perSlice(run, data.columns.iterations)} />
      </Figure>
      <Figure
        name="Received"
        of={bytes(column(run, 'received', chosen))}
        note={`${text(bytes(column(run, 'sent', chosen)))} sent in ${span(ms)}`}
      >
        <Sparkline colour="ink" fraction={fraction} values={perSlice(run, data.columns.received)} />
      </Figure>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly of: Quantity;
  readonly note: string;
  readonly tone?: string;
  readonly children: ComponentChildren;
}

function Figure({ name, of, note, tone = '', children }: FigureProps) {
  return (
    <div class={`figure ${tone}`}>
      <span class="name">{name}</span>
      <b>
        <Amount of={of} />
      </b>
      <span class="note">{note}</span>
      {children}
    </div>
  );
}
