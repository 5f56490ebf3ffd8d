// The tests of a project, each with how it went last and how it has gone since.
import { Sparkline } from '../../chart/sparkline.tsx';
import { ask, type Page, type Project, type Run, readAll, type Test } from '../api.ts';
import { Doing } from '../form.tsx';
import { Frame, Head } from '../frame.tsx';
import { when, words } from '../language.ts';
import { may, Outcome, P95 } from '../outcome.tsx';
import { projectPage, runPage, testPage } from '../places.ts';
import { useLoaded } from '../use-loaded.ts';

const REFRESH_MS = 5000;
const MOST_POINTS = 20;

export function TestsPage({ project }: { readonly project: Project }) {
  const said = words.value;
  const { value, problem } = useLoaded(
    project.id,
    async () => {
      const [tests, runs] = await Promise.all([
        readAll<Test>(`/projects/${project.id}/tests`),
        ask<Page<Run>>('GET', `/projects/${project.id}/runs?limit=100`),
      ]);
      return { tests, runs: runs.items };
    },
    REFRESH_MS,
  );
  return (
    <Frame project={project} part="tests">
      <Head text={said.tests}>
        {may(project.role, 'runner') ? (
          <a class="button main" href={projectPage(project.slug, 'new')}>
            {said.newTest}
          </a>
        ) : null}
      </Head>
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : value.tests.length === 0 ? (
        <p class="empty">{said.noTests}</p>
      ) : (
        <table class="runs tests">
          <thead>
            <tr>
              <th scope="col">{said.test}</th>
              <th scope="col">{said.lastRun}</th>
              <th scope="col" class="wide spark-cell">
                {said.p95OverRuns}
              </th>
              <th scope="col" class="number">
                p95
              </th>
              <th scope="col">
                <span class="unseen">{said.whatCanBeDone}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {value.tests.map((test) => (
              <Row
                key={test.id}
                test={test}
                runs={value.runs.filter(({ testId }) => testId === test.id)}
                mayRun={may(project.role, 'runner')}
              />
            ))}
          </tbody>
        </table>
      )}
    </Frame>
  );
}

interface RowProps {
  readonly test: Test;
  /** The latest first. */
  readonly runs: readonly Run[];
  readonly mayRun: boolean;
}

function Row({ test, runs, mayRun }: RowProps) {
  const said = words.value;
  const [last] = runs;
  const measured = runs
    .flatMap(({ headline }) => (headline?.p95 == null ? [] : [headline.p95]))
    .slice(0, MOST_POINTS)
    .reverse();
  return (
    <tr>
      <th scope="row" class="name">
        <a href={testPage(test.id)}>{test.name}</a>
        <small>{test.latestVersion === 0 ? said.noVersion : said.version(test.latestVersion)}</small>
      </th>
      <td class="result">
        {last === undefined ? (
          <span class="outcome">{said.noRunsYet}</span>
        ) : (
          <>
            <a href={runPage(last.id)} class="plain">
              <Outcome run={last} />
            </a>
            <small>{when(last.createdAtMs)}</small>
          </>
        )}
      </td>
      <td class="wide spark-cell">{measured.length > 1 ? <Sparkline values={measured} colour="brand" /> : null}</td>
      <td class="number">{last === undefined ? null : <P95 run={last} />}</td>
      <td class="doing">
        {mayRun && test.latestVersion > 0 ? (
          <Doing
            text={said.runNow}
            label={`${said.runNow}: ${test.name}`}
            onDo={async () => {
              const run = await ask<Run>('POST', `/tests/${test.id}/runs`, {});
              location.assign(runPage(run.id));
            }}
          />
        ) : null}
      </td>
    </tr>
  );
}
