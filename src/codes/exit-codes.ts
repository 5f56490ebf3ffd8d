/** How a run of Sixfold or k6 ended, as the exit code of its process. */
export interface ExitCodeEntry {
  readonly exit: number;
  /** Lower case with underscores: `thresholds_failed`. */
  readonly name: string;
  readonly meaning: string;
  readonly look: string;
}

/** Rows: exit code, name, meaning, what to look at first. */
const ROWS = [
  [
    0,
    'ok',
    'The test ran, and all thresholds held.',
    'The first lines of the summary: a test that did nothing ends with 0 as well, unless `--strict` is set.',
  ],
  [
    97,
    'cloud_failed',
    'A run of the service ended without an exit code of its own.',
    'The run on the server: its page says what became of it.',
  ],
  [
    98,
    'cloud_unreachable',
    'The service has not answered for a minute; the run may go on there.',
    'Whether the server runs and can be reached; the page of the run, once it can.',
  ],
  [99, 'thresholds_failed', 'A threshold was crossed.', 'The thresholds in the summary: those crossed are marked.'],
  [100, 'setup_timeout', '`setup()` took longer than `setupTimeout`.', 'What `setup()` waits for; 60 s by default.'],
  [
    101,
    'teardown_timeout',
    '`teardown()` took longer than `teardownTimeout`.',
    'What `teardown()` waits for; 60 s by default.',
  ],
  [102, 'generic_timeout', 'Something else took longer than it may.', 'The error message: it names what.'],
  [103, 'stopped_over_api', 'The test was stopped over the REST API.', 'Who called `sixfold stop`, or the API.'],
  [
    104,
    'invalid_config',
    'Options make no sense: in the script, the config file, a variable or a flag.',
    'The error message: it names the option and what it should be.',
  ],
  [105, 'interrupted', 'Ctrl-C, or SIGTERM.', 'Who sent the signal: in a pipeline its time limit.'],
  [
    106,
    'api_unavailable',
    'The address of the REST API could not be had.',
    'Another run on the same machine: `--address` takes another port.',
  ],
  [
    107,
    'script_exception',
    'The script cannot be used, or `setup()` or `teardown()` threw.',
    'The error message: file, line and column.',
  ],
  [108, 'script_aborted', 'The script called `exec.test.abort()`.', 'The text that it gave.'],
  [109, 'internal_error', 'An error of Sixfold itself.', 'The message and the stack below it; please report them.'],
  [110, 'marked_failed', 'The script called `exec.test.fail()`.', 'The text that it gave.'],
  [
    120,
    'work_not_done',
    'With `--strict`: the test did not do what it was there for.',
    'The lines at the top of the summary that begin with `!`.',
  ],
  [
    255,
    'other',
    'Whatever has no code of its own: a command line that cannot be read, a file that is not there.',
    'The error message.',
  ],
] as const satisfies readonly (readonly [number, string, string, string])[];

/** An exit code that has a meaning. */
export type ExitNumber = (typeof ROWS)[number][0];

/** All exit codes, ascending. The numbers are those of k6, but for 120. */
export const EXIT_CODES: readonly (ExitCodeEntry & { readonly exit: ExitNumber })[] = ROWS.map(
  ([exit, name, meaning, look]) => Object.freeze({ exit, name, meaning, look }),
);

/** The exit code of a number or name. */
export function findExitCode(which: number | string): ExitCodeEntry | undefined {
  if (typeof which === 'number') return EXIT_CODES.find((row) => row.exit === which);
  const wanted = which
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return EXIT_CODES.find((row) => row.name === wanted);
}
