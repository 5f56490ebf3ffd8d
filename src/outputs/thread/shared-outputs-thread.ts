import { OutputsThread } from './outputs-thread.ts';

/** One thread for all outputs of a run, begun with the first of them. */
export class SharedOutputsThread {
  #thread: OutputsThread | null = null;

  get(): OutputsThread {
    return (this.#thread ??= new OutputsThread());
  }
}
