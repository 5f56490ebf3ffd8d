// Lines of the log that say the same again and again: the first ones are shown, the others counted.
import type { LogLevel } from '../../vu/environment.ts';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly time: Date;
}

/** Lines of one kind that are shown as they are. */
const SHOWN = 10;
/** How long others of the kind are only counted, in ms, before a line says how many they are. */
const PERIOD_MS = 10_000;
/** Texts of a script's errors may be without end: what comes after so many kinds is one kind per level. */
const MOST_KINDS = 1000;
const KEY_LENGTH = 400;

interface Kind {
  seen: number;
  /** Counted and not spoken of yet. */
  unsaid: number;
  /** When the last line of this kind was shown, in ms since the epoch. */
  saidAt: number;
  last: LogLine;
}

export class RepeatedLines {
  readonly #kinds = new Map<string, Kind>();

  /** @returns the lines to show now: the one given, one that speaks for many, or none */
  take(line: LogLine): LogLine[] {
    const now = line.time.getTime();
    const kind = this.#kindOf(line);
    kind.seen++;
    kind.last = line;
    if (kind.seen <= SHOWN) {
      kind.saidAt = now;
      return [line];
    }
    kind.unsaid++;
    if (now - kind.saidAt < PERIOD_MS) return [];
    kind.saidAt = now;
    return [tellMore(kind)];
  }

  /** @returns a line for each kind of which some were only counted */
  settle(): LogLine[] {
    return [...this.#kinds.values()].filter(({ unsaid }) => unsaid > 0).map(tellMore);
  }

  #kindOf(line: LogLine): Kind {
    const full = this.#kinds.size >= MOST_KINDS;
    const key = keyOf(line);
    const known = this.#kinds.get(key) ?? (full ? this.#kinds.get(line.level) : undefined);
    if (known !== undefined) return known;
    const kind: Kind = { seen: 0, unsaid: 0, saidAt: 0, last: line };
    this.#kinds.set(full ? line.level : key, kind);
    return kind;
  }
}

/** A line of its kind alone is shown as it is. */
function tellMore(kind: Kind): LogLine {
  const { unsaid, last } = kind;
  kind.unsaid = 0;
  if (unsaid === 1) return last;
  const [sentence] = last.message.split('\n');
  return { ...last, message: `${sentence} … and ${unsaid.toLocaleString('en-US')} more like it` };
}

/** Two lines are alike when they differ in numbers and in what stands in quotes, such as a URL; positions in the script count. */
function keyOf({ level, message, fields }: LogLine): string {
  const end = message.indexOf('\n');
  const sentence = end < 0 ? message : message.slice(0, end);
  const alike = (text: string): string => text.slice(0, KEY_LENGTH).replace(/"(?:[^"\\]|\\.)*"|\d+/g, '#');
  const frames = end < 0 ? '' : message.slice(end, end + KEY_LENGTH);
  return `${level} ${alike(sentence)}${frames} ${alike(fields['error'] ?? '')} ${fields['at'] ?? ''}`;
}
