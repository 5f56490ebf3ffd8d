// Runs as rows: how each went, and what can be done with it.
import { compact, percent, span } from '../text/format.ts';
import { Amount } from '../view/marks.tsx';
import { ask, type Role, type Run } from './api.ts';
import { Doing } from './form.tsx';
import { when, words } from './language.ts';
import { isOver, may, Outcome, P95, shortId } from './outcome.tsx';
import { runPage } from './places.ts';

export interface RunTableProps {
  readonly runs: readonly Run[];
  readonly role: Role;
  readonly onChange: () => Promise<void>;
  readonly baselineRunId?: string | null;
  readonly onBaseline?: (run: string) => Promise<void>;
  /** What is chosen to be compared; absent: nothing can be. */
  readonly chosen?: readonly string[];
  readonly onChoose?: (chosen: readonly string[]) => void;
}

export function called({ name, id }: Run): string {
  return `${name} ${shortId(id)}`;
}

export function RunTable(props: RunTableProps) {
  const said = words.value;
  return (
    <table class="runs">
      <thead>
        <tr>
          {props.onChoose === undefined ? null : (
            <th scope="col">
              <span class="unseen">{said.compare}</span>
            </th>
          )}
          <th scope="col">{said.run}</th>
          <th scope="col">{said.result}</th>
          <th scope="col" class="number wide">
            {said.took}
          </th>
          <th scope="col" class="number wide">
            {said.requests}
          </th>
          <th scope="col" class="number wide">
            {said.failed}
          </th>
          <th scope="col" class="number">
            p95
          </th>
          <th scope="col">
            <span class="unseen">{said.whatCanBeDone}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.runs.map((run) => (
          <Row key={run.id} run={run} {...props} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  run,
  role,
  onChange,
  baselineRunId,
  onBaseline,
  chosen = [],
  onChoose,
}: RunTableProps & { readonly run: Run }) {
  const said = words.value;
  const { headline } = run;
  const isChosen = chosen.includes(run.id);
  const isBaseline = run.id === baselineRunId;
  return (
    <tr class={isChosen ? 'chosen' : ''}>
      {onChoose === undefined ? null : (
        <td class="pick">
          <input
            type="checkbox"
            aria-label={said.choose(called(run))}
            checked={isChosen}
            disabled={headline === null}
            onChange={() => onChoose(isChosen ? chosen.filter((one) => one !== run.id) : [...chosen.slice(-1), run.id])}
          />
        </td>
      )}
      <th scope="row" class="name">
        <a href={runPage(run.id)}>{run.name}</a>
        {isBaseline ? <span class="tag">{said.isBaseline}</span> : null}
        {run.isPinned ? <span class="tag">{said.pinned}</span> : null}
        <small>
          {when(run.createdAtMs)} · <span class="mono">{shortId(run.id)}</span>
          <span class="wide">
            {' '}
            · {said.startedBy[run.origin]} {run.createdBy.replace(/^schedule /, '')}
          </span>
          {run.note === '' ? '' : ` · ${run.note}`}
        </small>
      </th>
      <td class="result">
        <Outcome run={run} />
      </td>
      <td class="number wide">{headline === null ? '' : span(headline.durationMs)}</td>
      <td class="number wide">{headline === null ? '' : <Amount of={compact(headline.requests)} />}</td>
      <td class={`number wide ${headline !== null && headline.failed > 0 ? 'failed' : ''}`}>
        {headline === null || headline.requests === 0 ? (
          ''
        ) : (
          <Amount of={percent(headline.failed / headline.requests)} />
        )}
      </td>
      <td class="number">
        <P95 run={run} />
      </td>
      <td class="doing">
        {onBaseline !== undefined && !isBaseline && headline !== null && isOver(run) && may(role, 'runner') ? (
          <Doing
            text={said.makeBaseline}
            label={`${said.makeBaseline}: ${called(run)}`}
            onDo={() => onBaseline(run.id)}
          />
        ) : null}
        {onChoose !== undefined && may(role, 'runner') ? (
          <Doing
            text={run.isPinned ? said.unpin : said.pin}
            label={`${run.isPinned ? said.unpin : said.pin}: ${called(run)}`}
            onDo={async () => {
              await ask('PATCH', `/runs/${run.id}`, { isPinned: !run.isPinned });
              await onChange();
            }}
          />
        ) : null}
        {onChoose !== undefined && may(role, 'admin') && isOver(run) ? (
          <Doing
            text={said.remove}
            label={`${said.remove}: ${called(run)}`}
            sure={said.removeRunSure(called(run))}
            isDanger
            onDo={async () => {
              await ask('DELETE', `/runs/${run.id}`);
              onChoose(chosen.filter((one) => one !== run.id));
              await onChange();
            }}
          />
        ) : null}
      </td>
    </tr>
  );
}
