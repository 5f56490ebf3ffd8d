// The page of the history: the list, a run, or a comparison, by its address.
import 'uplot/dist/uPlot.min.css';
import './style.css';
import './comparison.css';
import './history/history.css';
import './data/apply-theme.ts';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { problem, type RunView, view } from './data/model.ts';
import { saveHtml } from './data/save-report.ts';
import { ComparePage, compared } from './history/compare-page.tsx';
import {
  compareViews,
  compareWords,
  comparisonPageOf,
  findEarlier,
  LIST_PAGE,
  readReport,
  readRows,
  readRun,
  rows,
} from './history/kept-runs.ts';
import { ListPage } from './history/list-page.tsx';
import { App } from './view/app.tsx';
import { titleOf } from './view/verdict.tsx';

/** Runs begin and end while somebody looks at the list. */
const REFRESH_MS = 5000;

const place = decodeURIComponent(/\/runs\/([^/]+)$/.exec(location.pathname)?.[1] ?? '');
const saving = signal(false);

function KeptTools({ run }: { readonly run: RunView }) {
  const { id, script } = run.record;
  const own = rows.value?.find((row) => row.id === id);
  const earlier = own === undefined ? [] : findEarlier(rows.value!, own).map((row) => row.id);
  const save = async (): Promise<void> => {
    saving.value = true;
    try {
      saveHtml(await readReport(id), script);
    } finally {
      saving.value = false;
    }
  };
  return (
    <>
      <a class="button" href={LIST_PAGE}>
        All runs
      </a>
      {earlier.length === 0 ? null : (
        <a class="button wide" href={comparisonPageOf(id, earlier)}>
          {compareWords(earlier.length)}
        </a>
      )}
      <button type="button" disabled={saving.value} onClick={() => void save()}>
        Save report
      </button>
    </>
  );
}

function Page() {
  if (place === '') return <ListPage />;
  if (place === 'compare') return <ComparePage />;
  return <App tools={(run) => <KeptTools run={run} />} />;
}

effect(() => {
  const shown = compared.value;
  document.title =
    place === ''
      ? 'Runs – Sixfold'
      : place === 'compare'
        ? `${shown === null ? 'Comparison' : `Comparison of ${shown.run.record.script}`} – Sixfold`
        : titleOf();
});

async function compare(): Promise<void> {
  const query = new URLSearchParams(location.search);
  const ids = [query.get('run') ?? '', ...(query.get('with') ?? '').split(',')].filter((id) => id !== '');
  if (ids.length < 2) throw new Error('The address names no two runs: choose them in the list of all runs.');
  const [[run, ...earlier]] = await Promise.all([Promise.all(ids.map(readRun)), readRows()]);
  compared.value = { run: run!, earlier, comparison: compareViews(run!, earlier, rows.value ?? []) };
}

async function start(): Promise<void> {
  if (place === 'compare') return compare();
  if (place !== '') {
    view.value = await readRun(place);
    return readRows();
  }
  await readRows();
  setInterval(() => {
    if (!document.hidden) void readRows().catch(() => {});
  }, REFRESH_MS);
}

render(<Page />, document.getElementById('app')!);
start().catch((error: unknown) => {
  problem.value = error instanceof Error ? error.message : String(error);
});
