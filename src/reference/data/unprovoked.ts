/** Why no script on a page brings something about for certain; `messages` have a sentence for each. */
export type Unprovoked =
  /** It stands for what nobody foresaw. */
  | 'unforeseen'
  /** The operating system of the load generator makes it. */
  | 'machine'
  /** The network makes it, of which the target has none. */
  | 'network'
  /** It takes a moment that a script cannot hit for certain. */
  | 'moment'
  /** No client of Sixfold fails so: the code is for what other programs throw. */
  | 'elsewhere'
  /** Servers write it into their logs, and never send it. */
  | 'logs'
  /** It comes from how the program is called. */
  | 'call'
  /** A library reports it, and nothing is sent that has it. */
  | 'local';

const CODES: Readonly<Record<number, Unprovoked>> = {
  1000: 'unforeseen',
  1001: 'unforeseen',
  1010: 'machine',
  1030: 'moment',
  1200: 'unforeseen',
  1201: 'moment',
  1202: 'network',
  1213: 'machine',
  1214: 'network',
  1215: 'network',
  1216: 'machine',
  1217: 'machine',
  1314: 'elsewhere',
  1600: 'elsewhere',
  1650: 'elsewhere',
  1651: 'elsewhere',
  1653: 'elsewhere',
  1655: 'elsewhere',
  1656: 'elsewhere',
  1658: 'elsewhere',
  1659: 'elsewhere',
  1661: 'elsewhere',
  1663: 'elsewhere',
  1664: 'elsewhere',
};

/** Why the page of a code has no script. */
export const whyNoCodeScript = (code: number): Unprovoked | null => CODES[code] ?? null;

/** Statuses that nginx, load balancers and others write into their logs, but never send. */
const ONLY_IN_LOGS: readonly number[] = [444, 460, 499];

/** Why the page of a close code has no script. */
export const whyNoCloseScript = (close: number): Unprovoked | null => (close === 1015 ? 'local' : null);

/** Exit codes that come from flags, signals, other programs and bad luck. */
const CALLS: readonly number[] = [97, 98, 103, 105, 106, 120, 255];

/** Why the page of an exit code has no script. */
export function whyNoExitScript(exit: number): Unprovoked | null {
  if (CALLS.includes(exit)) return 'call';
  return exit === 102 || exit === 109 ? 'unforeseen' : null;
}

/** Why the page of an HTTP status has no script. */
export const whyNoHttpScript = (status: number): Unprovoked | null => (ONLY_IN_LOGS.includes(status) ? 'logs' : null);
