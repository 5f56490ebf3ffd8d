// The border that secrets do not cross: all that comes from where load runs is gone through here, before anything of it is shown, written or
// sent by whoever does so.
import type { FailureNote, SampleBatch } from '../../metrics/sample-batch.ts';
import { CUT } from '../../vu/body-excerpt.ts';
import type { LoadEvent, Reply } from '../worker-protocol.ts';
import type { Redactor } from './redactor.ts';

/** @returns the event without secrets */
export function redactEvent(event: LoadEvent, redactor: Redactor): LoadEvent {
  if (redactor.isIdle) return event;
  switch (event.type) {
    case 'samples':
      return { ...event, batch: redactBatch(event.batch, redactor) };
    case 'report': {
      const { series, notes } = event.report;
      const report = { ...event.report, series: redactSeries(series, redactor), notes: redactNotes(notes, redactor) };
      return { ...event, report };
    }
    case 'log':
      return { ...event, message: redactor.redact(event.message), fields: redactor.redactData(event.fields) };
    case 'abort':
    case 'mark-failed':
    case 'cut-off':
      return { ...event, message: redactor.redact(event.message) };
    case 'secret':
    case 'progress':
      return event;
  }
}

/** @returns the reply without secrets, except what goes back to where load runs as it is: the exported options and setup's data */
export function redactReply<R extends Reply>(reply: R, redactor: Redactor): R;
export function redactReply(reply: Reply, redactor: Redactor): Reply {
  if (redactor.isIdle) return reply;
  switch (reply.type) {
    case 'failed':
      return { ...reply, failure: redactor.redactData(reply.failure) };
    case 'summary-done':
      return { ...reply, files: redactFiles(reply.files, redactor) };
    case 'loaded': {
      const metrics = reply.exports.metrics.map((metric) => ({ ...metric, name: redactor.redactName(metric.name) }));
      return { ...reply, exports: { ...reply.exports, metrics } };
    }
    case 'setup-done':
    case 'ready':
    case 'finished':
    case 'teardown-done':
    case 'flushed':
      return reply;
  }
}

/** Costs nothing for what a batch mentions again: a series is described once. */
function redactBatch(batch: SampleBatch, redactor: Redactor): SampleBatch {
  const { series, notes, metadata, spans } = batch;
  return {
    ...batch,
    series: redactSeries(series, redactor),
    ...(notes && { notes: redactNotes(notes, redactor) }),
    ...(spans && { spans: { ...spans, texts: spans.texts.map((text) => redactor.redact(text)) } }),
    ...(metadata && { metadata: { ...metadata, sets: redactor.redactData(metadata.sets) } }),
  };
}

function redactSeries(series: SampleBatch['series'], redactor: Redactor): SampleBatch['series'] {
  return series.map(({ id, metric, tags }) => ({
    id,
    metric: { ...metric, name: redactor.redactName(metric.name) },
    tags: tags.map((text) => redactor.redact(text)),
  }));
}

function redactNotes<Notes extends readonly FailureNote[]>(notes: Notes, redactor: Redactor): Notes {
  return redactor.redactData(notes, (text) => redactExcerpt(text, redactor));
}

/** A text that was cut off may end in the middle of a secret. */
function redactExcerpt(text: string, redactor: Redactor): string {
  return text.endsWith(CUT) ? redactor.redactCut(text.slice(0, -CUT.length)) + CUT : redactor.redact(text);
}

type Files = Extract<Reply, { type: 'summary-done' }>['files'];

function redactFiles(files: Files, redactor: Redactor): Files {
  if (files === null) return null;
  return Object.fromEntries(
    Object.entries(files).map(([destination, content]) => [
      redactor.redact(destination),
      typeof content === 'string' ? redactor.redact(content) : redactor.redactBytes(content),
    ]),
  );
}
