// The log of a run, while it is being written too, and the files that its script has left.
import { useEffect, useState } from 'preact/hooks';
import { API, ask, type Log, type Project, type Run, type RunFiles } from '../api.ts';
import { Frame, Head } from '../frame.tsx';
import { words } from '../language.ts';
import { runPage } from '../places.ts';

const LOOK_MS = 1000;

/** In the reader's own time, as the pages have all times, and to the millisecond. */
function clockOf(ms: number): string {
  const date = new Date(ms);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

export function LogPage({ project, run }: { readonly project: Project; readonly run: Run }) {
  const said = words.value;
  const [lines, setLines] = useState<Log['lines']>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [isRead, setRead] = useState(false);
  const [files, setFiles] = useState<RunFiles['items']>([]);
  useEffect(() => {
    let isGone = false;
    const read = async (): Promise<void> => {
      let after = 0;
      let all: Log['lines'] = [];
      while (!isGone) {
        try {
          const log: Log = await ask('GET', `/runs/${run.id}/logs?after=${after}`);
          all = [...all, ...log.lines];
          after = log.next ?? after;
          setLines(all);
          setProblem(null);
          setRead(true);
          if (log.isOver) {
            setFiles((await ask<RunFiles>('GET', `/runs/${run.id}/files`)).items);
            return;
          }
          if (log.lines.length > 0) continue;
        } catch (error) {
          setProblem(error instanceof Error ? error.message : String(error));
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    };
    void read();
    return () => {
      isGone = true;
    };
  }, [run.id]);
  return (
    <Frame project={project} part="runs">
      <Head text={`${said.log}: ${run.name}`}>
        <a class="button" href={runPage(run.id)}>
          {said.backToRun}
        </a>
      </Head>
      {problem === null ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {files.length === 0 ? null : (
        <section aria-labelledby="files">
          <h2 id="files">{said.filesOfScript}</h2>
          <ul>
            {files.map(({ name, size }) => (
              <li key={name}>
                <a href={`${API}/runs/${run.id}/files/${encodeURIComponent(name)}`} download>
                  {name}
                </a>{' '}
                <small>{said.octets(size)}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
      {lines.length === 0 ? (
        <p class="empty" role="status">
          {isRead ? said.logIsEmpty : said.loading}
        </p>
      ) : (
        <ol class="log mono">
          {lines.map(({ seq, atMs, level, message, fields }) => (
            <li key={seq} class={level}>
              <time dateTime={new Date(atMs).toISOString()}>{clockOf(atMs)}</time>
              <b>{level}</b>
              <span>
                {message}
                {Object.entries(fields).map(([name, value]) => (
                  <small key={name}>
                    {' '}
                    {name}={value}
                  </small>
                ))}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Frame>
  );
}
