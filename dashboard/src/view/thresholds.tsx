// What was demanded, what came of it, and how far it is from the limit.
import type { ThresholdRecord } from '../../../src/report/run-record.ts';
import type { RunView } from '../data/model.ts';
import { bytes, count, duration, percent, type Quantity, text } from '../text/format.ts';
import { Crossed, Passed } from './marks.tsx';

export function Thresholds({ run }: { readonly run: RunView }) {
  const { thresholds } = run.record;
  if (thresholds.length === 0) return null;
  const sorted = thresholds.toSorted((a, b) => Number(a.ok) - Number(b.ok));
  if (run.isLive)
    return (
      <ul class="chips" aria-label="Thresholds">
        {sorted.map((threshold) => (
          <li key={`${threshold.key} ${threshold.source}`} class={threshold.ok ? 'chip' : 'chip crossed'}>
            {threshold.ok ? <Passed label="holds" /> : <Crossed label="crossed" />}
            {threshold.metric}
            {threshold.tags.map((tag) => (
              <span key={tag} class="tag">
                {tag}
              </span>
            ))}
            <code>{spaced(threshold.source)}</code>
          </li>
        ))}
      </ul>
    );
  return (
    <section class="thresholds" aria-label="Thresholds">
      <ul>
        {sorted.map((threshold) => (
          <Row key={`${threshold.key} ${threshold.source}`} threshold={threshold} />
        ))}
      </ul>
    </section>
  );
}

/** `p(95)<200` as `p(95) < 200`. */
function spaced(source: string): string {
  return source.replace(/\s*(<=|>=|===|==|!=|<|>)\s*/, ' $1 ');
}

/** Where the tick of the limit stands. */
const TICK = 0.62;

function Row({ threshold }: { readonly threshold: ThresholdRecord }) {
  const { ok, metric, tags, source, limit, value } = threshold;
  const scale = limit > 0 ? limit / TICK : Math.max(value ?? 0, 1) / 0.9;
  const isShare = threshold.type === 'rate' && limit > TICK;
  const width =
    value === null ? 0 : Math.min(1, Math.max(0, isShare ? value * Math.min(0.98, TICK / limit) : value / scale));
  const tick = limit > 0 ? TICK : 0;
  return (
    <li class={ok ? 'threshold' : 'threshold crossed'}>
      {ok ? <Passed label="held" /> : <Crossed label="crossed" />}
      <span class="metric">
        {metric}
        {tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
      </span>
      <code>{spaced(source)}</code>
      <span class="gauge" aria-hidden="true">
        <i style={{ width: `${width * 100}%` }} />
        <u style={{ left: `${tick * 100}%` }} />
      </span>
      <b class="value">{value === null ? 'no sample' : text(inUnit(threshold, value))}</b>
      <span class="distance">{distanceOf(threshold)}</span>
    </li>
  );
}

/** A value in what the metric measures. */
function inUnit({ type, contains, aggregation }: ThresholdRecord, value: number): Quantity {
  if (type === 'rate') return percent(value);
  if (type === 'counter' && aggregation === 'rate')
    return { number: `${round(value)}`, unit: contains === 'data' ? 'B/s' : '/s' };
  if (contains === 'time') return duration(value);
  if (contains === 'data') return bytes(value);
  return { number: Number.isInteger(value) ? count(value) : round(value), unit: '' };
}

function round(value: number): string {
  return value >= 100 ? count(value) : String(Number(value.toPrecision(3)));
}

function distanceOf({ value, limit, ok }: ThresholdRecord): string {
  if (value === null || limit === 0) return '';
  const share = value / limit - 1;
  if (value === limit) return 'at the limit';
  const size = Math.abs(share) * 100;
  const number = size < 0.095 ? '< 0.1' : size < 9.95 ? size.toFixed(1) : size < 1000 ? size.toFixed(0) : count(size);
  if (!ok && size >= 1000) return `${round(value / limit)} × the limit`;
  return `${number} % ${share > 0 ? 'over' : 'under'}`;
}
