import type { RunView } from '../data/model.ts';
import { plural, span } from '../text/format.ts';
import { Mark } from './marks.tsx';

/** How it was measured: what the numbers mean and how exact they are. */
export function Measured({ run }: { readonly run: RunView }) {
  const { record, data } = run;
  const { folded, hasMerged } = record.timeline;
  return (
    <footer class="column measured">
      <Mark />
      <div>
        <p>
          Made by Sixfold {record.version} on Node {record.host.node}. Totals and thresholds are exact to 0.1 %,
          percentiles of single cells to 1.3 % (in long runs of many endpoints to 4.5 %), those of a selected stretch
          and of endpoints to 4.5 %: they come from merged histograms, never from averages of percentiles. Latencies run
          from the actual send.
        </p>
        <p>
          Cells are {span(data.cellMs)}, stretches are whole multiples of {span(data.cellMs * data.sliceCells)}.
          {hasMerged
            ? ' The run took longer than its plan, so neighbouring cells were merged: counts added, of two percentiles the greater kept.'
            : ''}
          {folded > 0 ? ` ${plural(folded, 'endpoint')} past the busiest are shown as one row.` : ''}
        </p>
        {record.scenarios.length === 0 ? null : (
          <ul>
            {record.scenarios.map(({ name, description }) => (
              <li key={name}>
                <b>{name}</b>: {description}
              </li>
            ))}
          </ul>
        )}
        <p>
          {run.isLive
            ? 'Served by the run itself; nothing else is loaded.'
            : 'This file holds everything: it loads nothing and sends nothing.'}
        </p>
      </div>
    </footer>
  );
}
