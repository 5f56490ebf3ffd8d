// The generator watches itself: when it was the bottleneck, the latencies that it measured are its own.
import { type EventLoopUtilization, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';

/** How a load worker was doing since its monitor started. Plain data; shares are 0 to 1. */
export interface GeneratorHealth {
  readonly durationMs: number;
  /** How late the event loop came round to what was due. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** Part of the time that the event loop was busy. */
  readonly busyShare: number;
  /** Part of the seconds in which it was hardly ever idle. */
  readonly saturatedShare: number;
  /** Processor time of the thread per time; below `busyShare` when others had the processor. */
  readonly cpuShare: number;
  /** Part of the time that went to garbage collection. */
  readonly gcShare: number;
  /** Code of the script that computed for long at a time; missing where there was none. */
  readonly computing?: readonly ComputingPlace[];
}

/** Code that computed for so long at a time that others had to wait. */
export interface ComputingPlace {
  /** Empty where the function has no name. */
  readonly functionName: string;
  readonly file: string;
  /** Of the function, 1-based. */
  readonly line: number;
  /** Null where several could be meant. */
  readonly scenario: string | null;
  /** How often it was seen, in the part of the run that was looked at. */
  readonly times: number;
  readonly longestMs: number;
}

const PERIOD_MS = 1000;
/** Node's monitor sets a timer each so many ms and counts from when it was set: what exceeds this is the delay. */
const RESOLUTION_MS = 5;
const SATURATED = 0.95;

/** Measures one thread, from its own inside. */
export class HealthMonitor {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #gc = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) this.#gcMs += entry.duration;
  });
  #timer: NodeJS.Timeout | null = null;
  #start = 0;
  #startCpu: NodeJS.CpuUsage = { user: 0, system: 0 };
  #startLoop: EventLoopUtilization = performance.eventLoopUtilization();
  #lastLoop: EventLoopUtilization = this.#startLoop;
  #asked: EventLoopUtilization = this.#startLoop;
  #gcMs = 0;
  #seconds = 0;
  #saturated = 0;

  /** Begins to measure; what was before does not count. */
  start(): void {
    this.#start = performance.now();
    this.#startCpu = process.threadCpuUsage();
    this.#startLoop = performance.eventLoopUtilization();
    this.#lastLoop = this.#startLoop;
    this.#gcMs = 0;
    this.#seconds = 0;
    this.#saturated = 0;
    this.#delay.reset();
    this.#delay.enable();
    this.#gc.observe({ entryTypes: ['gc'] });
    this.#timer = setInterval(() => this.#closeSecond(), PERIOD_MS);
    this.#timer.unref();
  }

  #closeSecond(): void {
    const now = performance.eventLoopUtilization();
    this.#seconds++;
    if (performance.eventLoopUtilization(now, this.#lastLoop).utilization >= SATURATED) this.#saturated++;
    this.#lastLoop = now;
  }

  /** @returns how busy the loop was since it was last asked, 0 to 1 */
  readBusyShare(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#asked);
    this.#asked = now;
    return utilization;
  }

  read(): GeneratorHealth {
    const durationMs = performance.now() - this.#start;
    const cpu = process.threadCpuUsage(this.#startCpu);
    const busyShare = performance.eventLoopUtilization(this.#startLoop).utilization;
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    return {
      durationMs,
      delayP99Ms: this.#delay.count > 0 ? late(this.#delay.percentile(99)) : 0,
      delayMaxMs: this.#delay.count > 0 ? late(this.#delay.max) : 0,
      busyShare,
      saturatedShare: this.#seconds > 0 ? this.#saturated / this.#seconds : busyShare >= SATURATED ? 1 : 0,
      cpuShare: durationMs > 0 ? (cpu.user + cpu.system) / 1000 / durationMs : 0,
      gcShare: durationMs > 0 ? this.#gcMs / durationMs : 0,
    };
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#delay.disable();
    this.#gc.disconnect();
  }
}

/** What follows from the health of all workers. */
export interface GeneratorVerdict {
  readonly bottleneck: boolean;
  /** For the summary: what was seen, and what to do; empty when all is well. */
  readonly text: string;
}

/** A run shorter than this is all warming up: what its loop did says nothing about the results. */
const SHORTEST_MS = 3000;
/** Late by this much at the 99th percentile, latencies of a few ms mean nothing any more. */
const LATE_MS = 50;
/** A thread that is idle for less than a tenth of the time lets work wait. */
const BUSY = 0.9;
const OFTEN_SATURATED = 0.2;
const STARVED = 0.7;
const MUCH_GC = 0.25;

/**
 * Decides whether the generator held up the test.
 *
 * @param health of each worker
 * @param cores that the machine has
 */
export function judgeGenerator(health: readonly GeneratorHealth[], cores: number): GeneratorVerdict {
  const worst = health.toSorted((a, b) => b.busyShare - a.busyShare)[0];
  const latest = health.toSorted((a, b) => b.delayP99Ms - a.delayP99Ms)[0];
  if (worst === undefined || worst.durationMs < SHORTEST_MS) return { bottleneck: false, text: '' };
  const busy = worst.busyShare >= BUSY || worst.saturatedShare >= OFTEN_SATURATED;
  const late = latest.delayP99Ms >= LATE_MS;
  if (!busy && !late) return { bottleneck: false, text: '' };
  const seen: string[] = [];
  if (busy) seen.push(`its busiest thread was busy for ${percent(worst.busyShare)} of the time`);
  if (late)
    seen.push(
      `what was due waited up to ${Math.round(latest.delayMaxMs)} ms (p99 ${Math.round(latest.delayP99Ms)} ms)`,
    );
  const text = `The load generator was the bottleneck: ${seen.join(', and ')}. Part of the latencies is its own.`;
  return { bottleneck: true, text: `${text} ${advise(worst, health.length, cores)}` };
}

function advise(worst: GeneratorHealth, workers: number, cores: number): string {
  if (worst.busyShare >= BUSY && worst.cpuShare < STARVED * worst.busyShare) {
    return 'Other programs took the processor from it: run it on a machine of its own.';
  }
  if (worst.gcShare >= MUCH_GC) {
    return `Garbage collection took ${percent(worst.gcShare)} of the time: keep less data in the script, or discard response bodies.`;
  }
  if (workers < cores) return `It used ${workers} of ${cores} cores: use more with --workers, or make less load.`;
  return 'It used all cores of this machine: divide the test over more machines, or make less load.';
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
