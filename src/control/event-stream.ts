// What happens in a run, to every browser that looks on: events of the timeline as it grows (WHATWG HTML, server-sent events).
import type { ServerResponse } from 'node:http';
import type { Timeline } from '../metrics/timeline/timeline.ts';
import { TimelineEvents } from './timeline-events.ts';

/** What a reader may leave unread, in octets; then it is cut off, comes again and reads everything anew. */
const MOST_UNREAD = 1024 * 1024;

/** Hands each event to all readers, made into text once. */
export class EventStream {
  readonly #readers = new Set<ServerResponse>();
  readonly #stop: () => void;

  constructor(timeline: Timeline) {
    this.#stop = timeline.listen(new TimelineEvents((event, describe) => this.send(event, describe)));
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Takes over an answer whose head has not been sent. */
  add(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.write(': hello\n\n');
    this.#readers.add(response);
    response.on('close', () => this.#readers.delete(response));
    response.on('error', () => this.#readers.delete(response));
  }

  /** @param describe makes what it says, where there is anybody to hear it */
  send(event: string, describe: () => unknown): void {
    if (this.#readers.size === 0) return;
    const bytes = Buffer.from(`event: ${event}\ndata: ${JSON.stringify(describe())}\n\n`);
    for (const reader of this.#readers) {
      if (reader.writableLength > MOST_UNREAD) reader.destroy();
      else reader.write(bytes);
    }
  }

  /** Ends all streams. */
  close(): void {
    this.#stop();
    for (const reader of this.#readers) reader.end();
  }
}
