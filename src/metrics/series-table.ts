// The series of all threads, as their receiver knows them: one object per combination of metric and tags.
import type { Metric } from './metric.ts';
import type { MetricDefiner } from './metric-registry.ts';
import { type SampleBatch, type SeriesDescription, TRANSIENT_SERIES } from './sample-batch.ts';
import type { SampleReceiver } from './sinks/sink.ts';

/** Above this many series the user is warned, and further ones are not remembered (k6 warns at the same number). */
const SERIES_LIMIT = 100_000;

/** One combination of metric and tags. */
export interface Series<Receiver extends SampleReceiver = SampleReceiver> {
  readonly metric: Metric;
  /** Sorted by key. */
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** What its samples are folded into. */
  readonly receivers: readonly Receiver[];
  /** What outputs keep of it, see {@link prepareOnce}. */
  prepared: Map<object, string> | null;
}

/** @returns the value of a tag */
export function tagOf(series: Pick<Series, 'tags'>, key: string): string | undefined {
  for (const [name, value] of series.tags) if (name === key) return value;
  return undefined;
}

/**
 * A text that an output needs for each sample of a series, made when the first one comes.
 *
 * @param owner the output
 */
export function prepareOnce(series: Series, owner: object, make: (series: Series) => string): string {
  const known = series.prepared?.get(owner);
  if (known !== undefined) return known;
  const text = make(series);
  series.prepared ??= new Map();
  series.prepared.set(owner, text);
  return text;
}

export interface SeriesTableOptions<Receiver extends SampleReceiver = SampleReceiver> {
  readonly registry: MetricDefiner;
  /** What the samples of a new series go to. */
  readonly findReceivers?: (series: Pick<Series, 'metric' | 'tags'>) => Receiver[];
  readonly onWarning?: (message: string) => void;
  readonly limit?: number;
}

function pairTags(flat: readonly string[]): (readonly [string, string])[] {
  const tags: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2) tags.push([flat[index], flat[index + 1]]);
  return tags.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

export class SeriesTable<Receiver extends SampleReceiver = SampleReceiver> {
  readonly #options: SeriesTableOptions<Receiver>;
  readonly #limit: number;
  /** By the number of the sending thread, then by its own number of the series. */
  readonly #bySource: Series<Receiver>[][] = [];
  readonly #byKey = new Map<string, Series<Receiver>>();
  #warned = false;

  constructor(options: SeriesTableOptions<Receiver>) {
    this.#options = options;
    this.#limit = options.limit ?? SERIES_LIMIT;
  }

  /** How many different series there are, up to the limit. */
  get size(): number {
    return this.#byKey.size;
  }

  all(): Iterable<Series<Receiver>> {
    return this.#byKey.values();
  }

  /**
   * Takes in the series that a batch describes. Once per batch, and in order.
   *
   * @param source number of the sending thread
   */
  absorb(batch: Pick<SampleBatch, 'series'>, source: number): void {
    const local = this.of(source);
    // Transient ids of earlier batches are void.
    if (local.length > TRANSIENT_SERIES) local.length = TRANSIENT_SERIES;
    for (const description of batch.series) local[description.id] = this.#find(description);
  }

  /** @returns the series of a sending thread by its own numbers, as the batch absorbed last needs them */
  of(source: number): Series<Receiver>[] {
    let local = this.#bySource[source];
    if (local === undefined) local = this.#bySource[source] = [];
    return local;
  }

  #find(description: SeriesDescription): Series<Receiver> {
    const tags = pairTags(description.tags);
    const { name, type, contains } = description.metric;
    // As JSON: values of tags may contain whatever else could stand between them.
    const key = JSON.stringify([name, type, contains, tags]);
    const known = this.#byKey.get(key);
    if (known) return known;
    const metric = this.#options.registry.define(name, type, contains);
    const receivers = this.#options.findReceivers?.({ metric, tags }) ?? [];
    const series: Series<Receiver> = { metric, tags, receivers, prepared: null };
    if (this.#byKey.size < this.#limit) this.#byKey.set(key, series);
    else this.#warn();
    return series;
  }

  #warn(): void {
    if (this.#warned) return;
    this.#warned = true;
    const { key, count, example } = this.#mostDiverseTag();
    const advice =
      key === 'url' || key === 'name'
        ? 'Give requests of one kind a common name: the `name` tag, or http.url`…` templates'
        : 'Do not use values such as ids as tags, or shorten the list of system tags';
    this.#options.onWarning?.(
      `The samples have more than ${this.#limit} different combinations of metric and tags, which costs memory and makes results ` +
        `hard to read. It is the tag "${key}" that does it, with ${count} different values, such as ${JSON.stringify(example)}. ` +
        `${advice}. Totals stay right; combinations over the limit are no longer told apart in memory.`,
    );
  }

  #mostDiverseTag(): { key: string; count: number; example: string } {
    const values = new Map<string, Set<string>>();
    for (const { tags } of this.#byKey.values()) {
      for (const [key, value] of tags) {
        const seen = values.get(key);
        if (seen) seen.add(value);
        else values.set(key, new Set([value]));
      }
    }
    let most = { key: '', count: 0, example: '' };
    // `url` follows `name`: where both differ as much, it is the name that a user can set.
    for (const [key, seen] of values) {
      const [example] = seen;
      if (seen.size > most.count || (seen.size === most.count && key === 'name'))
        most = { key, count: seen.size, example };
    }
    return most;
  }
}
