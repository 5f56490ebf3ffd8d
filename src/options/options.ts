// The consolidated options of a run as virtual users and modules see them: every default filled in, plain JSON data.
import type { ProxySettings } from '../wire/net/proxy-rules.ts';
import { OPTION_KEYS, OPTION_ROWS, type OptionSettings, type ResolvedOptions } from './option-table.ts';

/**
 * The options of the table, and what follows from several of them. Structured-cloneable, so it goes to load workers as it is.
 * Scenarios are not here: see scenario-config.ts.
 */
export interface Options extends ResolvedOptions {
  /** Whether the user set `maxRedirects`: reaching the built-in limit is warned about, a chosen one is not. */
  readonly maxRedirectsSet: boolean;
  /** Whether somebody wants the spans of traces: then there are traces, whatever the option `tracing` says. */
  readonly recordsSpans: boolean;
  /** Which proxies connections go through. */
  readonly proxies: ProxySettings;
  /**
   * The options as scripts see them in `exec.test.options` (and `inspect` prints without its nulls): k6's keys, null for
   * what nobody set, durations as text, shortcuts turned into scenarios.
   */
  readonly shown: Readonly<Record<string, unknown>>;
}

/** @returns every option of the table under its resolved name, with its default where nothing was set */
export function resolveSettings(settings: OptionSettings): ResolvedOptions {
  const out: Record<string, unknown> = {};
  for (const key of OPTION_KEYS) {
    const row = OPTION_ROWS[key];
    if (row.as === null) continue;
    const setting = settings[key];
    out[row.as || key] = setting === undefined ? row.default : row.resolve(setting);
  }
  return out as unknown as ResolvedOptions;
}

/** The options before any source set one, which is also what init code sees: the script may yet export some. */
export const INIT_OPTIONS: Options = {
  ...resolveSettings({}),
  maxRedirectsSet: false,
  recordsSpans: false,
  proxies: { all: null, http: '', https: '', noProxy: '' },
  shown: {},
};
