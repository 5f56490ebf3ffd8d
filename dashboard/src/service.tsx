// The pages of a server of tests: which one is shown, its address says.
import 'uplot/dist/uPlot.min.css';
import './style.css';
import './comparison.css';
import './history/history.css';
import './service/service.css';
import './data/apply-theme.ts';
import { effect, signal } from '@preact/signals';
import { type ComponentChild, render } from 'preact';
import { view } from './data/model.ts';
import {
  ApiError,
  ask,
  type Run,
  readSession,
  type Source,
  session,
  signInAgain,
  type Test,
  type TestVersion,
} from './service/api.ts';
import { Frame, Head } from './service/frame.tsx';
import { language, words } from './service/language.ts';
import { AccountPage } from './service/pages/account-page.tsx';
import { CompareRunsPage } from './service/pages/compare-runs-page.tsx';
import { LogPage } from './service/pages/log-page.tsx';
import { MachinesPage } from './service/pages/machines-page.tsx';
import { NewTestPage } from './service/pages/new-test-page.tsx';
import { PeoplePage } from './service/pages/people-page.tsx';
import { ProjectsPage } from './service/pages/projects-page.tsx';
import { RunPage } from './service/pages/run-page.tsx';
import { RunsPage } from './service/pages/runs-page.tsx';
import { SchedulesPage } from './service/pages/schedules-page.tsx';
import { SettingsPage } from './service/pages/settings-page.tsx';
import { PasswordPage, SetupPage, SignInPage } from './service/pages/signing-in.tsx';
import { TestPage } from './service/pages/test-page.tsx';
import { TestsPage } from './service/pages/tests-page.tsx';
import { VersionPage } from './service/pages/version-page.tsx';
import { type Place, readPlace } from './service/places.ts';
import { titleOf } from './view/verdict.tsx';

/** A page, and what it is called in the browser's list of tabs. */
interface Shown {
  readonly title: string;
  readonly draw: () => ComponentChild;
}

const shown = signal<Shown | null>(null);
const trouble = signal<string | null>(null);

function Page() {
  const page = shown.value;
  if (page !== null) return <>{page.draw()}</>;
  const said = words.value;
  return (
    <Frame>
      <Head text={trouble.value ?? said.loading} />
      {trouble.value === null ? null : (
        <p>
          <a href="/">{said.toProjects}</a>
        </p>
      )}
    </Frame>
  );
}

function findProject(id: string) {
  const project = session.value!.projects.find((one) => one.id === id || one.slug === id);
  if (project === undefined) throw new Error(words.value.nowhere);
  return project;
}

async function readTest(id: string) {
  const test = await ask<Test>('GET', `/tests/${encodeURIComponent(id)}`);
  return { test, project: findProject(test.projectId) };
}

async function readRun(id: string) {
  const run = await ask<Run>('GET', `/runs/${encodeURIComponent(id)}`);
  return { run, project: findProject(run.projectId) };
}

async function open(place: Place): Promise<Shown> {
  const said = words.value;
  switch (place.page) {
    case 'projects':
      return { title: said.projects, draw: () => <ProjectsPage /> };
    case 'account':
      return { title: said.account, draw: () => <AccountPage /> };
    case 'machines':
      return { title: said.machines, draw: () => <MachinesPage /> };
    case 'people':
      return { title: said.people, draw: () => <PeoplePage /> };
    case 'tests':
    case 'runs':
    case 'schedules':
    case 'settings':
    case 'new-test':
      return openProject(place.page, place.project);
    case 'test': {
      const { test, project } = await readTest(place.test);
      return { title: test.name, draw: () => <TestPage project={project} test={test} /> };
    }
    case 'version': {
      const { test, project } = await readTest(place.test);
      const path = `/tests/${test.id}/versions/${place.version}`;
      const [version, source] = await Promise.all([
        ask<TestVersion>('GET', path),
        ask<Source>('GET', `${path}/source`),
      ]);
      return {
        title: test.name,
        draw: () => <VersionPage project={project} test={test} version={version} source={source} />,
      };
    }
    case 'run': {
      const { run, project } = await readRun(place.run);
      return { title: run.name, draw: () => <RunPage project={project} run={run} /> };
    }
    case 'log': {
      const { run, project } = await readRun(place.run);
      return { title: `${said.log}: ${run.name}`, draw: () => <LogPage project={project} run={run} /> };
    }
    case 'compare': {
      const { run, project } = await readRun(place.run);
      return {
        title: `${said.compare}: ${run.name}`,
        draw: () => <CompareRunsPage project={project} run={run.id} other={place.other} />,
      };
    }
    default:
      throw new Error(said.nowhere);
  }
}

function openProject(page: 'tests' | 'runs' | 'schedules' | 'settings' | 'new-test', id: string): Shown {
  const project = findProject(id);
  const said = words.value;
  switch (page) {
    case 'tests':
      return { title: project.name, draw: () => <TestsPage project={project} /> };
    case 'runs':
      return { title: `${said.runs}: ${project.name}`, draw: () => <RunsPage project={project} /> };
    case 'schedules':
      return { title: `${said.schedules}: ${project.name}`, draw: () => <SchedulesPage project={project} /> };
    case 'settings':
      return { title: `${said.settings}: ${project.name}`, draw: () => <SettingsPage project={project} /> };
    case 'new-test':
      return { title: `${said.newTest}: ${project.name}`, draw: () => <NewTestPage project={project} /> };
  }
}

/** Pages for those who have not signed in yet. */
const DOORS: Readonly<Partial<Record<Place['page'], () => ComponentChild>>> = {
  'sign-in': () => <SignInPage />,
  setup: () => <SetupPage />,
  password: () => <PasswordPage />,
};

async function start(): Promise<void> {
  const place = readPlace(location.pathname);
  const door = DOORS[place.page];
  if (door !== undefined) {
    shown.value = { title: words.value.signIn, draw: door };
    return;
  }
  if (!(await readSession())) {
    signInAgain();
    return;
  }
  shown.value = await open(place);
}

effect(() => {
  document.documentElement.lang = language.value;
  document.title = view.value !== null ? titleOf() : `${shown.value?.title ?? words.value.loading} – Sixfold`;
});

render(<Page />, document.getElementById('app')!);
start().catch((error: unknown) => {
  trouble.value =
    error instanceof ApiError && error.status === 404
      ? words.value.nowhere
      : error instanceof Error
        ? error.message
        : String(error);
});
