// Notices that code of the script keeps a load worker's thread from everything else, and finds out which code that is.
import type { Profiler, Session } from 'node:inspector';
import type { ComputingPlace } from '../generator-health.ts';

/** The scenarios of a worker, and what finds the user's position of compiled code. */
export interface ComputingContext {
  readonly scenarios: readonly { readonly name: string; readonly exec: string }[];
  /** @param line 1-based, as the column is */
  locate(
    functionName: string,
    file: string,
    line: number,
    column: number,
  ): { readonly functionName: string; readonly file: string; readonly line: number } | null;
}

/** A virtual user that computes for that long makes the latencies of others its own, in ms. */
export const LONG_SLICE_MS = 50;
/** How often the stack is looked at while it is looked at, in µs. */
const INTERVAL_US = 2000;
/** A thread that others have taken the processor from has few samples for the time: it was not computing. */
const LEAST_SHARE = 0.4;
/** How long one look takes, in ms, and how many there are in a run at the most: it costs the thread some per cent meanwhile. */
const LOOK_MS = 1000;
const MOST_LOOKS = 5;
const PAUSE_MS = 5000;
const SCRIPT = /^sixfold:(?:script|packages|text)/;

/** A stretch of one look in which code of the script ran and nothing else. */
export interface Slice {
  readonly ms: number;
  /** The frame that had most of it, and the outermost one. */
  readonly busiest: Profiler.ProfileNode;
  readonly outermost: Profiler.ProfileNode;
}

/** Iterations that ended while there was a look, the long ones. */
interface EndedIteration {
  readonly scenario: string;
  readonly endMs: number;
}

/** Watches one thread, from its own inside. Costs nothing until what is due comes late. */
export class ComputingWatch {
  readonly #context: ComputingContext;
  readonly #leastShare: number;
  readonly #places = new Map<string, ComputingPlace>();
  #session: Session | null = null;
  /** Of the look in progress. */
  #lookedFromMs = 0;
  #isLooking = false;
  #looks = 0;
  #quietUntilMs = 0;
  #ended: EndedIteration[] | null = null;
  /** The scenarios are over: no look begins any more. */
  #isOver = false;

  /** @param leastShare of a slice's time in which the thread has to have had the processor */
  constructor(context: ComputingContext, leastShare = LEAST_SHARE) {
    this.#context = context;
    this.#leastShare = leastShare;
  }

  /** Something was due every `periodMs`, and came after `passedMs`. */
  onPeriod(passedMs: number, periodMs: number): void {
    if (this.#isOver) return;
    const nowMs = performance.now();
    if (this.#isLooking) {
      if (this.#session !== null && nowMs - this.#lookedFromMs >= LOOK_MS) this.#endLook();
    } else if (passedMs - periodMs > LONG_SLICE_MS && this.#looks < MOST_LOOKS && nowMs >= this.#quietUntilMs)
      void this.#look();
  }

  /** @param durationMs of an iteration that has just ended */
  onIterationEnd(scenario: string, durationMs: number): void {
    if (this.#ended !== null && durationMs >= LONG_SLICE_MS) this.#ended.push({ scenario, endMs: performance.now() });
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    this.#looks++;
    try {
      const { Session } = await import('node:inspector');
      if (this.#isOver) return;
      const session = new Session();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
      session.post('Profiler.start');
      this.#ended = [];
      this.#lookedFromMs = performance.now();
      this.#session = session;
    } catch {
      // Another one has the inspector, or this thread may not: then nobody is told.
      this.#looks = MOST_LOOKS;
      this.#isLooking = false;
    }
  }

  #endLook(): void {
    const session = this.#session;
    if (session === null) return;
    this.#session = null;
    this.#isLooking = false;
    this.#quietUntilMs = performance.now() + PAUSE_MS;
    session.post('Profiler.stop', (error, result) => {
      if (error === null)
        for (const { slice, endMs } of findSlices(result.profile, this.#leastShare)) this.#note(slice, endMs);
    });
    session.disconnect();
    this.#ended = null;
  }

  /** @param endMs since the look began */
  #note(slice: Slice, endMs: number): void {
    const { functionName, url, lineNumber, columnNumber } = slice.busiest.callFrame;
    const place = this.#context.locate(functionName, url, lineNumber + 1, columnNumber + 1);
    if (place === null) return;
    const scenario = this.#scenarioOf(slice, this.#lookedFromMs + endMs);
    const key = `${place.file}:${place.line} ${scenario ?? ''}`;
    const known = this.#places.get(key);
    this.#places.set(key, {
      ...place,
      scenario,
      times: (known?.times ?? 0) + 1,
      longestMs: Math.max(known?.longestMs ?? 0, slice.ms),
    });
  }

  /** By the function that the scenario calls, or by an iteration that ended behind the slice. */
  #scenarioOf({ outermost }: Slice, endMs: number): string | null {
    const { scenarios } = this.#context;
    if (scenarios.length === 1) return scenarios[0]!.name;
    const { functionName, url, lineNumber, columnNumber } = outermost.callFrame;
    const entry = this.#context.locate(functionName, url, lineNumber + 1, columnNumber + 1)?.functionName;
    const byName = scenarios.filter(({ exec }) => exec === entry);
    if (byName.length === 1) return byName[0]!.name;
    const behind = new Set(
      (this.#ended ?? [])
        .filter((iteration) => Math.abs(iteration.endMs - endMs) < LONG_SLICE_MS / 2)
        .map(({ scenario }) => scenario),
    );
    return behind.size === 1 ? [...behind][0]! : null;
  }

  /** Ends what is in progress. @returns where code computed for long, the longest first */
  read(): ComputingPlace[] {
    this.#isOver = true;
    this.#endLook();
    return [...this.#places.values()].sort((a, b) => b.longestMs - a.longestMs);
  }
}

/** @returns the long stretches in which code of the script ran, each with its end in ms since the profile began */
export function findSlices(profile: Profiler.Profile, leastShare = LEAST_SHARE): { slice: Slice; endMs: number }[] {
  const frames = scriptFrames(profile.nodes);
  const slices: { slice: Slice; endMs: number }[] = [];
  let counts = new Map<Profiler.ProfileNode, number>();
  let outermost: Profiler.ProfileNode | null = null;
  let ticks = 0;
  let ms = 0;
  let atMs = 0;
  const close = (): void => {
    const [busiest] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
    if (
      busiest !== undefined &&
      outermost !== null &&
      ms >= LONG_SLICE_MS &&
      (ticks * INTERVAL_US) / 1000 >= leastShare * ms
    )
      slices.push({ slice: { ms, busiest, outermost }, endMs: atMs });
    counts = new Map();
    outermost = null;
    ticks = 0;
    ms = 0;
  };
  const { samples = [], timeDeltas = [] } = profile;
  for (const [index, id] of samples.entries()) {
    const passedMs = (timeDeltas[index] ?? 0) / 1000;
    const frame = frames.get(id);
    if (frame === undefined) close();
    else {
      ticks++;
      // The time before the first sample was another's.
      if (outermost !== null) ms += passedMs;
      if (frame !== 'collecting') {
        outermost ??= frame.outermost;
        counts.set(frame.innermost, (counts.get(frame.innermost) ?? 0) + 1);
      }
    }
    atMs += passedMs;
  }
  close();
  return slices;
}

type ScriptFrames = { innermost: Profiler.ProfileNode; outermost: Profiler.ProfileNode };

/** The script's frames on the stack of each node that has any; collecting garbage belongs to what runs. */
function scriptFrames(nodes: readonly Profiler.ProfileNode[]): Map<number, ScriptFrames | 'collecting'> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Map<number, ScriptFrames | 'collecting'>();
  const open: { node: Profiler.ProfileNode; above: ScriptFrames | null }[] = [];
  const [root] = nodes;
  if (root !== undefined) open.push({ node: root, above: null });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, above } = next;
    const frames = SCRIPT.test(node.callFrame.url) ? { innermost: node, outermost: above?.outermost ?? node } : above;
    if (frames !== null) found.set(node.id, frames);
    else if (node.callFrame.functionName === '(garbage collector)') found.set(node.id, 'collecting');
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child !== undefined) open.push({ node: child, above: frames });
    }
  }
  return found;
}
