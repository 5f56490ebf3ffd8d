// The samples of a batch put together by series: what takes them in is then called once for many, not once for each, which costs the
// thread that folds them more than the folding.
import type { SampleBatch } from './sample-batch.ts';

/** Samples that are looked at together. */
const MOST_SAMPLES = 2048;
/** What is later than that, by the clock of the samples, waits for the next piece: whoever keeps them by time gets them about in order. */
const LONGEST_MS = 50;

/** One piece of a batch after the other. */
export class SampleRuns {
  /** Of the piece, series by series. */
  readonly values = new Float64Array(MOST_SAMPLES);
  /** As those of a batch. */
  readonly times = new Float64Array(MOST_SAMPLES);
  /** The sender's numbers of the series in the piece. */
  readonly ids = new Uint32Array(MOST_SAMPLES);
  /** Where the samples of each of them end; they begin where those of the one before ended. */
  readonly ends = new Uint32Array(MOST_SAMPLES);
  /** How many series there are in the piece. */
  count = 0;
  /** By the number of a series: its place in the piece, from 1 on; 0: it is not in it. */
  #places = new Uint32Array(1024);

  /**
   * Takes the next piece.
   *
   * @param from the first sample that is still to be taken, of which there is one
   * @returns the first that is left
   */
  take(batch: SampleBatch, from: number): number {
    const { ids } = batch;
    const end = endOfPiece(batch, from);
    const { ends } = this;
    let places = this.#places;
    let count = 0;
    for (let index = from; index < end; index++) {
      const id = ids[index];
      if (id >= places.length) places = this.#growPlaces(id);
      const place = places[id];
      if (place > 0) ends[place - 1]++;
      else {
        this.ids[count] = id;
        ends[count] = 1;
        places[id] = ++count;
      }
    }
    this.count = count;
    this.#sort(batch, from, end);
    for (let place = 0; place < count; place++) places[this.ids[place]] = 0;
    return end;
  }

  /** Puts the samples where they belong; until then `ends` says how many each series has. */
  #sort({ ids, values, times }: SampleBatch, from: number, end: number): void {
    const { ends, count } = this;
    const places = this.#places;
    let start = 0;
    for (let place = 0; place < count; place++) {
      const samples = ends[place];
      ends[place] = start;
      start += samples;
    }
    for (let index = from; index < end; index++) {
      const to = ends[places[ids[index]] - 1]++;
      this.values[to] = values[index];
      this.times[to] = times[index];
    }
  }

  #growPlaces(id: number): Uint32Array<ArrayBuffer> {
    const places = new Uint32Array(Math.max(id + 1, this.#places.length * 2));
    places.set(this.#places);
    this.#places = places;
    return places;
  }
}

function endOfPiece({ times, count }: SampleBatch, from: number): number {
  const most = Math.min(count, from + MOST_SAMPLES);
  const latest = times[from] + LONGEST_MS;
  let end = from + 1;
  while (end < most && times[end] <= latest) end++;
  return end;
}
