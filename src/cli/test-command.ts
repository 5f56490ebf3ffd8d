// A test as the command line asks for it.
import type { OptionSettings } from '../options/option-table.ts';
import type { ClusterFlags } from './cluster/cluster-flags.ts';
import type { DebuggerRequest } from './flags/debugger-flags.ts';
import type { GlobalFlags, RunFlags, RuntimeFlags } from './flags/runtime-flags.ts';

export interface TestCommand {
  /** A path, or `-` for standard input. */
  readonly script: string;
  /** Options set by flags. */
  readonly settings: OptionSettings;
  readonly global: GlobalFlags;
  readonly runtime: RuntimeFlags;
  readonly run: RunFlags;
  /** The environment of the process, and variables of files that are to count as such. */
  readonly env: NodeJS.ProcessEnv;
  /** Variables of files: the script sees them, whether it sees those of the system or not. */
  readonly variables: Readonly<Record<string, string>>;
  /** Load workers; undefined: as many as are of use. */
  readonly workers: number | undefined;
  /** A debugger that looks at the script, null for none. */
  readonly debugger: DebuggerRequest | null;
  /** Where the load is made, if not here. */
  readonly cluster: ClusterFlags | null;
  /** Files beside the script that the command line was read from. */
  readonly filesRead: readonly string[];
}
