import type { MetricRecord } from '../../../src/report/run-record.ts';
import type { RunView } from '../data/model.ts';
import { bytes, count, duration, percent, type Quantity, text } from '../text/format.ts';

/** All numbers, as the summary has them; the script's own metrics first. */
export function Metrics({ run }: { readonly run: RunView }) {
  const { metrics } = run.record;
  if (metrics.length === 0) return null;
  const custom = metrics.filter(({ isCustom }) => isCustom);
  const own = metrics.filter(({ isCustom }) => !isCustom);
  return (
    <section aria-labelledby="metrics">
      <div class="title">
        <h2 id="metrics">Metrics</h2>
        <p>{custom.length === 0 ? 'Over the whole run.' : "Over the whole run; the script's own first."}</p>
      </div>
      {custom.length === 0 ? null : <Table name="The script's own metrics" metrics={custom} />}
      <details open={custom.length === 0 && metrics.length < 8}>
        <summary>{custom.length === 0 ? `All ${own.length} metrics` : `${own.length} built-in metrics`}</summary>
        <Table name="Built-in metrics" metrics={own} />
      </details>
    </section>
  );
}

const STATS = ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max'];

function Table({ name, metrics }: { readonly name: string; readonly metrics: readonly MetricRecord[] }) {
  return (
    <div class="scroll">
      <table class="metrics" aria-label={name}>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" class="number">
              Value
            </th>
            {STATS.map((stat) => (
              <th key={stat} scope="col" class="number wide">
                {stat}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <tr key={metric.key}>
              <th scope="row" class="mono">
                {metric.key}
              </th>
              <td class="number">{headline(metric)}</td>
              {STATS.map((stat) => (
                <td key={stat} class="number faint wide">
                  {metric.type === 'trend' && metric.values[stat] !== undefined
                    ? text(inUnit(metric, metric.values[stat]))
                    : ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inUnit({ contains }: MetricRecord, value: number): Quantity {
  if (contains === 'time') return duration(value);
  if (contains === 'data') return bytes(value);
  return { number: Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(4))), unit: '' };
}

function headline(metric: MetricRecord): string {
  const { type, values } = metric;
  switch (type) {
    case 'counter':
      return text(inUnit(metric, values['count'] ?? 0));
    case 'gauge':
      return text(inUnit(metric, values['value'] ?? 0));
    case 'rate':
      return `${text(percent(values['rate'] ?? 0))} of ${count((values['passes'] ?? 0) + (values['fails'] ?? 0))}`;
    case 'trend':
      return `${count(values['count'] ?? 0)} values`;
  }
}
