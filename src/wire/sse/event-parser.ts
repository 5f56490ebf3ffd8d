// The events of a text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).

export interface ServerEvent {
  /** The last identifier that the stream has named, in this event or before. */
  readonly id: string;
  /** The event's name; empty where it has none, which stands for `message`. */
  readonly name: string;
  readonly data: string;
  /** Of comments since the event before, the lines. */
  readonly comment: string;
  /** The last time that the stream has asked to wait before connecting anew, in ms; null: none. */
  readonly retry: number | null;
}

const CR = '\r';
const LF = '\n';

export class EventParser {
  readonly #onEvent: (event: ServerEvent) => void;
  /** Drops one leading byte order mark, and puts U+FFFD for what is not UTF-8. */
  readonly #decoder = new TextDecoder('utf-8');
  readonly #mostCharacters: number;
  #line = '';
  #skipsLf = false;
  #data: string[] = [];
  #name = '';
  #comments: string[] = [];
  #commentSize = 0;
  #id = '';
  #retry: number | null = null;
  /** Characters of the event in progress. */
  #size = 0;

  /** @param mostCharacters that an event may have */
  constructor(mostCharacters: number, onEvent: (event: ServerEvent) => void) {
    this.#mostCharacters = mostCharacters;
    this.#onEvent = onEvent;
  }

  /** @returns false: an event has more characters than it may */
  push(bytes: Uint8Array): boolean {
    const text = this.#decoder.decode(bytes, { stream: true });
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at);
      if (this.#skipsLf) {
        this.#skipsLf = false;
        if (character === LF) {
          start = at + 1;
          continue;
        }
      }
      if (character !== CR && character !== LF) continue;
      this.#skipsLf = character === CR;
      const line = this.#line + text.slice(start, at);
      this.#line = '';
      start = at + 1;
      if (!this.#takeLine(line)) return false;
    }
    this.#line += text.slice(start);
    return this.#size + this.#line.length <= this.#mostCharacters;
  }

  #takeLine(line: string): boolean {
    // Comments are of no event: a stream that is kept open by nothing else may last for hours.
    if (!line.startsWith(':')) this.#size += line.length;
    if (Math.max(this.#size, line.length) > this.#mostCharacters) return false;
    if (line === '') this.#dispatch();
    else {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1);
      this.#takeField(field, value);
    }
    return true;
  }

  #takeField(field: string, value: string): void {
    switch (field) {
      case '':
        this.#takeComment(value);
        break;
      case 'event':
        this.#name = value;
        break;
      case 'data':
        this.#data.push(value);
        break;
      case 'id':
        if (!value.includes('\0')) this.#id = value;
        break;
      case 'retry':
        if (/^\d+$/.test(value)) this.#retry = Number(value);
        break;
      default:
      // Other fields are ignored.
    }
  }

  /** A server may send nothing else for hours, to keep the connection: of more than an event may have the oldest go. */
  #takeComment(value: string): void {
    this.#comments.push(value);
    this.#commentSize += value.length + 1;
    while (this.#commentSize > this.#mostCharacters) this.#commentSize -= (this.#comments.shift() ?? '').length + 1;
  }

  #dispatch(): void {
    const data = this.#data;
    const name = this.#name;
    this.#data = [];
    this.#name = '';
    this.#size = 0;
    // Without data there is no event, whatever else the block had.
    if (data.length === 0) return;
    const comment = this.#comments.join(LF);
    this.#comments = [];
    this.#commentSize = 0;
    this.#onEvent({ id: this.#id, name, data: data.join(LF), comment, retry: this.#retry });
  }
}
