// All runs of a project: found, compared, pinned, removed.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Choice } from '../../view/over-time.tsx';
import { ask, type Page, type Project, type Run } from '../api.ts';
import { Frame, Head } from '../frame.tsx';
import { words } from '../language.ts';
import { comparePage } from '../places.ts';
import { called, RunTable } from '../run-table.tsx';

const REFRESH_MS = 5000;
const PAGE_ROWS = 30;

type Filter = 'all' | 'active' | 'good' | 'bad';
const STATES: Readonly<Record<Filter, string>> = {
  all: '',
  active: 'queued,starting,running,stopping',
  good: 'passed',
  bad: 'failed,aborted,error',
};

export function RunsPage({ project }: { readonly project: Project }) {
  const said = words.value;
  const test = new URLSearchParams(location.search).get('test');
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [rows, setRows] = useState<readonly Run[] | null>(null);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [shown, setShown] = useState(PAGE_ROWS);
  const asked = useRef(0);
  const query = new URLSearchParams({
    ...(test !== null && { test }),
    ...(STATES[filter] !== '' && { state: STATES[filter] }),
    ...(search.trim() !== '' && { search: search.trim() }),
  }).toString();

  const load = async (): Promise<void> => {
    const own = ++asked.current;
    try {
      const found: Run[] = [];
      let after: string | null = null;
      do {
        const limit = Math.min(100, shown - found.length);
        const page: Page<Run> = await ask(
          'GET',
          `/projects/${project.id}/runs?${query}&limit=${limit}${after === null ? '' : `&after=${after}`}`,
        );
        found.push(...page.items);
        after = page.next;
      } while (after !== null && found.length < shown);
      // A later search may have been answered before this one.
      if (own !== asked.current) return;
      setRows(found);
      setNext(after);
      setProblem(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  useEffect(() => {
    // Whoever types is not answered letter by letter.
    const first = setTimeout(() => void load(), rows === null ? 0 : 150);
    const timer = setInterval(() => {
      if (!document.hidden) void load();
    }, REFRESH_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [query, shown]);

  const picked = (rows ?? []).filter(({ id }) => chosen.includes(id));
  const [latest, earlier] = picked;
  return (
    <Frame project={project} part="runs">
      <Head text={said.runs} />
      <search class="finder">
        <label>
          <span class="unseen">{said.search}</span>
          <input
            type="search"
            placeholder={said.search}
            value={search}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </label>
        <Choice
          name={said.result}
          options={(['all', 'active', 'good', 'bad'] as const).map((one) => [one, said.filters[one]])}
          chosen={filter}
          onChoose={(value) => setFilter(value as Filter)}
        />
      </search>
      {rows === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : rows.length === 0 ? (
        <p class="empty">{query === '' ? said.noRuns : said.noneFound}</p>
      ) : (
        <RunTable runs={rows} role={project.role} onChange={load} chosen={chosen} onChoose={setChosen} />
      )}
      {rows !== null && problem !== null ? (
        <p class="problem" role="alert">
          {problem}
        </p>
      ) : null}
      {next === null ? null : (
        <button type="button" class="more" onClick={() => setShown(shown + PAGE_ROWS)}>
          {said.more}
        </button>
      )}
      {latest === undefined ? null : (
        <div class="picked" role="status">
          <p>
            {earlier === undefined ? said.chosenOne(called(latest)) : said.chosenTwo(called(latest), called(earlier))}
          </p>
          {earlier === undefined ? null : (
            <a class="button main" href={comparePage(latest.id, earlier.id)}>
              {said.compare}
            </a>
          )}
          <button type="button" onClick={() => setChosen([])}>
            {said.chooseNone}
          </button>
        </div>
      )}
    </Frame>
  );
}
