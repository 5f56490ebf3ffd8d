// What a run is asked to do. Plain data and paths: where it comes from – flags, a call of the library, a service – does not matter.
import type { ThreadSettings } from '../execution/control-plane/thread-host.ts';
import type { LoadHosts, LossPolicy } from '../execution/load-host.ts';
import type { SecretStore } from '../execution/secrets/secret-store.ts';
import type { OptionSettings } from '../options/option-table.ts';
import type { AgentRecord } from '../report/agent-record.ts';
import type { LoadOptions } from '../script/load/load-script.ts';
import type { RemoteModules } from '../script/load/remote/remote-modules.ts';
import type { TargetSettings } from '../wire/net/target-rules.ts';
import type { OpenScript } from './open-script.ts';

export interface RunRequest {
  /** A path of a script or an archive, or `-` for standard input. */
  readonly script: string;
  /** The script's text, in place of standard input where `script` is `-`. */
  readonly source?: string;
  /** What it is; null: seen by what the file holds. */
  readonly type?: 'js' | 'archive' | null;
  /** Options that go before those of all other sources. */
  readonly settings?: OptionSettings;
  /** Who gave those, as messages name it; unless given the command line, whose flags are named one by one. */
  readonly caller?: string;
  /** `K6_…` variables that set options. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The environment of the process, where programs may be run for the script (browsers, ping); missing: they may not. */
  readonly programs?: Readonly<Record<string, string | undefined>>;
  /** `__ENV`; an archive's own variables lie below. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The config file's JSON; undefined for none. */
  readonly configFile?: Readonly<Record<string, unknown>> | undefined;
  /** k6's feature flags to switch on; null: the config file may say. */
  readonly features?: readonly string[] | null;
  readonly noThresholds?: boolean;
  /** Whether spans of traces go somewhere. */
  readonly recordsSpans?: boolean;
  /** How the script is compiled; with `offline` its modules of the web come from the cache only. */
  readonly compile?: Omit<LoadOptions, 'remote'> & { readonly offline?: boolean };
  /** Threads that make load; missing: one per core, or one where the test is too small to gain from more. */
  readonly workers?: number;
  /** Where the load is made; missing: on threads of this process. */
  readonly load?: (settings: ThreadSettings, script: OpenScript, remote: RemoteModules) => LoadHosts;
  /** The machines that make it, at the moment; missing: this one does. */
  readonly agents?: () => readonly AgentRecord[];
  /** What to do when one of several machines is lost; missing: go on. */
  readonly onLoss?: LossPolicy;
  /** Keeps metrics per scenario and group too, for the full summary. */
  readonly sections?: boolean;
  /** What the script may ask for, and no part of the run shows; nothing unless given. */
  readonly secrets?: SecretStore;
  /** Whether the result is to have the script's text. */
  readonly keepsScriptText?: boolean;
  /** Where to write the keys of TLS connections, an absolute path. */
  readonly keyLogFile?: string | null;
  /** Whether somebody outside has the commands of the run: scenarios that wait for orders need that. */
  readonly isControlled?: boolean;
  /** Whether a test that did not do what it was there for has an exit code of its own. */
  readonly strict?: boolean;
  /** Where the script may connect to: no option of it changes that. Missing: there are no such rules. */
  readonly targets?: TargetSettings;
  /** What was set and has no effect, a sentence each. */
  readonly ineffective?: readonly string[];
}
