import { useState } from 'preact/hooks';
import { ask, type Project, session } from '../api.ts';
import { Field, Form, textOf } from '../form.tsx';
import { Frame, Head } from '../frame.tsx';
import { amount, words } from '../language.ts';
import { projectPage } from '../places.ts';

export function ProjectsPage() {
  const said = words.value;
  const [isMaking, setMaking] = useState(false);
  const { projects, person } = session.value!;
  return (
    <Frame part="projects">
      <Head text={said.projects}>
        {person.isAdmin ? (
          <button type="button" class="main" aria-expanded={isMaking} onClick={() => setMaking(!isMaking)}>
            {said.newProject}
          </button>
        ) : null}
      </Head>
      {isMaking ? (
        <div class="panel form-panel">
          <Form
            send={said.createProject}
            onCancel={() => setMaking(false)}
            onSend={async (values) => {
              const made = await ask<Project>('POST', '/projects', { name: textOf(values, 'name') });
              location.assign(projectPage(made.slug));
              return null;
            }}
          >
            <Field label={said.name} name="name" />
          </Form>
        </div>
      ) : null}
      {projects.length === 0 ? (
        <p class="empty">{person.isAdmin ? said.noProjects : said.noProjectsForYou}</p>
      ) : (
        <ul class="cards">
          {projects.map((project) => (
            <li key={project.id}>
              <a href={projectPage(project.slug)}>{project.name}</a>
              <p>{said.limitsOf(amount(project.maxVus), said.runsAtATime(project.parallelRuns))}</p>
              <p>
                {said.youMay}: {said.roles[project.role]}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Frame>
  );
}
