// A test: started, over its runs, against its baseline, its script in all versions.
import { useState } from 'preact/hooks';
import { compact, duration, percent, text } from '../../text/format.ts';
import { ask, type Project, type Run, readAll, type Source, type Test, type TestVersion, type Trend } from '../api.ts';
import { Area, Doing, Field, Form, textOf } from '../form.tsx';
import { Frame, Head, Title } from '../frame.tsx';
import { language, when, words } from '../language.ts';
import { may } from '../outcome.tsx';
import { projectPage, runPage, versionPage } from '../places.ts';
import { RunTable } from '../run-table.tsx';
import { Asks } from '../script-field.tsx';
import { TrendChart } from '../trend-chart.tsx';
import { useLoaded } from '../use-loaded.ts';
import { ScheduleList } from './schedules-page.tsx';
import { VersionView } from './version-page.tsx';

const REFRESH_MS = 5000;
const SHOWN_RUNS = 10;

interface TestPageProps {
  readonly project: Project;
  readonly test: Test;
}

export function TestPage({ project, test: opened }: TestPageProps) {
  const said = words.value;
  const [test, setTest] = useState(opened);
  const [isStarting, setStarting] = useState(false);
  const runs = useLoaded(
    `${test.id} runs`,
    async () => {
      const [page, trend] = await Promise.all([
        ask<{ readonly items: readonly Run[] }>(
          'GET',
          `/projects/${project.id}/runs?test=${test.id}&limit=${SHOWN_RUNS}`,
        ),
        ask<Trend>('GET', `/tests/${test.id}/trend`),
      ]);
      return { runs: page.items, trend };
    },
    REFRESH_MS,
  );
  const versions = useLoaded(`${test.id} versions`, () => readAll<TestVersion>(`/tests/${test.id}/versions`));
  const isRunner = may(project.role, 'runner');
  const setBaseline = async (runId: string | null): Promise<void> => {
    setTest(await ask<Test>('PATCH', `/tests/${test.id}`, { baselineRunId: runId }));
    await runs.reload();
  };
  const [latest] = versions.value ?? [];
  return (
    <Frame project={project} part="tests">
      <Head text={test.name} note={test.description === '' ? undefined : test.description}>
        {isRunner && test.latestVersion > 0 ? (
          <button type="button" class="main" aria-expanded={isStarting} onClick={() => setStarting(!isStarting)}>
            {said.runNow}
          </button>
        ) : null}
      </Head>
      {latest === undefined ? null : (
        <p class="asks">
          <Asks of={latest.requirements} />
        </p>
      )}
      {isStarting ? (
        <div class="panel form-panel">
          <StartForm test={test} onCancel={() => setStarting(false)} />
        </div>
      ) : null}
      <section aria-labelledby="history">
        <Title id="history" text={said.history} note={said.historyText} />
        {runs.value === null ? (
          <p class="empty" role="status">
            {runs.problem ?? said.loading}
          </p>
        ) : runs.value.trend.points.length === 0 ? (
          <p class="empty">{said.noRunsYet}</p>
        ) : (
          <Trends trend={runs.value.trend} />
        )}
      </section>
      {runs.value === null || runs.value.runs.length === 0 ? null : (
        <section aria-labelledby="runs">
          <Title id="runs" text={said.runs}>
            <a class="button" href={`${projectPage(project.slug, 'runs')}?test=${test.id}`}>
              {said.allRuns}
            </a>
          </Title>
          <p class="quiet">
            {test.baselineRunId === null ? (
              said.noBaseline
            ) : (
              <>
                {said.baseline}: <a href={runPage(test.baselineRunId)}>{test.baselineRunId.slice(-6)}</a>{' '}
                {isRunner ? <Doing text={said.forgetBaseline} onDo={() => setBaseline(null)} /> : null}
              </>
            )}
          </p>
          <RunTable
            runs={runs.value.runs}
            role={project.role}
            baselineRunId={test.baselineRunId}
            onBaseline={setBaseline}
            onChange={runs.reload}
          />
        </section>
      )}
      <section aria-labelledby="schedules">
        <ScheduleList project={project} tests={[test]} />
      </section>
      <section aria-labelledby="versions">
        <Title id="versions" text={said.versions} />
        {versions.value === null ? (
          <p class="empty" role="status">
            {versions.problem ?? said.loading}
          </p>
        ) : (
          <VersionList test={test} versions={versions.value} />
        )}
        {latest === undefined ? null : <LatestScript test={test} version={latest} project={project} />}
      </section>
      {may(project.role, 'admin') ? (
        <p class="last">
          <Doing
            text={said.removeTest}
            sure={said.removeTestSure(test.name)}
            isDanger
            onDo={async () => {
              await ask('DELETE', `/tests/${test.id}`);
              location.assign(projectPage(project.slug));
            }}
          />
        </p>
      ) : null}
    </Frame>
  );
}

function Trends({ trend }: { readonly trend: Trend }) {
  const said = words.value;
  const { points, baselineRunId } = trend;
  return (
    <div class="panel" key={language.value}>
      <TrendChart
        title={said.latencyP95}
        points={points}
        baselineRunId={baselineRunId}
        valueAt={({ headline }) => headline?.p95 ?? null}
        format={(value) => text(duration(value))}
      />
      <TrendChart
        title={said.failedShare}
        points={points}
        baselineRunId={baselineRunId}
        valueAt={({ headline }) =>
          headline === null || headline.requests === 0 ? null : headline.failed / headline.requests
        }
        format={(value) => text(percent(value))}
      />
      <TrendChart
        title={said.requestsPerSecond}
        points={points}
        baselineRunId={baselineRunId}
        valueAt={({ headline }) =>
          headline === null || headline.durationMs === 0 ? null : (headline.requests * 1000) / headline.durationMs
        }
        format={(value) => text(compact(value))}
      />
    </div>
  );
}

/** @throws Error for a line that is no parameter */
export function readParameters(written: string): Record<string, string> {
  const lines = written.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const found = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line);
      if (found === null) throw new Error(words.value.badParameter(line.trim()));
      return [found[1]!, found[2]!];
    }),
  );
}

/** @throws Error for what is no JSON object */
export function readOptions(written: string): object {
  if (written === '') return {};
  try {
    const value: unknown = JSON.parse(written);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new Error('{ }');
  } catch (error) {
    throw new Error(words.value.badOptions((error as Error).message));
  }
}

function StartForm({ test, onCancel }: { readonly test: Test; readonly onCancel: () => void }) {
  const said = words.value;
  const given = Object.entries(test.parameters).map(([name, value]) => `${name}=${value}`);
  return (
    <Form
      send={said.start}
      label={said.startTitle}
      onCancel={onCancel}
      onSend={async (values) => {
        const run = await ask<Run>('POST', `/tests/${test.id}/runs`, {
          parameters: readParameters(textOf(values, 'parameters')),
          options: readOptions(textOf(values, 'options')),
          note: textOf(values, 'note'),
        });
        location.assign(runPage(run.id));
        return null;
      }}
    >
      <div class="pair">
        <Area label={said.parameters} name="parameters" value={given.join('\n')} hint={said.parametersHint} />
        <Area label={said.options} name="options" hint={said.optionsHint} />
      </div>
      <Field label={said.note} name="note" isOptional />
    </Form>
  );
}

function VersionList({ test, versions }: { readonly test: Test; readonly versions: readonly TestVersion[] }) {
  const said = words.value;
  return (
    <ul class="rows">
      {versions.map(({ id, n, fileName, createdBy, createdAtMs, digest }) => (
        <li key={id}>
          <a href={versionPage(test.id, n)}>{said.version(n)}</a>
          <span class="mono">{fileName}</span>
          <span class="quiet">{said.uploadedBy(createdBy, when(createdAtMs))}</span>
          <span class="quiet mono wide">{digest.slice(0, 12)}</span>
        </li>
      ))}
    </ul>
  );
}

function LatestScript({
  test,
  version,
  project,
}: {
  readonly test: Test;
  readonly version: TestVersion;
  readonly project: Project;
}) {
  const { value, problem } = useLoaded(version.id, () =>
    ask<Source>('GET', `/tests/${test.id}/versions/${version.n}/source`),
  );
  if (value === null) return <p class="empty">{problem ?? words.value.loading}</p>;
  return <VersionView project={project} test={test} version={version} source={value} />;
}
