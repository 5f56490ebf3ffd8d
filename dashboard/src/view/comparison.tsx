// How a run compares with earlier ones: what makes it doubtful first, then each value with where its true change lies.
import { useState } from 'preact/hooks';
import { type ComparedValue, marginOf } from '../../../src/metrics/comparison/comparison.ts';
import type { ComparisonRecord } from '../../../src/report/comparison-record.ts';
import {
  describeBaseline,
  describeVerdict,
  formatChange,
  judgementOf,
  statisticOf,
  subjectOf,
} from '../../../src/report/comparison-words.ts';
import { bytes, count, date, duration, percent, type Quantity } from '../text/format.ts';
import { Amount } from './marks.tsx';

/** Endpoints whose verdict is neither are shown on demand. */
const isQuiet = ({ row, verdict }: ComparedValue): boolean =>
  row?.kind === 'endpoint' && (verdict === 'same' || verdict === 'undecided');

interface ComparisonProps {
  readonly comparison: ComparisonRecord;
  /** Where the verdict stands above already. */
  readonly title?: string;
}

export function Comparison({ comparison, title }: ComparisonProps) {
  const [showsAll, setShowsAll] = useState(false);
  const { values, notes, baseline, earlier } = comparison;
  const quiet = values.filter(isQuiet).length;
  const shown = showsAll ? values : values.filter((value) => !isQuiet(value));
  return (
    <section id="comparison" class="comparison" aria-labelledby="comparison-title">
      <div class="title">
        <h2 id="comparison-title">{title ?? headOf(values)}</h2>
        <p title={earlier.map(({ startedAtMs }) => date(startedAtMs)).join(', ')}>
          Compared with {describeBaseline(baseline, earlier.length)}.
        </p>
      </div>
      {notes.length === 0 ? null : (
        <div class="concerns" role="note">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
      )}
      {shown.length === 0 ? null : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col" class="number wide">
                  Before
                </th>
                <th scope="col" class="number wide">
                  Now
                </th>
                <th scope="col" class="number">
                  Change
                </th>
                <th scope="col" class="where wide">
                  Where the true change lies
                </th>
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((value) => (
                <Row key={`${value.metric} ${value.statistic} ${subjectOf(value)}`} value={value} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {quiet === 0 ? null : (
        <button type="button" class="more" onClick={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show less' : `Show ${quiet} more of endpoints`}
        </button>
      )}
    </section>
  );
}

/** `Slower than before.` and its like. */
export function headOf(values: readonly ComparedValue[]): string {
  const judged = new Set(
    values
      .filter((value) => judgementOf(value) === 'worse')
      .map((value) => (value.kind === 'time' ? 'slower' : 'more fails')),
  );
  if (judged.has('slower')) return judged.has('more fails') ? 'Slower, and more fails.' : 'Slower than before.';
  if (judged.has('more fails')) return 'More fails than before.';
  if (values.some((value) => judgementOf(value) === 'better')) return 'Better than before.';
  if (values.length > 0 && values.every(({ verdict }) => verdict === 'same')) return 'No relevant change.';
  return values.length === 0 ? 'Not compared.' : 'Nothing is certainly worse.';
}

function Row({ value }: { readonly value: ComparedValue }) {
  const judgement = judgementOf(value);
  const statistic = statisticOf(value);
  return (
    <tr class={judgement}>
      <th scope="row" class="name">
        <span class={value.row?.kind === 'endpoint' ? 'path' : 'mono'}>{subjectOf(value)}</span>{' '}
        <span class="faint">{statistic === 'med' ? 'p50' : statistic.replace(/^p\((\d+)\)$/, 'p$1')}</span>
      </th>
      <td class="number wide">
        <Amount of={quantityOf(value, value.before)} />
      </td>
      <td class="number wide">
        <Amount of={quantityOf(value, value.after)} />
      </td>
      <td class="number">{formatChange(value.change, value.scale)}</td>
      <td class="where wide">
        <Interval value={value} />
      </td>
      <td class="verdict-word">{describeVerdict(value)}</td>
    </tr>
  );
}

function quantityOf({ scale, contains }: ComparedValue, number: number): Quantity {
  if (scale === 'absolute') return percent(number);
  if (contains === 'time') return duration(number);
  if (contains === 'data') return bytes(number);
  return { number: number >= 100 ? count(number) : String(Number(number.toPrecision(3))), unit: '' };
}

/** What the picture reaches to, on either side of no change: half as much again, or ten percentage points. */
const REACH = { relative: 0.5, absolute: 0.1 } as const;

function Interval({ value }: { readonly value: ComparedValue }) {
  const { low, high, change, scale } = value;
  if (low === null || high === null) return null;
  const at = (number: number): number => 50 + 50 * Math.max(-1, Math.min(1, number / REACH[scale]));
  const margin = marginOf(value);
  // As much up as down by the logarithm, where it is a factor.
  const [least, most] = [at(scale === 'relative' ? 1 / (1 + margin) - 1 : -margin), at(margin)];
  const [from, to] = [at(low), at(high)];
  return (
    <svg
      class="interval"
      viewBox="0 0 100 16"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${formatChange(low, scale)} to ${formatChange(high, scale)}`}
    >
      <rect class="margin" x={least} width={most - least} y="0" height="16" />
      <line class="zero" x1="50" x2="50" y1="0" y2="16" />
      <rect class="span" x={Math.min(from, 98.5)} width={Math.max(1.5, to - from)} y="6" height="4" />
      <rect class="point" x={Math.max(0, Math.min(98.5, at(change) - 0.75))} width="1.5" y="3" height="10" />
    </svg>
  );
}
