// When tests run by themselves.
import { useState } from 'preact/hooks';
import { ask, type Project, readAll, type Schedule, type Test } from '../api.ts';
import { Field, Form, Pick, textOf } from '../form.tsx';
import { Frame, Head, Title } from '../frame.tsx';
import { when, words } from '../language.ts';
import { may } from '../outcome.tsx';
import { runPage, testPage } from '../places.ts';
import { Remove, Switch } from '../row-buttons.tsx';
import { useLoaded } from '../use-loaded.ts';

const REFRESH_MS = 5000;

export function SchedulesPage({ project }: { readonly project: Project }) {
  const { value, problem } = useLoaded(project.id, () => readAll<Test>(`/projects/${project.id}/tests`));
  return (
    <Frame project={project} part="schedules">
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? words.value.loading}
        </p>
      ) : (
        <ScheduleList project={project} tests={value} isPage />
      )}
    </Frame>
  );
}

interface ScheduleListProps {
  readonly project: Project;
  /** Of these tests only. */
  readonly tests: readonly Test[];
  /** Whether it is all that its page has. */
  readonly isPage?: boolean;
}

export function ScheduleList({ project, tests, isPage = false }: ScheduleListProps) {
  const said = words.value;
  const [isMaking, setMaking] = useState(false);
  const ids = tests.map((test) => test.id);
  const { value, problem, reload } = useLoaded(
    ids.join(),
    async () =>
      (await readAll<Schedule>(`/projects/${project.id}/schedules`)).filter(({ testId }) => ids.includes(testId)),
    REFRESH_MS,
  );
  const isRunner = may(project.role, 'runner');
  const ready = tests.filter(({ latestVersion }) => latestVersion > 0);
  const create =
    isRunner && ready.length > 0 ? (
      <button type="button" aria-expanded={isMaking} onClick={() => setMaking(!isMaking)}>
        {said.newSchedule}
      </button>
    ) : undefined;
  return (
    <>
      {isPage ? (
        <Head text={said.schedules}>{create}</Head>
      ) : (
        <Title id="schedules" text={said.schedules}>
          {create}
        </Title>
      )}
      {isMaking ? (
        <div class="panel form-panel">
          <ScheduleForm
            tests={ready}
            onCancel={() => setMaking(false)}
            onMade={async () => {
              setMaking(false);
              await reload();
            }}
          />
        </div>
      ) : null}
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : value.length === 0 ? (
        <p class="empty">{said.noSchedules}</p>
      ) : (
        <ul class="rows">
          {value.map((schedule) => (
            <Row
              key={schedule.id}
              schedule={schedule}
              test={tests.find((test) => test.id === schedule.testId)!}
              isRunner={isRunner}
              onChange={reload}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface RowProps {
  readonly schedule: Schedule;
  readonly test: Test;
  readonly isRunner: boolean;
  readonly onChange: () => Promise<void>;
}

function Row({ schedule, test, isRunner, onChange }: RowProps) {
  const said = words.value;
  const { id, name, cron, timeZone, isEnabled, nextAtMs, lastAtMs, lastOutcome, lastRunId } = schedule;
  return (
    <li class={isEnabled ? '' : 'idle'}>
      <span class="name">
        <b>{name}</b>
        <small>
          <a href={testPage(test.id)}>{test.name}</a> · {isEnabled ? said.enabled : said.disabled}
        </small>
      </span>
      <span>
        <code>{cron}</code>
        <small>{timeZone}</small>
      </span>
      <span>
        {said.nextTime}: {isEnabled ? when(nextAtMs) : '–'}
        <small>
          {said.lastTime}: {when(lastAtMs)}
          {lastOutcome === null ? '' : ` · ${lastOutcome}`}
          {lastRunId === null ? null : (
            <>
              {' · '}
              <a href={runPage(lastRunId)}>{said.lastRun}</a>
            </>
          )}
        </small>
      </span>
      <span class="doing">
        {isRunner ? (
          <>
            <Switch name={name} path={`/schedules/${id}`} isEnabled={isEnabled} onDone={onChange} />
            <Remove name={name} path={`/schedules/${id}`} onDone={onChange} />
          </>
        ) : null}
      </span>
    </li>
  );
}

interface ScheduleFormProps {
  readonly tests: readonly Test[];
  readonly onMade: () => Promise<void>;
  readonly onCancel: () => void;
}

function ScheduleForm({ tests, onMade, onCancel }: ScheduleFormProps) {
  const said = words.value;
  const zones = Intl.supportedValuesOf('timeZone');
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Form
      send={said.createSchedule}
      onCancel={onCancel}
      onSend={async (values) => {
        await ask<Schedule>('POST', `/tests/${textOf(values, 'test')}/schedules`, {
          name: textOf(values, 'name'),
          cron: textOf(values, 'cron'),
          timeZone: textOf(values, 'timeZone'),
          overlap: textOf(values, 'overlap'),
        });
        await onMade();
        return null;
      }}
    >
      <div class="pair">
        <Field label={said.name} name="name" />
        <Pick label={said.test} name="test" options={tests.map(({ id, name }) => [id, name])} />
        <Field label={said.cron} name="cron" hint={said.cronHint} isMono />
        <Pick
          label={said.timeZone}
          name="timeZone"
          options={[...new Set([own, 'UTC', ...zones])].map((zone) => [zone, zone])}
          value={own}
        />
        <Pick
          label={said.overlap}
          name="overlap"
          options={(['skip', 'queue'] as const).map((one) => [one, said.overlaps[one]])}
        />
      </div>
    </Form>
  );
}
