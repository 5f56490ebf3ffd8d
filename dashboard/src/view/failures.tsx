// What failed: a card per code, with when, where, what it means and what to look at first.
import type { ComponentChildren } from 'preact';
import type { FailureRecord } from '../../../src/report/run-record.ts';
import { codeColour } from '../chart/palette.ts';
import { SparkBars } from '../chart/sparkline.tsx';
import { type RunView, selection } from '../data/model.ts';
import { cellsOf, perSlice, protocolName, sumOf } from '../data/totals.ts';
import { requestsIn } from '../text/diagnosis.ts';
import { count, moment, percent, plural, text } from '../text/format.ts';
import { FailedExchanges } from './failed-exchanges.tsx';

const RETRIES: Readonly<Record<string, string>> = {
  no: 'No retry',
  yes: 'Retry',
  backoff: 'Retry with a pause',
  idempotent: 'Retry only what may be done twice',
  'higher-level': 'Retry the whole sequence',
  'after-fix': 'Retry after a fix',
};

interface Card {
  readonly failure: FailureRecord;
  readonly values: number[];
  /** In the selected stretch. */
  readonly count: number;
  readonly span: readonly [number, number] | null;
}

export function Failures({ run }: { readonly run: RunView }) {
  const { record, data } = run;
  if (record.failures.length === 0) return null;
  const chosen = selection.value;
  const cells = cellsOf(run, chosen);
  const cards = record.failures.map((failure): Card => {
    const place = record.timeline.codes.findIndex(
      ({ protocol, code }) => protocol === failure.protocol && code === failure.code,
    );
    const counts = data.codes[place] ?? [];
    const inCells = sumOf(counts, cells);
    // Of a run under way the cells are ahead of the record.
    const own = chosen === null ? Math.max(failure.count, run.isLive ? inCells : 0) : inCells;
    return { failure, values: perSlice(run, counts), count: own, span: spanOf(Array.from(counts)) };
  });
  const total = cards.reduce((sum, card) => sum + card.count, 0);
  const requests = requestsIn(run, chosen);
  return (
    <section aria-labelledby="failures">
      <div class="title">
        <h2 id="failures">What failed</h2>
        <p>
          {plural(total, 'failure')}
          {requests === 0 ? '' : `, ${text(percent(total / Math.max(total, requests)))} of all requests`}, for{' '}
          {plural(cards.filter((card) => card.count > 0).length, 'reason')}
          {chosen === null ? '.' : ' in the selected stretch.'}
        </p>
      </div>
      {cards.map((card, rank) => (
        <FailureCard
          key={`${card.failure.protocol} ${card.failure.code}`}
          run={run}
          card={card}
          rank={rank}
          total={total}
        />
      ))}
    </section>
  );
}

/** Cells of the first and the last. */
function spanOf(counts: readonly number[]): readonly [number, number] | null {
  const first = counts.findIndex((value) => value > 0);
  return first < 0 ? null : [first, counts.findLastIndex((value) => value > 0) + 1];
}

function FailureCard({
  run,
  card,
  rank,
  total,
}: {
  readonly run: RunView;
  readonly card: Card;
  readonly rank: number;
  readonly total: number;
}) {
  const { failure, values, span } = card;
  const { durationMs } = run.record;
  const at = (cell: number): string => moment(Math.min(cell * run.data.cellMs, durationMs), durationMs);
  const colour = codeColour(rank);
  return (
    <article class="card" id={`code-${failure.code}`} aria-label={`${failure.code} ${failure.title}`}>
      <div class="when">
        <span class="code" style={{ color: colour }}>
          {failure.code}
        </span>
        <p>
          <b>{count(card.count)}</b> · {total === 0 ? '' : text(percent(card.count / total))} of the failures
        </p>
        <SparkBars values={values} colour={colour} />
        <p class="quiet">
          {span === null ? '' : `${at(span[0])} to ${at(span[1])}`}
          <span class="right">{protocolName(failure.protocol)}</span>
        </p>
      </div>
      <div class="what">
        <h3>{failure.title}</h3>
        <p>{failure.meaning}</p>
        <dl>
          {failure.look === '' ? null : <Term name="Look first">{failure.look}</Term>}
          {failure.producedBy === '' ? null : <Term name="Comes from">{failure.producedBy}</Term>}
          {failure.retryAdvice === '' ? null : (
            <Term name={RETRIES[failure.retry] ?? 'Retry'}>{failure.retryAdvice}</Term>
          )}
          <Term name="More">
            {run.isLive ? (
              <a href={`docs/go?q=${failure.code}`}>All about {failure.code}</a>
            ) : (
              <code>sixfold docs {failure.code}</code>
            )}
          </Term>
          {failure.names.length === 0 ? null : (
            <Term name="Where">
              {failure.names.slice(0, 5).map(({ name, count: times }, index) => (
                <span key={name}>
                  {index === 0 ? '' : ', '}
                  <code>{name}</code> <span class="quiet">{count(times)}</span>
                </span>
              ))}
              {failure.names.length > 5 ? <span class="quiet"> and {failure.names.length - 5} more</span> : null}
            </Term>
          )}
        </dl>
        {failure.message === '' ? null : <pre>{failure.message}</pre>}
        {failure.stack === '' ? null : <pre>{failure.stack}</pre>}
        <FailedExchanges run={run} samples={failure.samples ?? []} />
      </div>
    </article>
  );
}

function Term({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
