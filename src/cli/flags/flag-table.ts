// Every flag that sets no option (those are rows of src/options/option-table.ts): flags, variables, help and reference are made of it.
import { LOG_FORMATS } from '../log/line-text.ts';
import type { FlagRow } from './flag.ts';
import { refusing } from './refusing.ts';

const TABLE = {
  // The script and what it sees
  env: {
    group: 'script',
    flag: '-e, --env <NAME=value>',
    means: 'gives the script a variable: __ENV.NAME',
    variable: null,
    isRepeatable: true,
    parse: refusing(addVariable),
  },
  envFile: {
    group: 'script',
    flag: '--env-file <file>',
    means: 'variables from a file of NAME=value lines; -e goes before them',
    variable: 'SIXFOLD_ENV_FILE',
    isRepeatable: true,
    isOwn: true,
  },
  includeSystemEnvVars: {
    group: 'script',
    flag: '--include-system-env-vars',
    means: 'gives the script the variables of the system',
    variable: 'K6_INCLUDE_SYSTEM_ENV_VARS',
    defaultText: 'only of run',
  },
  type: {
    group: 'script',
    flag: '-t, --type <type>',
    means: 'js or archive, where it cannot be told from the file',
    variable: 'K6_TYPE',
    choices: ['js', 'archive'],
  },
  compatibilityMode: {
    group: 'script',
    flag: '--compatibility-mode <mode>',
    means: 'extended or base, in which the name global is not there',
    variable: 'K6_COMPATIBILITY_MODE',
    choices: ['extended', 'base'],
    defaultText: 'extended',
  },
  secretSource: {
    group: 'script',
    flag: '--secret-source <source>',
    means:
      'where k6/secrets has them from: file=FILE, mock=KEY=VALUE or url=urlTemplate=URL, with ,name=NAME and ,default',
    variable: 'K6_SECRET_SOURCE',
    isRepeatable: true,
  },
  offline: {
    group: 'script',
    flag: '--offline',
    means: 'takes modules of the web from the cache, and fetches none',
    variable: 'SIXFOLD_OFFLINE',
    isOwn: true,
  },
  instrument: {
    group: 'script',
    flag: '--instrument <package>',
    means: 'lets a package make blocking calls that nobody foresaw',
    variable: null,
    isRepeatable: true,
    isOwn: true,
  },
  perVu: {
    group: 'script',
    flag: '--per-vu <package>',
    means: 'gives each virtual user a copy of a package',
    variable: null,
    isRepeatable: true,
    isOwn: true,
  },
  inspect: {
    group: 'script',
    flag: '--inspect [host:port]',
    means: 'lets a debugger attach to the script',
    variable: null,
    impliedText: '127.0.0.1:9229',
    isOwn: true,
  },
  inspectBrk: {
    group: 'script',
    flag: '--inspect-brk [host:port]',
    means: 'the same, waits for it and stops at the first line',
    variable: null,
    impliedText: '127.0.0.1:9229',
    isOwn: true,
  },
  // Load
  workers: {
    group: 'load',
    flag: '--workers <number>',
    means: 'threads that make load',
    variable: 'SIXFOLD_WORKERS',
    defaultText: 'one per core, or one where the test is too small to gain from more',
    isOwn: true,
    parse: refusing(parseWorkers),
  },
  // Load from many machines
  nats: {
    group: 'cluster',
    flag: '--nats <url>',
    means: 'NATS server by which agents and tests find each other, as in nats://host:4222',
    variable: 'SIXFOLD_NATS',
    isOwn: true,
  },
  natsCreds: {
    group: 'cluster',
    flag: '--nats-creds <file>',
    means: 'file with the credentials for NATS: of sixfold cluster creds, or a .creds file of nsc',
    variable: 'SIXFOLD_NATS_CREDS',
    isOwn: true,
  },
  natsCa: {
    group: 'cluster',
    flag: '--nats-ca <file>',
    means: 'certificate of who signed that of NATS, where the system does not know it',
    variable: 'SIXFOLD_NATS_CA',
    isOwn: true,
  },
  natsCert: {
    group: 'cluster',
    flag: '--nats-cert <file>',
    means: 'certificate that this side shows NATS, where it asks for one',
    variable: 'SIXFOLD_NATS_CERT',
    isOwn: true,
  },
  natsKey: {
    group: 'cluster',
    flag: '--nats-key <file>',
    means: 'key of that certificate',
    variable: 'SIXFOLD_NATS_KEY',
    isOwn: true,
  },
  sign: {
    group: 'cluster',
    flag: '--sign <file>',
    means: 'key to sign the test with, for agents that trust only some (sixfold cluster creds makes one)',
    variable: 'SIXFOLD_SIGN',
    isOwn: true,
  },
  agents: {
    group: 'cluster',
    flag: '--agents <number>',
    means: 'agents that make the load, in place of this machine',
    variable: 'SIXFOLD_AGENTS',
    isOwn: true,
  },
  agentGroup: {
    group: 'cluster',
    flag: '--agent-group <name>',
    means: 'takes agents of this group only',
    variable: 'SIXFOLD_AGENT_GROUP',
    isOwn: true,
  },
  agentLabel: {
    group: 'cluster',
    flag: '--agent-label <key=value>',
    means: 'takes agents with this label only, as sixfold agent --label gives them',
    variable: 'SIXFOLD_AGENT_LABEL',
    isRepeatable: true,
    isOwn: true,
  },
  agentShares: {
    group: 'cluster',
    flag: '--agent-shares <how>',
    means: 'how the load is divided: equal, or by the cores of each agent',
    variable: 'SIXFOLD_AGENT_SHARES',
    choices: ['equal', 'cores'],
    defaultText: 'equal',
    isOwn: true,
  },
  agentsWait: {
    group: 'cluster',
    flag: '--agents-wait <duration>',
    means: 'how long agents are waited for',
    variable: 'SIXFOLD_AGENTS_WAIT',
    defaultText: '1m',
    isOwn: true,
  },
  agentTimeout: {
    group: 'cluster',
    flag: '--agent-timeout <duration>',
    means: 'silence after which an agent counts as lost; one whose process is gone is lost at once',
    variable: 'SIXFOLD_AGENT_TIMEOUT',
    defaultText: '15s',
    isOwn: true,
  },
  natsTimeout: {
    group: 'cluster',
    flag: '--nats-timeout <duration>',
    means: 'how long NATS may be gone before the test is given up; agents stop the load earlier (--stop-without-nats)',
    variable: 'SIXFOLD_NATS_TIMEOUT',
    defaultText: '6m',
    isOwn: true,
  },
  stopWithoutNats: {
    group: 'cluster',
    flag: '--stop-without-nats <duration>',
    means: 'how long NATS may be gone before the load is stopped, which nobody else could do then',
    variable: 'SIXFOLD_STOP_WITHOUT_NATS',
    defaultText: '5m',
    isOwn: true,
  },
  stopWithoutLead: {
    group: 'cluster',
    flag: '--stop-without-lead <duration>',
    means:
      'how long nobody may lead a test before its load is stopped and torn down, and the agent waits for the next one',
    variable: 'SIXFOLD_STOP_WITHOUT_LEAD',
    defaultText: '10m',
    isOwn: true,
  },
  onAgentLoss: {
    group: 'cluster',
    flag: '--on-agent-loss <policy>',
    means: 'continue with the load of the others, stop the test, or replace the agent by a spare one (--spares)',
    variable: 'SIXFOLD_ON_AGENT_LOSS',
    choices: ['continue', 'stop', 'replace'],
    defaultText: 'continue',
    isOwn: true,
  },
  spares: {
    group: 'cluster',
    flag: '--spares <number>',
    means: 'agents beyond --agents that wait to take over the load of those that are lost',
    variable: 'SIXFOLD_SPARES',
    defaultText: '0, or 1 with --on-agent-loss replace',
    isOwn: true,
  },
  // Results
  out: {
    group: 'results',
    flag: '-o, --out <type[=argument]>',
    means: 'where samples go besides the summary: json, csv, influxdb, opentelemetry …',
    variable: 'K6_OUT',
    isRepeatable: true,
  },
  summaryMode: {
    group: 'results',
    flag: '--summary-mode <mode>',
    means: 'compact, full (by group and scenario) or disabled',
    variable: 'K6_SUMMARY_MODE',
    choices: ['compact', 'full', 'disabled'],
    defaultText: 'compact',
  },
  summaryExport: {
    group: 'results',
    flag: '--summary-export <file>',
    means: "writes the summary as JSON, in k6's old form",
    variable: 'K6_SUMMARY_EXPORT',
  },
  newMachineReadableSummary: {
    group: 'results',
    flag: '--new-machine-readable-summary',
    means: "k6's new form of the data for --summary-export and handleSummary()",
    variable: 'K6_NEW_MACHINE_READABLE_SUMMARY',
  },
  report: {
    group: 'results',
    flag: '--report <file>',
    means: 'writes a report: one HTML file that needs no network',
    variable: 'K6_WEB_DASHBOARD_EXPORT',
    isOwn: true,
  },
  baseline: {
    group: 'results',
    flag: '--baseline <runs>',
    means: 'earlier runs to compare with: last:5, pinned, none, the id of one, a report or an exported run',
    variable: 'SIXFOLD_BASELINE',
    defaultText: 'last:5 where there are three',
    isOwn: true,
  },
  failOn: {
    group: 'results',
    flag: '--fail-on <differences>',
    means: 'ends with 99 where the comparison finds such: slower, failures or slower,failures',
    variable: 'SIXFOLD_FAIL_ON',
    isOwn: true,
  },
  noHistory: {
    group: 'results',
    flag: '--no-history',
    means: 'does not keep the run among those that "sixfold runs" shows',
    variable: null,
    isOwn: true,
  },
  noThresholds: {
    group: 'results',
    flag: '--no-thresholds',
    means: 'leaves thresholds out',
    variable: 'K6_NO_THRESHOLDS',
  },
  strict: {
    group: 'results',
    flag: '--strict',
    means: 'ends with 120 where k6 ends with 0 although the test did not do its work',
    variable: 'SIXFOLD_STRICT',
    isOwn: true,
  },
  tracesOutput: {
    group: 'results',
    flag: '--traces-output <target>',
    means: 'where traces go: otel=URL, with ,proto=http and ,header.NAME=VALUE behind it as wanted; none for nowhere',
    variable: 'K6_TRACES_OUTPUT',
  },
  // Watching and steering
  web: {
    group: 'watching',
    flag: '--web [address]',
    means: 'serves a live page of the run, at localhost:5665 unless you name HOST:PORT',
    variable: 'K6_WEB_DASHBOARD',
    isOwn: true,
  },
  address: {
    group: 'watching',
    flag: '-a, --address <address>',
    means: 'where the REST API listens, as in localhost:6565; beyond this machine it needs SIXFOLD_API_TOKEN',
    variable: 'K6_ADDRESS',
  },
  linger: {
    group: 'watching',
    flag: '-l, --linger',
    means: 'keeps the REST API up after the test, until Ctrl-C',
    variable: 'K6_LINGER',
  },
  watch: {
    group: 'watching',
    flag: '--watch',
    means: 'runs the test again when the script, its imports or the files that it opens have changed',
    variable: null,
    isOwn: true,
  },
  profilingEnabled: {
    group: 'watching',
    flag: '--profiling-enabled',
    means: 'serves profiles over the REST API; not in this version yet',
    variable: 'K6_PROFILING_ENABLED',
  },
  // Log, terminal and configuration
  config: {
    group: 'program',
    flag: '-c, --config <file>',
    means: 'config file with options',
    variable: 'K6_CONFIG',
    defaultText: 'sixfold/config.json or k6/config.json where your system keeps configuration',
  },
  verbose: { group: 'program', flag: '-v, --verbose', means: 'shows what is logged for debugging', variable: null },
  quiet: { group: 'program', flag: '-q, --quiet', means: 'shows no progress', variable: null },
  noColor: {
    group: 'program',
    flag: '--no-color',
    means: 'no colours; NO_COLOR says the same',
    variable: 'K6_NO_COLOR',
  },
  logOutput: {
    group: 'program',
    flag: '--log-output <target>',
    means: 'stderr, stdout, none, file=PATH or loki=URL',
    variable: 'K6_LOG_OUTPUT',
    defaultText: 'stderr',
  },
  logFormat: {
    group: 'program',
    flag: '--log-format <format>',
    means: 'text, raw or json',
    variable: 'K6_LOG_FORMAT',
    choices: LOG_FORMATS,
    defaultText: 'text',
  },
  features: {
    group: 'program',
    flag: '--features <names>',
    means: "k6's feature flags to switch on, separated by commas",
    variable: 'K6_FEATURES',
    isRepeatable: true,
  },
  noUsageReport: {
    group: 'program',
    flag: '--no-usage-report',
    means: 'kept for compatibility: Sixfold never reports usage',
    variable: 'K6_NO_USAGE_REPORT',
  },
} as const satisfies Record<string, FlagRow>;

export type FlagKey = keyof typeof TABLE;

/** Flags whose value is one of a few words. */
export type ChoiceKey = {
  [Key in FlagKey]: (typeof TABLE)[Key] extends { choices: readonly string[] } ? Key : never;
}[FlagKey];

/** What the value of such a flag is. */
export type Choice<Key extends ChoiceKey> = (typeof TABLE)[Key]['choices'][number];

export const FLAGS: Readonly<Record<FlagKey, FlagRow>> = TABLE;

/** Variables that belong to no flag of their own. */
export const OTHER_VARIABLES: Readonly<Record<string, string>> = {
  SIXFOLD_HISTORY: 'the file that keeps the runs; off: none are kept',
  SIXFOLD_API_TOKEN: 'the token of the REST API and the live page, for the test and for whoever steers it',
  K6_WEB_DASHBOARD_HOST: 'where --web listens',
  K6_WEB_DASHBOARD_PORT: 'the port of --web; -1: no page',
  K6_WEB_DASHBOARD_OPEN: 'opens a browser with the live page',
  K6_BROWSER_EXECUTABLE_PATH: 'the browser that k6/browser starts; else Chromium or Chrome on the path',
  K6_BROWSER_WS_URL: 'browsers that run already, ws://…, between commas: k6/browser starts none',
  K6_BROWSER_HEADLESS: 'false: browsers of k6/browser have windows',
  K6_BROWSER_ARGS: 'flags for browsers of k6/browser, between commas, without dashes: no-sandbox,lang=de',
  K6_BROWSER_IGNORE_DEFAULT_ARGS: 'flags that k6/browser leaves out, between commas',
  K6_BROWSER_TIMEOUT: 'how long a browser may take to start: 30s',
  K6_BROWSER_DEBUG: 'true: what browsers say is logged, as far as --verbose shows it',
  K6_PING_MINIMUM_INTERVAL: 'how close together requests of one call of k6/x/icmp may be: 500ms unless set',
};

function addVariable(text: string, before: unknown): Record<string, string> {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
    throw new Error(`"${name}" is no name of a variable: use letters, digits and _, as in NAME=value`);
  return { ...(before as Record<string, string> | undefined), [name]: at < 0 ? '' : text.slice(at + 1) };
}

/** @throws Error */
export function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 1024)
    throw new Error('it must be a whole number from 1 to 1024');
  return workers;
}
