// A run: while it waits, while it goes on, and afterwards. What it measured is shown as the report shows it.
import { useEffect, useState } from 'preact/hooks';
import { followServer } from '../../data/live.ts';
import { problem as followProblem, view } from '../../data/model.ts';
import { orders } from '../../data/orders.ts';
import { App } from '../../view/app.tsx';
import { API, ask, type Page, type Project, type Run, type Test } from '../api.ts';
import { Doing } from '../form.tsx';
import { Frame, Head } from '../frame.tsx';
import { when, words } from '../language.ts';
import { isOver, may, Outcome } from '../outcome.tsx';
import { comparePage, logPage, runPage, testPage } from '../places.ts';
import { RunTable } from '../run-table.tsx';

const LOOK_MS = 500;
const REFRESH_MS = 3000;

interface RunPageProps {
  readonly project: Project;
  readonly run: Run;
}

export function RunPage({ project, run: opened }: RunPageProps) {
  const [run, setRun] = useState(opened);
  const [isFollowed, setFollowed] = useState(false);
  const hasBegun = run.state === 'running' || run.state === 'stopping' || (isOver(run) && run.headline !== null);

  useEffect(() => {
    if (isOver(run)) return undefined;
    const timer = setInterval(
      () => void ask<Run>('GET', `/runs/${run.id}`).then(setRun, () => {}),
      hasBegun ? REFRESH_MS : LOOK_MS,
    );
    return () => clearInterval(timer);
  }, [run.id, hasBegun, isOver(run)]);

  useEffect(() => {
    if (!hasBegun || isFollowed) return;
    setFollowed(true);
    if (may(project.role, 'runner'))
      orders.value = async (order) => {
        await ask('POST', `/runs/${run.id}/orders`, order);
      };
    const place = `${API}/runs/${run.id}`;
    void followServer({
      events: `${place}/events`,
      timeline: `${place}/timeline`,
      record: `${place}/record`,
      isNumbered: true,
    }).then(async () => setRun(await ask<Run>('GET', `/runs/${run.id}`)));
  }, [hasBegun, isFollowed]);

  if (view.value === null) return <Waiting project={project} run={run} hasBegun={hasBegun} />;
  return <App tools={() => <Tools project={project} run={run} />} />;
}

function Waiting({ project, run, hasBegun }: RunPageProps & { readonly hasBegun: boolean }) {
  const said = words.value;
  // Of a run from before the project's days nothing is kept but its headline.
  const isEnded = isOver(run) && (!hasBegun || followProblem.value !== null);
  return (
    <Frame project={project} part="runs">
      <Head
        text={
          isEnded
            ? said.states[run.state]
            : run.state === 'queued'
              ? said.waitingTitle
              : hasBegun
                ? said.loading
                : said.startingTitle
        }
        note={
          <>
            <a href={testPage(run.testId)}>{run.name}</a> · {when(run.createdAtMs)}
          </>
        }
      >
        <Tools project={project} run={run} />
      </Head>
      {isEnded ? (
        <>
          {run.reason === null ? null : (
            <pre class="fault" role="note">
              {run.reason}
            </pre>
          )}
          <p class="quiet">{run.headline === null ? said.nothingMeasured : said.nothingKept}</p>
          {run.headline === null ? null : <RunTable runs={[run]} role={project.role} onChange={async () => {}} />}
        </>
      ) : (
        <p class="lead" role="status">
          {followProblem.value ?? (run.state === 'queued' ? said.waitingText : hasBegun ? '' : said.startingText)}
        </p>
      )}
    </Frame>
  );
}

function Tools({ project, run }: RunPageProps) {
  const said = words.value;
  const [other, setOther] = useState<{ readonly id: string; readonly isBaseline: boolean } | null>(null);
  const isEnded = isOver(run);
  useEffect(() => {
    if (!isEnded || run.headline === null) return;
    void findOther(project, run).then(setOther, () => {});
  }, [run.id, isEnded]);
  return (
    <>
      <span class="unseen">
        <Outcome run={run} />
      </span>
      <a class="button" href={testPage(run.testId)}>
        {said.test}
      </a>
      <a class="button" href={logPage(run.id)}>
        {said.log}
      </a>
      {other === null ? null : (
        <a class="button wide" href={comparePage(run.id, other.id)}>
          {other.isBaseline ? said.compareWithBaseline : said.compareWithLast}
        </a>
      )}
      {isEnded && run.headline !== null ? (
        <a class="button wide" href={`${API}/runs/${run.id}/report`} target="_blank" rel="noreferrer">
          {said.report}
        </a>
      ) : null}
      {may(project.role, 'runner') ? (
        isEnded ? (
          <Doing
            text={said.again}
            onDo={async () => {
              const again = await ask<Run>('POST', `/runs/${run.id}/again`);
              location.assign(runPage(again.id));
            }}
          />
        ) : view.value === null ? (
          <Doing
            text={said.stop}
            sure={said.stopSure}
            isDanger
            onDo={async () => {
              await ask('POST', `/runs/${run.id}/orders`, { action: 'stop' });
            }}
          />
        ) : null
      ) : null}
    </>
  );
}

/** @returns the baseline of the test, else the run before; null: there is nothing to compare with */
async function findOther(project: Project, run: Run): Promise<{ id: string; isBaseline: boolean } | null> {
  const { baselineRunId } = await ask<Test>('GET', `/tests/${run.testId}`);
  if (baselineRunId !== null && baselineRunId !== run.id) return { id: baselineRunId, isBaseline: true };
  const page = await ask<Page<Run>>(
    'GET',
    `/projects/${project.id}/runs?test=${run.testId}&state=passed,failed&limit=20&after=${run.id}`,
  );
  const before = page.items.find(({ headline }) => headline !== null);
  return before === undefined ? null : { id: before.id, isBaseline: false };
}
