import type { ComponentChildren } from 'preact';
import { problem, type RunView, view } from '../data/model.ts';
import { Checks } from './checks.tsx';
import { Comparison } from './comparison.tsx';
import { Endpoints } from './endpoints.tsx';
import { Failures } from './failures.tsx';
import { Figures } from './figures.tsx';
import { Generator } from './generator.tsx';
import { Header } from './header.tsx';
import { Measured } from './measured.tsx';
import { Metrics } from './metrics.tsx';
import { OverTime } from './over-time.tsx';
import { GrpcMethods, WebSockets } from './protocols.tsx';
import { Thresholds } from './thresholds.tsx';
import { Verdict } from './verdict.tsx';

/** @param tools what one can do with the run, as buttons */
export function App({ tools }: { readonly tools: (run: RunView) => ComponentChildren }) {
  const run = view.value;
  if (run === null)
    return (
      <p class="blank" role="status">
        {problem.value ?? 'Loading…'}
      </p>
    );
  return (
    <>
      <a class="skip" href="#top">
        Skip to the results
      </a>
      <Header run={run}>{tools(run)}</Header>
      <main id="top">
        <Verdict run={run} />
        <Thresholds run={run} />
        <Figures run={run} />
        {run.record.comparison === undefined ? null : <Comparison comparison={run.record.comparison} />}
        <OverTime run={run} />
        <Endpoints run={run} />
        <Failures run={run} />
        <Checks run={run} />
        <GrpcMethods run={run} />
        <WebSockets run={run} />
        <Metrics run={run} />
        <Generator run={run} />
      </main>
      <Measured run={run} />
    </>
  );
}
