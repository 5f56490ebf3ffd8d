// The load generator itself: whether the latencies are the system's or its own.
import { Sparkline } from '../chart/sparkline.tsx';
import type { RunView } from '../data/model.ts';
import { mostOf } from '../data/totals.ts';
import { duration, percent, type Quantity, text } from '../text/format.ts';
import { Amount } from './marks.tsx';

const AGENT_COLUMNS = ['Agent', 'State', 'VUs', 'Iterations', 'Failed', 'Latency, p95', 'Clock off by', 'Busy'];

/** The machines that make the load, a row each. */
function Agents({ agents }: { readonly agents: NonNullable<RunView['record']['agents']> }) {
  return (
    <div class="scroll agents">
      <table class="metrics">
        <caption>The load came from {agents.length === 1 ? 'one machine' : `${agents.length} machines`}</caption>
        <thead>
          <tr>
            {AGENT_COLUMNS.map((name, place) => (
              <th key={name} scope="col" class={place < 2 ? '' : 'number'}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agents.map(({ name, health, vus, iterations, failed, p95Ms, clockShiftMs, busyShare }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class={health === 'ok' ? '' : 'warn'}>{health}</td>
              <td class="number">{vus.toLocaleString('en')}</td>
              <td class="number">{iterations.toLocaleString('en')}</td>
              <td class={`number ${failed > 0 ? 'warn' : ''}`}>{failed.toLocaleString('en')}</td>
              <td class="number">{p95Ms === null ? '–' : text(duration(p95Ms))}</td>
              <td class="number">{text(duration(Math.abs(clockShiftMs)))}</td>
              <td class="number">{text(percent(busyShare))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Generator({ run }: { readonly run: RunView }) {
  const { record, data } = run;
  const { health, isBottleneck, text: seen } = record.generator;
  const whole = { from: 0, to: data.cells };
  const most = (of: (one: (typeof health)[number]) => number): number => Math.max(0, ...health.map(of));
  const busy = health.length > 0 ? most(({ busyShare }) => busyShare) : mostOf(data.columns.busy, whole) / 1000;
  const isTooShort = health.length > 0 && health.every(({ durationMs }) => durationMs < 3000);
  const note = isBottleneck
    ? seen
    : isTooShort
      ? 'The run was too short to judge it.'
      : health.length === 0
        ? 'So far.'
        : 'It kept up: its threads had time to spare, so the latencies are the system’s.';
  const facts: readonly (readonly [string, Quantity, string, ArrayLike<number> | null])[] = [
    ['Event loop busy', percent(busy), 'of the busiest thread; above 90 % work waits for its turn', data.columns.busy],
    [
      'Late by, p99',
      duration(most(({ delayP99Ms }) => delayP99Ms)),
      'above 50 ms latencies of a few ms mean nothing',
      null,
    ],
    [
      'Processor',
      { number: (mostOf(data.columns.cpu, whole) / 1000).toFixed(1), unit: `of ${record.host.cores} cores at most` },
      record.host.workers === 0
        ? ''
        : `${record.host.workers} load ${record.host.workers === 1 ? 'worker' : 'workers'}`,
      data.columns.cpu,
    ],
    ['Garbage collection', percent(most(({ gcShare }) => gcShare)), 'of the time; above 25 % it is felt', null],
  ];
  return (
    <section aria-labelledby="generator">
      <div class="title">
        <h2 id="generator">The generator itself</h2>
        <p class={isBottleneck ? 'warn' : ''}>{note}</p>
      </div>
      <div class="health">
        {facts
          .filter(([name]) => health.length > 0 || name === 'Event loop busy' || name === 'Processor')
          .map(([name, value, explanation, values]) => (
            <div key={name}>
              <span class="name">{name}</span>
              <b>
                <Amount of={value} />
              </b>
              {values === null ? null : <Sparkline colour="pass" values={Array.from(values).slice(0, data.cells)} />}
              <span class="note">{explanation}</span>
            </div>
          ))}
      </div>
      {record.agents === undefined ? null : <Agents agents={record.agents} />}
      {health.length > 1 ? (
        <details>
          <summary>Each of {health.length} load workers</summary>
          <div class="scroll">
            <table class="metrics">
              <thead>
                <tr>
                  {['Worker', 'Busy', 'Late, p99', 'Late, most', 'Processor', 'Garbage collection'].map((name) => (
                    <th key={name} scope="col" class={name === 'Worker' ? '' : 'number'}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {health.map((one, index) => (
                  <tr key={index}>
                    <th scope="row">{index + 1}</th>
                    {[
                      percent(one.busyShare),
                      duration(one.delayP99Ms),
                      duration(one.delayMaxMs),
                      percent(one.cpuShare),
                      percent(one.gcShare),
                    ].map((value, place) => (
                      <td key={place} class="number">
                        {text(value)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      ) : null}
    </section>
  );
}
