// Who makes which part of the load: each agent its own, and spare ones that of an agent that is lost.
import { divideWhole, findShare } from '../../options/segment.ts';
import type { Recruit } from './recruit.ts';

/** A part of a test, as its options say it. */
interface Part {
  readonly executionSegment: string;
  readonly executionSegmentSequence: string;
  /** How much of the whole it is, 0 to 1. */
  readonly fraction: number;
}

export class Succession {
  readonly #agents: number;
  /** Agents with a part of their own; the numbers of spare ones come behind theirs. */
  readonly sharing: number;
  readonly #segments: ReturnType<typeof divideWhole>;
  /** Who has the part of whom, by numbers. */
  readonly #heirs = new Map<number, number>();

  /**
   * @param agents in the order of their numbers, spare ones last
   * @param spares how many of them are
   * @param weigh what their parts are in proportion to
   */
  constructor(agents: readonly Recruit[], spares: number, weigh: (agent: Recruit) => number) {
    this.#agents = agents.length;
    this.sharing = agents.length - spares;
    this.#segments = divideWhole(agents.slice(0, this.sharing).map(weigh));
  }

  /** Notes what is on record. */
  note(agent: number, heir: number): void {
    this.#heirs.set(agent, heir);
  }

  /** @returns who has the part of an agent that is lost; null: nobody yet */
  heirOf(agent: number): number | null {
    return this.#heirs.get(agent) ?? null;
  }

  /** @param isGone whether an agent cannot have it @returns a spare agent that has the part of a lost one from now on; null: there is none */
  appoint(agent: number, isGone: (heir: number) => boolean): number | null {
    const taken = new Set(this.#heirs.values());
    for (let heir = this.sharing; heir < this.#agents; heir++) {
      if (taken.has(heir) || isGone(heir)) continue;
      this.#heirs.set(agent, heir);
      return heir;
    }
    return null;
  }

  /** @returns the part that an agent makes, which may have come to it over several others */
  partOf(agent: number): Part {
    for (const [before, heir] of this.#heirs) if (heir === agent) return this.partOf(before);
    const executionSegment = this.#segments.segments[agent]!;
    const executionSegmentSequence = this.#segments.sequence;
    const { fraction } = findShare(executionSegment, executionSegmentSequence);
    return { executionSegment, executionSegmentSequence, fraction };
  }
}
