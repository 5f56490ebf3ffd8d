// A run held against earlier ones: the verdict, the runs, each value, and how they went over time, one over the other.
import { signal } from '@preact/signals';
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import type { ComparisonRecord } from '../../../src/report/comparison-record.ts';
import { judgementOf } from '../../../src/report/comparison-words.ts';
import { palette } from '../chart/palette.ts';
import { type ChartLine, endOf, TimeChart } from '../chart/time-chart.tsx';
import { problem, type RunView } from '../data/model.ts';
import { endMs, perSlice, placesOf, protocolName, protocolRows, sliceQuantiles } from '../data/totals.ts';
import { failuresIn, requestsIn } from '../text/diagnosis.ts';
import { compact, count, date, duration, percent, rate, span, text } from '../text/format.ts';
import { Comparison, headOf } from '../view/comparison.tsx';
import { Amount } from '../view/marks.tsx';
import { Choice } from '../view/over-time.tsx';
import { TopBar } from '../view/top-bar.tsx';
import { LIST_PAGE, pageOf, shortId } from './kept-runs.ts';

export interface Compared {
  readonly run: RunView;
  /** The latest first. */
  readonly earlier: readonly RunView[];
  readonly comparison: ComparisonRecord;
}

export const compared = signal<Compared | null>(null);
const chosenProtocol = signal<string | null>(null);

/** Points of a line: more than a screen has slices of a run. */
const POINTS = 360;

export function ComparePage() {
  const shown = compared.value;
  return (
    <>
      <a class="skip" href="#top">
        Skip to the comparison
      </a>
      <TopBar home={LIST_PAGE} label="Pages" links={[{ to: LIST_PAGE, name: 'All runs' }]} />
      <main id="top" class="history">
        {shown === null ? (
          <p class="blank" role="status">
            {problem.value ?? 'Loading…'}
          </p>
        ) : (
          <ComparedRuns {...shown} />
        )}
      </main>
    </>
  );
}

interface ComparedRunsProps extends Compared {
  /** Where a run has its page. */
  readonly place?: (id: string) => string;
}

/** What is worth looking at, whichever page it is on. */
export function ComparedRuns({ place = pageOf, ...shown }: ComparedRunsProps) {
  return (
    <>
      <Head {...shown} place={place} />
      <Comparison comparison={shown.comparison} title="Value by value" />
      <Courses {...shown} />
    </>
  );
}

function Head({ run, earlier, comparison, place }: Compared & { readonly place: (id: string) => string }) {
  const isWorse = comparison.values.some((value) => judgementOf(value) === 'worse');
  const views = [run, ...earlier];
  return (
    <section class="verdict" aria-labelledby="compared">
      <p class="facts">
        <span class="mono">{run.record.script}</span>
        <span>{date(run.record.startedAtMs)}</span>
      </p>
      <h1 id="compared" class={isWorse ? 'fail' : ''}>
        <b>{headOf(comparison.values)}</b>{' '}
        <span>{earlier.length === 1 ? 'With one earlier run.' : `With ${earlier.length} earlier runs.`}</span>
      </h1>
      <div class="scroll">
        <table class="compared">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Result</th>
              <th scope="col" class="number wide">
                Took
              </th>
              <th scope="col" class="number">
                Requests
              </th>
              <th scope="col" class="number wide">
                A second
              </th>
              <th scope="col" class="number">
                Failed
              </th>
              <th scope="col" class="number wide">
                Iterations
              </th>
            </tr>
          </thead>
          <tbody>
            {views.map((view, index) => (
              <Facts key={view.record.id} view={view} isLatest={index === 0} place={place(view.record.id)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface FactsProps {
  readonly view: RunView;
  readonly isLatest: boolean;
  readonly place: string;
}

function Facts({ view, isLatest, place }: FactsProps) {
  const { record } = view;
  const requests = requestsIn(view, null);
  const crossed = record.thresholds.filter(({ ok }) => !ok).length;
  return (
    <tr>
      <th scope="row" class="name">
        <a href={place}>{record.script}</a>
        <small>
          {date(record.startedAtMs)} · <span class="mono">{shortId(record.id)}</span>
          {isLatest ? ' · this run' : ''}
        </small>
      </th>
      <td class={`outcome ${crossed > 0 || record.exitCode !== 0 ? 'failed' : ''}`}>
        {crossed > 0
          ? `${crossed} of ${record.thresholds.length} crossed`
          : record.exitCode === 0
            ? record.thresholds.length > 0
              ? 'passed'
              : 'finished'
            : `exit code ${record.exitCode ?? '–'}`}
      </td>
      <td class="number wide">{span(record.durationMs)}</td>
      <td class="number">
        <Amount of={compact(requests)} />
      </td>
      <td class="number wide">{rate((requests * 1000) / Math.max(1, record.durationMs))}</td>
      <td class="number">{requests === 0 ? '–' : <Amount of={percent(failuresIn(view, null) / requests)} />}</td>
      <td class="number wide">{count(record.iterations.completed)}</td>
    </tr>
  );
}

/** What a run has in each of its slices. */
type CourseOf = (view: RunView) => readonly (number | null)[];

function Courses(shown: Compared) {
  const { run, earlier } = shown;
  const all = [run, ...earlier];
  const protocols = protocolRows(run)
    .filter(({ p50 }) => p50 !== null)
    .map(({ row }) => row.protocol);
  const protocol = protocols.find((one) => one === chosenProtocol.value) ?? protocols[0];
  const longest = all.reduce((a, b) => (endOf(b) > endOf(a) ? b : a));
  const times = Array.from({ length: POINTS + 1 }, (_, index) => (index * endOf(longest)) / POINTS);
  const chart = (title: string, course: CourseOf, format: (value: number) => string, isLast = false) => (
    <TimeChart
      run={longest}
      times={times}
      title={title}
      height={isLast ? 150 : 130}
      lines={linesOf(shown, times, course)}
      format={format}
      isFixed
      hasAxis={isLast}
    />
  );
  return (
    <section aria-labelledby="courses">
      <div class="title">
        <h2 id="courses">One over the other</h2>
        <p>From the start of each run on.</p>
      </div>
      <div class="panel">
        <figure>
          <figcaption>
            <b>Requests a second</b>
            <Keys />
          </figcaption>
          {chart('Requests a second of each run over time', rates, (value) => text(compact(value)))}
        </figure>
        {protocol === undefined ? null : (
          <figure>
            <figcaption>
              <b>Latency, p95</b>
              {protocols.length > 1 ? (
                <Choice
                  name="Protocol"
                  options={protocols.map((one) => [one, protocolName(one)])}
                  chosen={protocol}
                  onChoose={(one) => (chosenProtocol.value = one)}
                />
              ) : (
                <span class="quiet">{protocolName(protocol)}</span>
              )}
            </figcaption>
            {chart(
              `95th percentile of the latency of ${protocolName(protocol)} of each run over time`,
              (view) => latencies(view, protocol),
              (value) => text(duration(value)),
            )}
          </figure>
        )}
        <figure>
          <figcaption>
            <b>Failures a second</b>
          </figcaption>
          {chart('Failures a second of each run over time', failures, (value) => text(compact(value)), true)}
        </figure>
      </div>
    </section>
  );
}

function Keys() {
  const colours = palette();
  return (
    <>
      <span class="key">
        <i class="stroke" style={{ color: colours.p95 }} />
        this run
      </span>
      <span class="key">
        <i class="stroke" style={{ color: colours.ink3 }} />
        earlier
      </span>
    </>
  );
}

function linesOf({ run, earlier }: Compared, times: readonly number[], course: CourseOf): ChartLine[] {
  const colours = palette();
  // The run itself is drawn last, over all others.
  return [...earlier.map((view) => ({ view, isOwn: false })).reverse(), { view: run, isOwn: true }].map(
    ({ view, isOwn }) => {
      const values = course(view);
      const sliceMs = view.data.sliceCells * view.data.cellMs;
      const drawn = new Array<number | null>(times.length).fill(null);
      for (const [slice, value] of values.entries()) {
        const middle = (slice + 0.5) * sliceMs;
        // What is left of a slice at the end is no rate.
        if (middle <= endMs(view)) drawn[Math.round((middle / times.at(-1)!) * POINTS)] = value;
      }
      return {
        label: `${isOwn ? 'this run' : date(view.record.startedAtMs)} ${view.record.id}`,
        values: drawn,
        colour: isOwn ? colours.p95 : colours.ink3,
        width: isOwn ? 2.2 : 1.4,
        opacity: isOwn ? 1 : 0.75,
      };
    },
  );
}

function sumOfProtocols(view: RunView, of: 'count' | 'failed'): number[] {
  const { cells, cellMs, sliceCells } = view.data;
  const lists = placesOf(view, 'protocol').map((place) => perSlice(view, view.data.rows[place]![of]));
  return Array.from({ length: sliceCount(view.data) }, (_, slice) => {
    const end = Math.min(endMs(view), Math.min(cells, (slice + 1) * sliceCells) * cellMs);
    const ms = Math.max(cellMs / 4, end - slice * sliceCells * cellMs);
    return (lists.reduce((sum, list) => sum + list[slice]!, 0) * 1000) / ms;
  });
}

const rates: CourseOf = (view) => sumOfProtocols(view, 'count');
const failures: CourseOf = (view) => sumOfProtocols(view, 'failed');

function latencies(view: RunView, protocol: string): (number | null)[] {
  const place = placesOf(view, 'protocol').find((one) => view.record.timeline.rows[one]!.protocol === protocol);
  return place === undefined ? [] : sliceQuantiles(view.data.rows[place]!, sliceCount(view.data), 0.95);
}
