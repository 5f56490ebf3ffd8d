/** Texts up to this length are worth keeping. */
const LONGEST = 16 * 1024;
const PLACES = 32;

/**
 * What was made of the texts seen last. A server under load gives the same few heads and bodies again and again, and comparing a
 * text with the one before costs far less than reading it. Of texts that are as long as each other the latest is kept.
 */
export class RecentTexts<T> {
  readonly #texts: (string | null)[] = new Array<string | null>(PLACES).fill(null);
  readonly #values: (T | null)[] = new Array<T | null>(PLACES).fill(null);
  readonly #make: (text: string) => T;

  /** @param make what becomes of a text; it is shared by all who ask, so they must not change it */
  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  of(text: string): T {
    const place = text.length % PLACES;
    if (this.#texts[place] === text) return this.#values[place] as T;
    const value = this.#make(text);
    if (text.length <= LONGEST) {
      this.#texts[place] = text;
      this.#values[place] = value;
    }
    return value;
  }
}
