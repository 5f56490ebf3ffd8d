// A version of a test's script: its files to look at, and the start of the next version.
import { useState } from 'preact/hooks';
import { ask, type Project, type Run, type Source, type Test, type TestVersion } from '../api.ts';
import { Doing, Form } from '../form.tsx';
import { Frame, Head } from '../frame.tsx';
import { when, words } from '../language.ts';
import { may } from '../outcome.tsx';
import { runPage, testPage } from '../places.ts';
import { Asks, Editor, ScriptField, toScript } from '../script-field.tsx';

interface VersionProps {
  readonly project: Project;
  readonly test: Test;
  readonly version: TestVersion;
  readonly source: Source;
}

export function VersionPage(props: VersionProps) {
  const { project, test, version } = props;
  const said = words.value;
  return (
    <Frame project={project} part="tests">
      <Head
        text={`${test.name}, ${said.version(version.n)}`}
        note={
          <>
            {said.uploadedBy(version.createdBy, when(version.createdAtMs))} ·{' '}
            <a href={testPage(test.id)}>{test.name}</a>
          </>
        }
      >
        {may(project.role, 'runner') ? (
          <Doing
            text={said.runThisVersion}
            isMain
            onDo={async () => {
              const run = await ask<Run>('POST', `/tests/${test.id}/runs`, { version: version.n });
              location.assign(runPage(run.id));
            }}
          />
        ) : null}
      </Head>
      <p class="asks">
        <Asks of={version.requirements} />
      </p>
      <VersionView {...props} />
    </Frame>
  );
}

/** The files of a version; a script of one file can be changed where it stands. */
export function VersionView({ project, test, version, source }: VersionProps) {
  const said = words.value;
  const [shown, setShown] = useState(source.main);
  const file = source.files.find(({ name }) => name === shown) ?? source.files[0];
  const [script, setScript] = useState(() => toScript(version.fileName, source.files[0]?.text ?? ''));
  const link = `/api/v1/tests/${test.id}/versions/${version.n}/file`;
  if (version.kind === 'script' && may(project.role, 'runner'))
    return (
      <Form
        send={said.saveVersion}
        onSend={async () => {
          await ask('POST', `/tests/${test.id}/versions?file=${encodeURIComponent(script.name)}`, script.content);
          location.assign(testPage(test.id));
          return null;
        }}
      >
        <p class="quiet">
          <a href={link}>{said.download}</a>
        </p>
        <ScriptField
          project={project.id}
          initial={source.files[0]?.text ?? ''}
          name={version.fileName}
          onChange={setScript}
        />
      </Form>
    );
  return (
    <>
      <p class="quiet">
        <label>
          {said.files}{' '}
          <select value={file?.name} onChange={({ currentTarget }) => setShown(currentTarget.value)}>
            {source.files.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>{' '}
        <a href={link}>{said.download}</a>
      </p>
      {file === undefined || file.text === null ? (
        <p class="empty">{said.noText}</p>
      ) : (
        <Editor label={file.name} value={file.text} />
      )}
    </>
  );
}
