// The first thing to read: good or not, and what happened.
import { type RunView, view } from '../data/model.ts';
import { describeRun } from '../text/diagnosis.ts';
import { clock, date, span } from '../text/format.ts';
import { Control } from './control.tsx';

export function Verdict({ run }: { readonly run: RunView }) {
  const { record } = run;
  const { tone, head, rest } = judge(run);
  const sentences = describeRun(run);
  return (
    <section class="verdict" aria-labelledby="verdict">
      <p class="facts">
        <span class="mono">{record.script}</span>
        <span>{date(record.startedAtMs)}</span>
        <span>{span(record.durationMs)}</span>
        <span>
          {record.host.name} · {record.host.cores} {record.host.cores === 1 ? 'core' : 'cores'}
        </span>
        {record.tags.map(([key, value]) => (
          <span key={key} class="tag">
            {key}: {value}
          </span>
        ))}
      </p>
      <h1 id="verdict" class={tone}>
        <Sign tone={tone} />
        <b>{head}</b> <span>{rest}</span>
      </h1>
      {run.isLive ? <Control run={run} /> : null}
      {record.concerns.length > 0 || (record.reason !== null && !record.thresholds.some(({ ok }) => !ok)) ? (
        <div class="concerns" role="note">
          {record.reason !== null && !record.thresholds.some(({ ok }) => !ok) ? <p>{capital(record.reason)}</p> : null}
          {record.concerns.map((concern) => (
            <p key={concern}>{capital(concern)}</p>
          ))}
        </div>
      ) : null}
      {run.isLive || sentences.length === 0 ? null : (
        <p class="lead">
          {sentences.map((sentence, index) => (
            <span key={index}>
              {sentence.map((part, place) => {
                if (part.style === 'strong') return <b key={place}>{part.text}</b>;
                if (part.style === 'code') return <code key={place}>{part.text}</code>;
                if (part.style === 'link')
                  return (
                    <a key={place} href={`#code-${part.code}`}>
                      {part.text}
                    </a>
                  );
                return part.text;
              })}{' '}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Exit codes of runs that somebody ended: a person or another program, a signal, the script. */
const ABORTED: ReadonlySet<number> = new Set([103, 105, 108]);

type Tone = 'pass' | 'fail' | 'none' | 'live';

function judge(run: RunView): { readonly tone: Tone; readonly head: string; readonly rest: string } {
  const { record, isLive } = run;
  const { thresholds, exitCode } = record;
  if (isLive) {
    const planned = record.plannedMs === null ? '' : ` of ${clock(record.plannedMs)}`;
    const names: Readonly<Record<string, string>> = {
      running: 'Running.',
      setup: 'Setting up.',
      teardown: 'Tearing down.',
      paused: 'Waiting.',
    };
    return {
      tone: 'live',
      head: record.isPaused ? 'Paused.' : (names[record.state] ?? 'Getting ready.'),
      rest: `${clock(record.durationMs)}${planned}`,
    };
  }
  const crossed = thresholds.filter(({ ok }) => !ok).length;
  const all = `${thresholds.length} ${thresholds.length === 1 ? 'threshold' : 'thresholds'}`;
  if (crossed > 0) return { tone: 'fail', head: 'Not passed.', rest: `${crossed} of ${all} crossed.` };
  if (exitCode === null) return { tone: 'fail', head: 'Not finished.', rest: 'This is how far it came.' };
  if (ABORTED.has(exitCode)) return { tone: 'fail', head: 'Aborted.', rest: `It ended with code ${exitCode}.` };
  if (exitCode !== 0) return { tone: 'fail', head: 'Not passed.', rest: `It ended with code ${exitCode}.` };
  if (thresholds.length === 0) {
    const failed = record.failures.reduce((sum, { count }) => sum + count, 0);
    return {
      tone: 'none',
      head: 'Finished.',
      rest: failed === 0 ? 'No threshold was set.' : 'No threshold was set to judge it by.',
    };
  }
  return { tone: 'pass', head: 'Passed.', rest: thresholds.length === 1 ? 'Its threshold held.' : `All ${all} held.` };
}

function Sign({ tone }: { readonly tone: Tone }) {
  if (tone === 'live') return <span class="pulse" aria-hidden="true" />;
  return (
    <svg class="seal" viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="20" />
      {tone === 'fail' ? (
        <path d="M13 13l14 14M27 13l-14 14" />
      ) : tone === 'pass' ? (
        <path d="M11.5 20.5l6 6.5 11-13.5" />
      ) : (
        <path d="M12 20h16" />
      )}
    </svg>
  );
}

/** The title of the window follows the verdict. */
export function titleOf(): string {
  const run = view.value;
  if (run === null) return 'Sixfold';
  const { head, rest } = judge(run);
  return `${head} ${rest} – ${run.record.script}`;
}
