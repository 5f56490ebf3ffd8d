// Who makes which part of the load: each agent its own, and spare ones that of an agent that is lost.
import { divideWhole, findShare, lengthOf } from '../../options/segment.ts';
import type { Recruit } from './recruit.ts';

/** A part of a test, as its options say it. */
interface Part {
  readonly executionSegment: string;
  readonly executionSegmentSequence: string;
  /** How much of the whole it is, 0 to 1. */
  readonly fraction: number;
  /** The same, as people are to read it: `1/4`. */
  readonly text: string;
}

/** Who takes the part of one that is lost. */
interface Heir {
  readonly by: number;
  /** Names of scenarios that it cannot go on with. */
  readonly broken: readonly string[];
}

export class Succession {
  readonly #agents: number;
  /** Agents with a part of their own; the numbers of spare ones come behind theirs. */
  readonly sharing: number;
  readonly #segments: ReturnType<typeof divideWhole>;
  /** Who has the part of whom, by numbers. */
  readonly #heirs = new Map<number, Heir>();

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
  note(agent: number, heir: Heir): void {
    this.#heirs.set(agent, heir);
  }

  /** @returns who has the part of an agent that is lost; null: nobody yet */
  heirOf(agent: number): Heir | null {
    return this.#heirs.get(agent) ?? null;
  }

  /**
   * @param broken names of scenarios that nobody can go on with
   * @param isGone whether an agent cannot have it
   * @returns a spare agent that has the part of a lost one from now on; null: there is none
   */
  appoint(agent: number, broken: readonly string[], isGone: (heir: number) => boolean): Heir | null {
    const taken = new Set([...this.#heirs.values()].map(({ by }) => by));
    for (let by = this.sharing; by < this.#agents; by++) {
      if (taken.has(by) || isGone(by)) continue;
      const heir = { by, broken };
      this.#heirs.set(agent, heir);
      return heir;
    }
    return null;
  }

  /** @returns the part that an agent makes, which may have come to it over several others */
  partOf(agent: number): Part {
    for (const [before, { by }] of this.#heirs) if (by === agent) return this.partOf(before);
    const executionSegment = this.#segments.segments[agent]!;
    const executionSegmentSequence = this.#segments.sequence;
    const { fraction } = findShare(executionSegment, executionSegmentSequence);
    return { executionSegment, executionSegmentSequence, fraction, text: lengthOf(executionSegment) };
  }
}
