// The border that secrets do not cross: all that a load worker says is gone through here, before anything of it is shown, written or
// sent by whoever does so.
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import type { FromWorker } from '../worker-protocol.ts';
import type { Redactor } from './redactor.ts';

/** @returns the message without secrets, except what goes back to workers as it is: the exported options and setup's data */
export function redactMessage(message: FromWorker, redactor: Redactor): FromWorker {
  if (redactor.isIdle) return message;
  switch (message.type) {
    case 'samples':
      return { ...message, batch: redactBatch(message.batch, redactor) };
    case 'log':
      return { ...message, message: redactor.redact(message.message), fields: redactor.redactData(message.fields) };
    case 'abort':
    case 'mark-failed':
      return { ...message, message: redactor.redact(message.message) };
    case 'failed':
      return { ...message, failure: redactor.redactData(message.failure) };
    case 'summary-done':
      return { ...message, files: redactFiles(message.files, redactor) };
    case 'loaded': {
      const metrics = message.exports.metrics.map((metric) => ({ ...metric, name: redactor.redactName(metric.name) }));
      return { ...message, exports: { ...message.exports, metrics } };
    }
    case 'setup-done':
    case 'secret':
    case 'ready':
    case 'finished':
    case 'teardown-done':
    case 'progress':
    case 'flushed':
    case 'stopped':
    case 'pong':
    case 'ended':
      return message;
  }
}

/** Costs nothing for what a batch mentions again: a series is described once. */
function redactBatch(batch: SampleBatch, redactor: Redactor): SampleBatch {
  const { series, notes, metadata } = batch;
  return {
    ...batch,
    series: series.map(({ id, metric, tags }) => ({
      id,
      metric: { ...metric, name: redactor.redactName(metric.name) },
      tags: tags.map((text) => redactor.redact(text)),
    })),
    ...(notes && { notes: redactor.redactData(notes) }),
    ...(metadata && { metadata: { ...metadata, sets: redactor.redactData(metadata.sets) } }),
  };
}

type Files = Extract<FromWorker, { type: 'summary-done' }>['files'];

function redactFiles(files: Files, redactor: Redactor): Files {
  if (files === null) return null;
  return Object.fromEntries(
    Object.entries(files).map(([destination, content]) => [
      redactor.redact(destination),
      typeof content === 'string' ? redactor.redact(content) : redactor.redactBytes(content),
    ]),
  );
}
