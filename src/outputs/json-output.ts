// `--out json=FILE`: a line per metric when it is first seen, and a line per sample (k6 page "JSON").

import type { SampleBatch } from '../metrics/sample-batch.ts';
import { prepareOnce, type Series } from '../metrics/series-table.ts';
import type { ThresholdDefinition } from '../metrics/thresholds/parse-thresholds.ts';
import { formatDuration } from '../options/duration.ts';
import { describeTags, formatPoint } from './json-point.ts';
import type { Output, OutputContext } from './output.ts';
import { PIECE, TextFile } from './text-file.ts';
import { TimeText } from './time-text.ts';

const FLUSH_MS = 200;

/** The short form where it says all, as in the options. */
function describeThreshold({ threshold, abortOnFail, delayAbortEvalMs }: ThresholdDefinition): unknown {
  if (!abortOnFail && delayAbortEvalMs === 0) return threshold;
  return { threshold, abortOnFail, delayAbortEval: formatDuration(delayAbortEvalMs) };
}

export class JsonOutput implements Output {
  readonly description: string;
  readonly #file: TextFile;
  readonly #context: OutputContext;
  readonly #times = new TimeText();
  readonly #seen = new Set<string>();

  /** @param path `-` or empty: standard output; ending in `.gz`: compressed */
  constructor(path: string, context: OutputContext) {
    this.#context = context;
    this.#file = new TextFile(path, context.writeStdout);
    this.description = `json (${this.#file.description})`;
  }

  async start(): Promise<void> {
    this.#file.open(FLUSH_MS);
  }

  addBatch(batch: SampleBatch, series: readonly Series[]): void {
    const { ids, values, times, count, metadata } = batch;
    let text = '';
    for (let index = 0; index < count; index++) {
      const one = series[ids[index]];
      // What differs from sample to sample stands between two texts that the series keeps.
      const tail = prepareOnce(one, this, describeTags);
      if (!this.#seen.has(one.metric.name)) text += this.#describeMetric(one);
      const set = metadata && metadata.ids[index] > 0 ? metadata.sets[metadata.ids[index] - 1] : undefined;
      text += formatPoint(one.metric.name, this.#times.rfc3339Nano(times[index]), values[index], tail, set);
      if (text.length < PIECE) continue;
      this.#file.write(text);
      text = '';
    }
    this.#file.write(text);
  }

  stop(): Promise<void> {
    return this.#file.close();
  }

  #describeMetric({ metric: { name, type, contains } }: Series): string {
    this.#seen.add(name);
    const { engine } = this.#context;
    const submetrics = engine.submetricsOf(name).map(({ key, selector: { tags } }) => ({
      name: key,
      suffix: key.slice(key.indexOf('{') + 1, key.lastIndexOf('}')),
      tags: Object.fromEntries(tags),
    }));
    const data = {
      name,
      type,
      contains,
      thresholds: engine.thresholdsOf(name).map(describeThreshold),
      submetrics: submetrics.length > 0 ? submetrics : null,
    };
    return `${JSON.stringify({ type: 'Metric', data, metric: name })}\n`;
  }
}
