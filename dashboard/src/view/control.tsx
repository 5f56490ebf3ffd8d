// How far the run is, and what a person may do about it.
import { useState } from 'preact/hooks';
import { isConnected, type RunView } from '../data/model.ts';
import { type Order, orders } from '../data/orders.ts';
import { span } from '../text/format.ts';

export function Control({ run }: { readonly run: RunView }) {
  const { record } = run;
  const [problem, setProblem] = useState('');
  const [isScaling, setScaling] = useState(false);
  const give = orders.value;
  const order = async (body: Order): Promise<void> => {
    try {
      await give?.(body);
      setProblem('');
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const { plannedMs, durationMs } = record;
  const share = plannedMs === null ? null : Math.min(1, durationMs / plannedMs);
  const left = plannedMs === null || durationMs >= plannedMs ? [] : [`${span(plannedMs - durationMs)} left`];
  const facts = [
    ...record.scenarios.filter(({ progress }) => progress !== '').map(({ name, progress }) => `${name}: ${progress}`),
    ...left,
  ];
  return (
    <div class="control">
      {share === null ? null : (
        <div
          class="progress"
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
        >
          <i style={{ width: `${share * 100}%` }} />
          {record.marks.map((mark) => (
            <u key={mark} style={{ left: `${Math.min(100, (mark / plannedMs!) * 100)}%` }} />
          ))}
        </div>
      )}
      <div class="orders">
        <p>
          {isConnected.value
            ? facts.join(' · ')
            : 'The server does not answer. This is what it said last; the page asks again.'}
        </p>
        {give !== null ? (
          <span class="buttons">
            <button type="button" onClick={() => void order({ action: record.isPaused ? 'resume' : 'pause' })}>
              {record.isPaused ? 'Resume' : 'Pause'}
            </button>
            {record.isScalable ? (
              <button type="button" aria-expanded={isScaling} onClick={() => setScaling(!isScaling)}>
                Scale…
              </button>
            ) : null}
            <button
              type="button"
              class="danger"
              onClick={() =>
                confirm('Stop the test now? Teardown and the summary still come.') && void order({ action: 'stop' })
              }
            >
              Stop
            </button>
          </span>
        ) : null}
      </div>
      {isScaling ? (
        <Scale onScale={(vus) => void order({ action: 'scale', vus }).then(() => setScaling(false))} />
      ) : null}
      {problem === '' ? null : (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Scale({ onScale }: { readonly onScale: (vus: number) => void }) {
  const [vus, setVus] = useState('');
  return (
    <div class="scale">
      <label>
        Virtual users{' '}
        <input type="number" min="0" value={vus} onInput={({ currentTarget }) => setVus(currentTarget.value)} />
      </label>
      <button type="button" disabled={!/^\d+$/.test(vus)} onClick={() => onScale(Number(vus))}>
        Set
      </button>
    </div>
  );
}
