// The flags of `run`, `archive` and `inspect` that set options (docs/reference/options.md), read as strictly as k6 reads them.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseGoDuration } from '../options/duration.ts';
import { parseDnsText, parseLocalAddresses } from '../options/network-options.ts';
import { checkTrendStat, OPTION_FIELDS, parseInteger, parseStages, splitList } from '../options/option-fields.ts';
import type { OptionKey, OptionSettings } from '../options/option-settings.ts';
import { parseSegment, parseSegmentSequence } from '../options/segment.ts';
import { switchedOff } from './flag-values.ts';

/** One flag: `parse` gets the text and, for a flag that may be repeated, what came before it. */
interface OptionFlag {
  readonly flags: string;
  readonly description: string;
  readonly key: OptionKey;
  readonly parse?: (text: string, before: unknown) => unknown;
}

/** Adds to what the same flag gave before. */
function collect<T>(read: (text: string) => readonly T[]): (text: string, before: unknown) => unknown {
  return (text, before) => [...((before as T[] | undefined) ?? []), ...read(text)];
}

function checkedText(check: (text: string) => unknown): (text: string) => string {
  return (text) => {
    check(text);
    return text;
  };
}

function addTag(text: string, before: unknown): Record<string, string> {
  const at = text.indexOf('=');
  if (text === '') throw new Error('a tag must have the form name=value');
  if (at < 1 || at === text.length - 1) throw new Error(`the tag "${text}" must have a name and a value: name=value`);
  return { ...(before as Record<string, string> | undefined), [text.slice(0, at)]: text.slice(at + 1) };
}

function readStageFlag(text: string): ReturnType<typeof parseStages> {
  const stages = parseStages(text);
  if (stages.some(({ duration }) => duration === null))
    throw new Error(`"${text}" has a stage without a duration: write duration:target, such as 30s:10`);
  return stages;
}

function readTrendStats(text: string): string[] {
  const stats = splitList(text);
  stats.forEach(checkTrendStat);
  return stats;
}

const OPTION_FLAGS: readonly OptionFlag[] = [
  { flags: '-u, --vus <number>', description: 'number of virtual users (default 1)', key: 'vus', parse: parseInteger },
  {
    flags: '-d, --duration <duration>',
    description: 'how long the test runs, such as 30s or 5m',
    key: 'duration',
    parse: parseGoDuration,
  },
  {
    flags: '-i, --iterations <number>',
    description: 'iterations over all virtual users',
    key: 'iterations',
    parse: parseInteger,
  },
  {
    flags: '-s, --stage <duration:target>',
    description:
      'adds a stage that ramps to a number of virtual users, such as 30s:100 (repeatable, or a comma-separated list)',
    key: 'stages',
    parse: collect(readStageFlag),
  },
  {
    flags: '--execution-segment <from:to>',
    description: 'runs only a part of the test, such as 0:1/3 or 25%',
    key: 'executionSegment',
    parse: checkedText(parseSegment),
  },
  {
    flags: '--execution-segment-sequence <points>',
    description: 'how the whole test is divided, such as 0,1/3,2/3,1',
    key: 'executionSegmentSequence',
    parse: checkedText(parseSegmentSequence),
  },
  {
    flags: '-p, --paused',
    description: 'starts paused (refused in this version: nothing could resume the test)',
    key: 'paused',
  },
  { flags: '--no-setup', description: "doesn't run setup()", key: 'noSetup' },
  { flags: '--no-teardown', description: "doesn't run teardown()", key: 'noTeardown' },
  {
    flags: '--max-redirects <number>',
    description: 'redirects that are followed (default 10)',
    key: 'maxRedirects',
    parse: parseInteger,
  },
  {
    flags: '--max-response-bytes <number>',
    description: 'memory for response bodies in progress, unpacked (default 1000000000)',
    key: 'maxResponseBytes',
    parse: parseInteger,
  },
  {
    flags: '--batch <number>',
    description: 'requests of a batch in parallel (default 20)',
    key: 'batch',
    parse: parseInteger,
  },
  {
    flags: '--batch-per-host <number>',
    description: 'requests of a batch in parallel to one host (default 6)',
    key: 'batchPerHost',
    parse: parseInteger,
  },
  {
    flags: '--rps <number>',
    description: 'limit of HTTP requests per second (0: none)',
    key: 'rps',
    parse: parseInteger,
  },
  {
    flags: '--user-agent <text>',
    description: 'User-Agent header of HTTP requests',
    key: 'userAgent',
    parse: (text) => text,
  },
  {
    flags: '--http-debug [mode]',
    description: 'logs all HTTP requests and responses; =full logs their bodies too',
    key: 'httpDebug',
    parse: (text) => text,
  },
  {
    flags: '--insecure-skip-tls-verify',
    description: "doesn't verify certificates of servers",
    key: 'insecureSkipTLSVerify',
  },
  { flags: '--no-connection-reuse', description: 'a new connection for every request', key: 'noConnectionReuse' },
  { flags: '--no-vu-connection-reuse', description: 'new connections for every iteration', key: 'noVUConnectionReuse' },
  {
    flags: '--min-iteration-duration <duration>',
    description: 'iterations that are shorter wait until then',
    key: 'minIterationDuration',
    parse: parseGoDuration,
  },
  { flags: '-w, --throw', description: 'failed requests throw exceptions', key: 'throw' },
  {
    flags: '--blacklist-ip <block>',
    description: 'addresses that must not be contacted, such as 10.0.0.0/8 (repeatable)',
    key: 'blacklistIPs',
    parse: collect((text) => OPTION_FIELDS.blacklistIPs.fromText(text)),
  },
  {
    flags: '--block-hostnames <pattern>',
    description: 'host names that must not be contacted, such as *.example.com (repeatable)',
    key: 'blockHostnames',
    parse: collect((text) => OPTION_FIELDS.blockHostnames.fromText(text)),
  },
  {
    flags: '--summary-trend-stats <stats>',
    description: 'numbers that the summary shows of trends (default avg,min,med,max,p(90),p(95))',
    key: 'summaryTrendStats',
    parse: collect(readTrendStats),
  },
  {
    flags: '--summary-time-unit <unit>',
    description: 'unit of all times in the summary: s, ms or us',
    key: 'summaryTimeUnit',
    parse: checkedText((text) => {
      if (!['', 's', 'ms', 'us'].includes(text)) throw new Error(`"${text}" is none of s, ms and us`);
    }),
  },
  {
    flags: '--system-tags <tags>',
    description: 'tags that are put on samples by themselves (comma-separated list)',
    key: 'systemTags',
    parse: collect((text) => OPTION_FIELDS.systemTags.fromText(text)),
  },
  { flags: '--tag <name=value>', description: 'adds a tag to all samples (repeatable)', key: 'tags', parse: addTag },
  {
    flags: '--console-output <file>',
    description: 'writes what the script logs with console to a file',
    key: 'consoleOutput',
    parse: (text) => text,
  },
  {
    flags: '--discard-response-bodies',
    description: 'reads response bodies, but does not keep them',
    key: 'discardResponseBodies',
  },
  {
    flags: '--local-ips <list>',
    description: 'addresses, ranges and blocks that virtual users connect from, in turn',
    key: 'localIPs',
    parse: checkedText(parseLocalAddresses),
  },
  {
    flags: '--http-proxy <url>',
    description: "goes through this proxy, whatever HTTP_PROXY and HTTPS_PROXY say; '' goes through none",
    key: 'httpProxy',
    // What cannot be read is told later: the parser of flags would show it with its password.
    parse: (text) => text.trim(),
  },
  {
    flags: '--dns <options>',
    description: 'how names are resolved (default ttl=5m,select=random,policy=preferIPv4)',
    key: 'dns',
    parse: parseDnsText,
  },
];

/** Makes a bad value an error that commander reports with the flag's name. */
export function refusing(
  parse: (text: string, before: unknown) => unknown,
): (text: string, before: unknown) => unknown {
  return (text, before) => {
    try {
      return parse(text, before);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

/** Adds the flags that set options. */
export function addOptionFlags(command: Command): Command {
  for (const { flags, description, parse } of OPTION_FLAGS) {
    const option = new Option(flags, description);
    command.addOption(parse ? option.argParser(refusing(parse)) : option);
  }
  return command;
}

/** @returns the options that were given on the command line, and no others */
export function readOptionFlags(command: Command): OptionSettings {
  const settings: Record<string, unknown> = {};
  for (const { flags, key } of OPTION_FLAGS) {
    const attribute = new Option(flags).attributeName();
    if (command.getOptionValueSource(attribute) !== 'cli') continue;
    const value: unknown = command.getOptionValue(attribute);
    // `--no-setup` reaches us as setup: false.
    settings[key] = value === false ? true : value;
  }
  for (const flag of switchedOff(command)) {
    const option = OPTION_FLAGS.find(({ flags }) => new Option(flags).long === `--${flag}`);
    if (option) settings[option.key] = false;
  }
  return settings as OptionSettings;
}
