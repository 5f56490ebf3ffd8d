import type { CheckRecord } from '../../../src/report/run-record.ts';
import type { RunView } from '../data/model.ts';
import { count, percent, text } from '../text/format.ts';
import { Crossed, Passed } from './marks.tsx';

/** Checks by group, those that failed first. */
export function Checks({ run }: { readonly run: RunView }) {
  const { checks } = run.record;
  if (checks.length === 0) return null;
  const held = checks.filter(({ fails }) => fails === 0).length;
  const groups = new Map<string, CheckRecord[]>();
  for (const check of checks) {
    const key = check.group.join(' › ');
    groups.set(key, [...(groups.get(key) ?? []), check]);
  }
  return (
    <section aria-labelledby="checks">
      <div class="title">
        <h2 id="checks">Checks</h2>
        <p>
          {held} of {checks.length} always held.
        </p>
      </div>
      {[...groups].map(([group, members]) => (
        <div key={group} class="group">
          {group === '' ? null : <h3>{group}</h3>}
          <ul class="checks">
            {members
              .toSorted((a, b) => share(a) - share(b))
              .map((check) => (
                <li key={check.name}>
                  {check.fails === 0 ? <Passed label="always held" /> : <Crossed label="failed" />}
                  <span class="metric">{check.name}</span>
                  <span class="gauge pass" aria-hidden="true">
                    <i style={{ width: `${share(check) * 100}%` }} />
                  </span>
                  <b class="value">{text(percent(share(check)))}</b>
                  <span class="distance">
                    {check.fails === 0 ? `${count(check.passes)} held` : `${count(check.fails)} failed`}
                  </span>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function share({ passes, fails }: CheckRecord): number {
  return passes + fails === 0 ? 1 : passes / (passes + fails);
}
