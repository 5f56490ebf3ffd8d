// The first failures of a code, whole: what was asked, what came back, and how long each part took.
import type { BodySample, FailureSample, HeadFields, MessageSample } from '../../../src/metrics/failure-sample.ts';
import type { RunView } from '../data/model.ts';
import { bytes, duration, moment, text } from '../text/format.ts';

export function FailedExchanges({
  run,
  samples,
}: {
  readonly run: RunView;
  readonly samples: readonly FailureSample[];
}) {
  if (samples.length === 0) return null;
  return (
    <div class="exchanges">
      {samples.map((sample, index) => (
        // Their order is that of their arrival, which does not change.
        <Exchange key={index} run={run} sample={sample} />
      ))}
    </div>
  );
}

function Exchange({ run, sample }: { readonly run: RunView; readonly sample: FailureSample }) {
  const { timeMs, text: reason, target, timings, request, response } = sample;
  const { startedAtMs, durationMs } = run.record;
  return (
    <details class="exchange">
      <summary>
        <span class="at">{moment(Math.max(0, timeMs - startedAtMs), durationMs)}</span>
        <code>{request?.start ?? target}</code>
        <span class="came">{response?.start ?? reason}</span>
      </summary>
      <p class="quiet">{placeOf(sample)}</p>
      {reason === '' || response === null || response.start.includes(reason) ? null : <p>{reason}</p>}
      {timings.length === 0 ? null : (
        <ul class="parts" aria-label="Time by part">
          {timings.map(([part, ms]) => (
            <li key={part}>
              {part} <b>{text(duration(ms))}</b>
            </li>
          ))}
        </ul>
      )}
      <div class="sides">
        <Side name="Request" message={request} missing="Nothing is known of it." />
        <Side name="Response" message={response} missing={`None came: ${reason}`} />
      </div>
    </details>
  );
}

/** Who asked, and whom. */
function placeOf({ scenario, group, vu, iteration, remote }: FailureSample): string {
  return [
    scenario === '' ? '' : `scenario ${scenario}`,
    group === '' ? '' : `group ${group.replace(/^::/, '').replaceAll('::', ' › ')}`,
    vu === null ? '' : `VU ${vu}`,
    iteration === null ? '' : `its iteration ${iteration}`,
    remote === '' ? '' : `answered by ${remote}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function Side({
  name,
  message,
  missing,
}: {
  readonly name: string;
  readonly message: MessageSample | null;
  readonly missing: string;
}) {
  return (
    <section aria-label={name}>
      <h4>{name}</h4>
      {message === null ? (
        <p class="quiet">{missing}</p>
      ) : (
        <>
          <pre>{headOf(message)}</pre>
          <Body body={message.body} />
        </>
      )}
    </section>
  );
}

function headOf({ start, headers, trailers = [] }: MessageSample): string {
  const lines = (fields: HeadFields): string[] => fields.map(([name, value]) => `${name}: ${value}`);
  return [start, ...lines(headers), ...(trailers.length > 0 ? ['', 'Trailers', ...lines(trailers)] : [])].join('\n');
}

function Body({ body }: { readonly body: BodySample | null }) {
  if (body === null) return null;
  if (body.octets === 0) return <p class="quiet">An empty body.</p>;
  return (
    <>
      <pre>{body.text}</pre>
      <p class="quiet">
        {text(bytes(body.octets))}
        {body.isBinary ? ', binary: other octets than letters are dots' : ''}
        {body.text.endsWith('…') ? ', of which the beginning is shown' : ''}
      </p>
    </>
  );
}
