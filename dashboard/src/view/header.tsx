// The bar over a run: its sections.
import type { ComponentChildren } from 'preact';
import type { RunView } from '../data/model.ts';
import { saveReport } from '../data/save-report.ts';
import { hasHistory, isServed } from '../data/server.ts';
import { placesOf } from '../data/totals.ts';
import { TopBar } from './top-bar.tsx';

export function Header({ run, children }: { readonly run: RunView; readonly children: ComponentChildren }) {
  const links: readonly [string, string, boolean][] = [
    ['comparison', 'Comparison', run.record.comparison !== undefined],
    ['over-time', 'Over time', true],
    ['endpoints', 'Endpoints', placesOf(run, 'endpoint').length > 0],
    ['failures', 'Failures', run.record.failures.length > 0],
    ['checks', 'Checks', run.record.checks.length > 0],
    ['generator', 'Generator', true],
  ];
  return (
    <TopBar
      home="#top"
      label="Sections"
      links={links.filter(([, , isThere]) => isThere).map(([id, name]) => ({ to: `#${id}`, name }))}
    >
      {children}
    </TopBar>
  );
}

/** What one can do with a report, and with the page of a run under way. */
export function RunTools({ run }: { readonly run: RunView }) {
  if (!isServed)
    return (
      <button type="button" onClick={() => print()}>
        Print
      </button>
    );
  return (
    <>
      {hasHistory ? (
        <a class="button" href="runs">
          All runs
        </a>
      ) : null}
      <button type="button" onClick={() => void saveReport(run)}>
        Save report
      </button>
    </>
  );
}
