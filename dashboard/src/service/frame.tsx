// What stands around each page of the service: where one is, where one can go, who one is.
import type { ComponentChildren } from 'preact';
import { TopBar } from '../view/top-bar.tsx';
import { type Project, session, signOut, trouble } from './api.ts';
import { language, switchLanguage, words } from './language.ts';
import { projectPage } from './places.ts';

export type Part = 'tests' | 'runs' | 'schedules' | 'settings' | 'machines' | 'people' | 'projects' | 'account';

export interface FrameProps {
  /** Whose pages the bar leads to. */
  readonly project?: Project | null;
  readonly part?: Part;
  /** Wide as tables are, or narrow as forms. */
  readonly isNarrow?: boolean;
  readonly children: ComponentChildren;
}

export function Frame({ project = null, part, isNarrow = false, children }: FrameProps) {
  const said = words.value;
  const person = session.value?.person ?? null;
  const parts: readonly (readonly [Part, string, string])[] =
    project === null
      ? [
          ['projects', '/', said.projects],
          ['machines', '/machines', said.machines],
          ...(person?.isAdmin ? [['people', '/people', said.people] as const] : []),
        ]
      : [
          ['tests', projectPage(project.slug), said.tests],
          ['runs', projectPage(project.slug, 'runs'), said.runs],
          ['schedules', projectPage(project.slug, 'schedules'), said.schedules],
          ['settings', projectPage(project.slug, 'settings'), said.settings],
        ];
  return (
    <>
      <a class="skip" href="#top">
        {said.skip}
      </a>
      <TopBar
        home="/"
        label={project?.name ?? 'Sixfold'}
        links={person === null ? [] : parts.map(([name, to, text]) => ({ to, name: text, isCurrent: name === part }))}
        colours={{ names: said.colours, change: said.changeColours }}
      >
        <button type="button" lang={language.value === 'en' ? 'ru' : 'en'} onClick={switchLanguage}>
          {said.otherLanguage}
        </button>
        {person === null ? null : (
          <>
            <a class="button person" href="/account" aria-current={part === 'account' ? 'page' : undefined}>
              {person.name}
            </a>
            <button type="button" class="wide" onClick={() => void signOut()}>
              {said.signOut}
            </button>
          </>
        )}
      </TopBar>
      <main id="top" class={`service history ${isNarrow ? 'slim' : ''}`}>
        {project === null ? null : (
          <nav class="trail" aria-label={said.projects}>
            <a href="/">{said.projects}</a>
            <span aria-hidden="true">/</span>
            <a href={projectPage(project.slug)}>{project.name}</a>
          </nav>
        )}
        {/* What is shown is older than it looks. */}
        {trouble.value === null ? null : (
          <p class="problem" role="alert">
            {trouble.value}
          </p>
        )}
        {children}
      </main>
    </>
  );
}

/** @param note beside the title */
export function Title({
  id,
  text,
  note,
  children,
}: {
  readonly id: string;
  readonly text: string;
  readonly note?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="title">
      <h2 id={id}>{text}</h2>
      {note === undefined ? null : <p>{note}</p>}
      {children === undefined ? null : <div class="title-tools">{children}</div>}
    </div>
  );
}

export function Head({
  text,
  note,
  children,
}: {
  readonly text: string;
  readonly note?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="page-head">
      <div>
        <h1>
          <b>{text}</b>
        </h1>
        {note === undefined ? null : <p class="quiet">{note}</p>}
      </div>
      {children === undefined ? null : <div class="page-tools">{children}</div>}
    </div>
  );
}
