// Two runs of a project held against each other.
import { compareRecords } from '../../../../src/report/compare-records.ts';
import { unpackRun } from '../../data/embedded.ts';
import { authorised } from '../../data/server.ts';
import { type Compared, ComparedRuns } from '../../history/compare-page.tsx';
import { API, type Project } from '../api.ts';
import { Frame } from '../frame.tsx';
import { words } from '../language.ts';
import { shortId } from '../outcome.tsx';
import { runPage } from '../places.ts';
import { useLoaded } from '../use-loaded.ts';

interface CompareRunsPageProps {
  readonly project: Project;
  readonly run: string;
  readonly other: string;
}

export function CompareRunsPage({ project, run, other }: CompareRunsPageProps) {
  const { value, problem } = useLoaded(`${run} ${other}`, async (): Promise<Compared> => {
    const [own, earlier] = await Promise.all([readView(run), readView(other)]);
    return { run: own, earlier: [earlier], comparison: compareRecords(own, [earlier], shortId(other)) };
  });
  return (
    <Frame project={project} part="runs">
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? words.value.loading}
        </p>
      ) : (
        <ComparedRuns {...value} place={runPage} />
      )}
    </Frame>
  );
}

async function readView(id: string) {
  const response = await authorised(`${API}/runs/${id}/timeline`);
  return unpackRun(new Uint8Array(await response.arrayBuffer()), false);
}
