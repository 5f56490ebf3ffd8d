// How a value went from run to run: a point each, which leads to the run.
import { useState } from 'preact/hooks';
import type { Trend } from './api.ts';
import { when, words } from './language.ts';
import { toneOf } from './outcome.tsx';
import { runPage } from './places.ts';

type Point = Trend['points'][number];

export interface TrendChartProps {
  readonly title: string;
  readonly points: readonly Point[];
  readonly baselineRunId: string | null;
  /** null: the run has none. */
  readonly valueAt: (point: Point) => number | null;
  readonly format: (value: number) => string;
}

const WIDTH = 1200;
const HEIGHT = 150;
const LEFT = 72;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 12;

export function TrendChart({ title, points, baselineRunId, valueAt, format }: TrendChartProps) {
  const said = words.value;
  const [near, setNear] = useState<number | null>(null);
  const values = points.map(valueAt);
  const top = niceTop(Math.max(0, ...values.map((value) => value ?? 0)));
  const x = (index: number): number =>
    points.length < 2 ? (WIDTH + LEFT - RIGHT) / 2 : LEFT + (index * (WIDTH - LEFT - RIGHT)) / (points.length - 1);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - TOP - BOTTOM);
  const base = points.findIndex(({ runId }) => runId === baselineRunId);
  const baseValue = base < 0 ? null : values[base]!;
  const line = values
    .map((value, index) => (value === null ? null : `${x(index).toFixed(1)} ${y(value).toFixed(1)}`))
    .filter((place) => place !== null)
    .join('L');
  const shown = near === null ? null : points[near]!;
  return (
    <figure class="trend">
      <figcaption>
        <b>{title}</b>
        <span class="quiet" aria-live="polite">
          {shown === null || values[near!] === null
            ? ''
            : `${format(values[near!]!)} · ${said.version(shown.version)} · ${said.states[shown.state]} · ${when(shown.endedAtMs)}`}
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>{title}</title>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(top * share)} y2={y(top * share)} />
            <text x={LEFT - 12} y={y(top * share) + 4} text-anchor="end">
              {format(top * share)}
            </text>
          </g>
        ))}
        {baseValue === null ? null : (
          <g class="base">
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(baseValue)} y2={y(baseValue)} />
            <text x={WIDTH - RIGHT} y={y(baseValue) - 6} text-anchor="end">
              {said.isBaseline}
            </text>
          </g>
        )}
        {line === '' ? null : <path class="course" d={`M${line}`} />}
        {points.map((point, index) =>
          values[index] === null ? null : (
            <a
              key={point.runId}
              href={runPage(point.runId)}
              aria-label={`${format(values[index]!)}, ${said.states[point.state]}, ${when(point.endedAtMs)}`}
              onMouseEnter={() => setNear(index)}
              onMouseLeave={() => setNear(null)}
              onFocus={() => setNear(index)}
              onBlur={() => setNear(null)}
            >
              <circle class="touch" cx={x(index)} cy={y(values[index]!)} r="12" />
              <circle class={`point ${toneOf(point.state)}`} cx={x(index)} cy={y(values[index]!)} r="4.5" />
            </a>
          ),
        )}
      </svg>
    </figure>
  );
}

/** 1, 2, 2.5 or 5 of a power of ten, above what there is. */
function niceTop(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * [1, 2, 2.5, 5, 10].find((step) => step * power >= most)!;
}
