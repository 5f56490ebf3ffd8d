// Messages that are larger than NATS takes, in parts.
import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** Above this many octets a message is sent in parts; a server takes 1 MB unless it was told otherwise. */
export const MOST_OCTETS = 400_000;

const NUMBER = 'Sixfold-Number';
const PART = 'Sixfold-Part';
const PARTS = 'Sixfold-Parts';

export interface Part {
  readonly headers: MsgHdrs;
  readonly octets: Uint8Array;
  /** Among all parts of its sender, for the server to know duplicates by. */
  readonly id: string;
}

/** @param sender in the run @param number of the message, among those of its sender @param most octets in a part */
export function splitMessage(sender: string, number: number, octets: Uint8Array, most = MOST_OCTETS): Part[] {
  const count = Math.max(1, Math.ceil(octets.length / most));
  return Array.from({ length: count }, (_, part) => {
    const about = headers();
    about.set(NUMBER, String(number));
    about.set(PART, String(part));
    about.set(PARTS, String(count));
    const id = `${sender}-${number}-${part}`;
    return { headers: about, octets: octets.subarray(part * most, (part + 1) * most), id };
  });
}

/** Puts the parts of one sender together; what comes twice is left out, and what somebody else has put between them. */
export class PartReader {
  readonly #open: (whole: Uint8Array) => Uint8Array;
  /** Number of the last message that is complete. */
  #last = 0;
  #parts: Uint8Array[] = [];

  /** @param open makes the message of what came; throws where that was not the sender's */
  constructor(open: (whole: Uint8Array) => Uint8Array = (whole) => whole) {
    this.#open = open;
  }

  /** @returns the message, once it is complete @throws what `open` throws: the message may still come */
  take(about: MsgHdrs | undefined, octets: Uint8Array): Uint8Array | null {
    const [number, part, parts] = [NUMBER, PART, PARTS].map((name) => Number(about?.get(name) ?? Number.NaN)) as [
      number,
      number,
      number,
    ];
    if (number <= this.#last) return null;
    const [first] = this.#parts;
    // Another beginning: what there was so far was not the sender's, or is not to be completed any more.
    if (part === 0 && first !== undefined && Buffer.compare(first, octets) !== 0) this.#parts = [];
    if (part !== this.#parts.length) return null;
    this.#parts.push(octets);
    if (this.#parts.length < parts) return null;
    const sealed = parts === 1 ? octets : Buffer.concat(this.#parts);
    this.#parts = [];
    const whole = this.#open(sealed);
    this.#last = number;
    return whole;
  }
}
