// A test is made: its name, and its script, uploaded or written here.
import { useState } from 'preact/hooks';
import { ask, type Project, type Test } from '../api.ts';
import { Field, Form, textOf } from '../form.tsx';
import { Frame, Head } from '../frame.tsx';
import { words } from '../language.ts';
import { testPage } from '../places.ts';
import { ScriptField, toScript } from '../script-field.tsx';

const FILE_NAME = 'script.js';
const FIRST_SCRIPT = `import { check, sleep } from 'k6';
import http from 'k6/http';

export const options = {
  vus: 10,
  duration: '30s',
  thresholds: { http_req_duration: ['p(95)<500'], http_req_failed: ['rate<0.01'] },
};

export default function () {
  const response = http.get('http://127.0.0.1:8800/menu');
  check(response, { 'status is 200': (r) => r.status === 200 });
  sleep(1);
}
`;

export function NewTestPage({ project }: { readonly project: Project }) {
  const said = words.value;
  const [script, setScript] = useState(() => toScript(FILE_NAME, FIRST_SCRIPT));
  /** What was made before the script was refused: a second try goes on from there. */
  const [made, setMade] = useState<Test | null>(null);
  return (
    <Frame project={project} part="tests">
      <Head text={said.newTest} />
      <Form
        send={said.create}
        onSend={async (values) => {
          const name = textOf(values, 'name');
          const description = textOf(values, 'description');
          const test =
            made === null
              ? await ask<Test>('POST', `/projects/${project.id}/tests`, { name, description })
              : await ask<Test>('PATCH', `/tests/${made.id}`, { name, description });
          setMade(test);
          await ask('POST', `/tests/${test.id}/versions?file=${encodeURIComponent(script.name)}`, script.content);
          location.assign(testPage(test.id));
          return null;
        }}
      >
        <div class="pair">
          <Field label={said.name} name="name" />
          <Field label={said.description} name="description" isOptional />
        </div>
        <ScriptField project={project.id} initial={FIRST_SCRIPT} name={FILE_NAME} onChange={setScript} />
      </Form>
    </Frame>
  );
}
