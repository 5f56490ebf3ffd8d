// Times of samples as text. Samples come in order, many in the same second: its text is kept.

export type TimeFormat = 'unix' | 'unix_milli' | 'unix_micro' | 'unix_nano' | 'rfc3339' | 'rfc3339_nano';

export const TIME_FORMATS: readonly TimeFormat[] = [
  'unix',
  'unix_milli',
  'unix_micro',
  'unix_nano',
  'rfc3339',
  'rfc3339_nano',
];

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** RFC 3339 in local time, without a fraction: what stands before it, and the offset behind. */
function splitSecond(second: number): [string, string] {
  const offset = -new Date(second * 1000).getTimezoneOffset();
  const text = new Date((second + offset * 60) * 1000).toISOString().slice(0, 19);
  const minutes = Math.abs(offset);
  return [text, offset === 0 ? 'Z' : `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`];
}

export class TimeText {
  #second = Number.NaN;
  #before = '';
  #behind = '';
  #lastTime = Number.NaN;
  #lastText = '';

  /** RFC 3339 in local time with as many digits of a second as are needed. @param time ms since the epoch */
  rfc3339Nano(time: number): string {
    if (time === this.#lastTime) return this.#lastText;
    // A double holds the present to a quarter of a microsecond: more digits would be noise.
    const micros = Math.round(time * 1000);
    const second = Math.floor(micros / 1_000_000);
    this.#turnTo(second);
    const fraction = micros - second * 1_000_000;
    const digits =
      fraction === 0
        ? ''
        : `.${String(fraction + 1_000_000)
            .slice(1)
            .replace(/0+$/, '')}`;
    this.#lastTime = time;
    this.#lastText = this.#before + digits + this.#behind;
    return this.#lastText;
  }

  format(time: number, format: TimeFormat): string {
    switch (format) {
      case 'unix':
        return String(Math.floor(time / 1000));
      case 'unix_milli':
        return String(Math.floor(time));
      case 'unix_micro':
        return String(Math.floor(time * 1000));
      case 'unix_nano':
        return `${Math.floor(time * 1000)}000`;
      case 'rfc3339':
        this.#turnTo(Math.floor(time / 1000));
        return this.#before + this.#behind;
      case 'rfc3339_nano':
        return this.rfc3339Nano(time);
    }
  }

  #turnTo(second: number): void {
    if (second === this.#second) return;
    this.#second = second;
    [this.#before, this.#behind] = splitSecond(second);
  }
}
