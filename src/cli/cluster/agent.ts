// `sixfold agent`: makes load for runs that are led from elsewhere.
import { type Command, InvalidArgumentError } from 'commander';
import type { Agent } from '../../cluster/agent/agent.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { readDuration } from '../flags/duration-flags.ts';
import { addFlags, FlagReader } from '../flags/flag-reader.ts';
import { addNotes } from '../help-page.ts';
import { addNatsFlags, expectNats } from './nats-flags.ts';

const UNREACHABLE_MS = 5 * 60_000;
const ORPHAN_MS = 10 * 60_000;

interface Given {
  readonly name?: string;
  readonly group: string;
  readonly label: Readonly<Record<string, string>>;
  readonly trust: readonly string[];
  readonly once?: boolean;
}

/** Adds `sixfold agent` to the program. */
export function registerAgent(program: Command): void {
  const command = program
    .command('agent')
    .description('make load on this machine for tests that "sixfold run --nats" leads');
  addFlags(addNatsFlags(command), 'stopWithoutNats', 'stopWithoutLead');
  command
    .option('--name <name>', 'how people call it; the name of the machine unless given')
    .option('--group <name>', 'group that tests may ask for', 'default')
    .option('--label <key=value>', 'what is shown of it beside its name (repeatable)', readLabel, {})
    .option(
      '--trust <key>',
      'runs only tests that are signed with this key, or one of this file (repeatable)',
      append,
      [],
    )
    .option('--once', 'ends after one run');
  addNotes(command, {
    examples: [
      ['sixfold agent --nats nats://host:4222', 'waits for tests, one after the other'],
      ['sixfold agent --nats nats://host:4222 --group eu --once', 'takes part in one test that asks for the group eu'],
    ],
    remark:
      'At SIGTERM or Ctrl-C it takes no more tests and ends with the one in progress; at the second it ends at once.',
  });
  command.action(async (given: Given) => {
    const flags = new FlagReader(command, process.env);
    const nats = expectNats(flags);
    const [{ startAgent }, { readTrusted }] = await Promise.all([
      import('../../cluster/agent/agent.ts'),
      import('../../cluster/signing.ts'),
    ]);
    const log = (text: string): void => console.error(`${new Date().toISOString()} ${text}`);
    const agent = await startAgent({
      nats,
      name: given.name ?? null,
      group: given.group,
      labels: given.label,
      trusted: given.trust.flatMap(readTrusted),
      once: given.once === true,
      unreachableMs: readDuration(flags, 'stopWithoutNats', UNREACHABLE_MS),
      orphanMs: readDuration(flags, 'stopWithoutLead', ORPHAN_MS),
      skewMs: readSkew(process.env[SKEW]),
      log,
    });
    log(`agent ${agent.name} waits for runs at ${nats.url}`);
    listenForSignals(agent, log);
    await agent.ended;
    // Threads of a run that was given up may still be busy.
    process.exit(EXIT.ok);
  });
}

/** For tests of clocks that are wrong: how much later than it is the agent takes it to be, in ms. */
const SKEW = 'SIXFOLD_AGENT_CLOCK_SKEW';

/** @throws ExitError 255 for what is no number */
function readSkew(text: string | undefined): number {
  const skewMs = Number(text ?? 0);
  if (!Number.isFinite(skewMs)) throw new ExitError(EXIT.other, `${SKEW} must be a number of ms, not "${text}"`);
  return skewMs;
}

function listenForSignals(agent: Agent, log: (text: string) => void): void {
  let isEnding = false;
  const onSignal = (): void => {
    log(isEnding ? 'ends at once' : 'takes no more runs, and ends with the one in progress');
    void agent.drain(isEnding);
    isEnding = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
}

function append(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function readLabel(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('it has the form key=value');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
