// The commands of `sixfold`. Each is loaded only when it is called, or when all are to be listed.
import { Command, CommanderError } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { suggestName } from '../options/closest-name.ts';
import { findCommand } from './command-words.ts';
import { normaliseFlags } from './flags/flag-values.ts';
import { addNotes, HELP_PAGE } from './help-page.ts';
import type { SteeringCommand } from './steer.ts';

type Register = (program: Command) => void;
/** Imports what a command needs. */
type Load = () => Promise<Register>;

/** Clients of a run's REST API. */
const steering =
  (name: SteeringCommand): Load =>
  async () => {
    const { registerSteering } = await import('./steer.ts');
    return (program) => registerSteering(program, name);
  };

/** By what they are for, in the order of the help page. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Run tests': {
    run: async () => (await import('./run.ts')).registerRun,
    demo: async () => {
      const [{ registerRun }, { registerDemo }] = await Promise.all([import('./run.ts'), import('./demo.ts')]);
      return (program) => {
        // The demo is a run: it goes through the same command.
        if (!program.commands.some((command) => command.name() === 'run')) registerRun(program);
        registerDemo(program);
      };
    },
    new: async () => (await import('./new-script.ts')).registerNew,
  },
  'Look at earlier runs': {
    runs: async () => (await import('./runs.ts')).registerRuns,
  },
  'Steer a test that runs': {
    status: steering('status'),
    stats: steering('stats'),
    pause: steering('pause'),
    resume: steering('resume'),
    scale: steering('scale'),
    stop: steering('stop'),
  },
  'Many machines': {
    agent: async () => (await import('./cluster/agent.ts')).registerAgent,
    cluster: async () => (await import('./cluster/cluster.ts')).registerCluster,
    deploy: async () => (await import('./cluster/deploy.ts')).registerDeploy,
  },
  'A service of one’s own': {
    server: async () => (await import('./service/server.ts')).registerServer,
    cloud: async () => (await import('./service/cloud.ts')).registerCloud,
  },
  'Look into scripts, pack them': {
    inspect: async () => (await import('./inspect.ts')).registerInspect,
    deps: async () => (await import('./deps.ts')).registerDeps,
    plan: async () => (await import('./plan.ts')).registerPlan,
    archive: async () => (await import('./archive.ts')).registerArchive,
  },
  'Understand what failed': {
    explain: async () => (await import('./explain.ts')).registerExplain,
    docs: async () => (await import('./docs.ts')).registerDocs,
  },
  'The program itself': {
    completion: async () => (await import('./completion/completion.ts')).registerCompletion,
    features: async () => (await import('./features.ts')).registerFeatures,
    version: async () => (await import('./version.ts')).registerVersion,
  },
};

const LOADS = new Map(Object.values(COMMANDS).flatMap((group) => Object.entries(group)));

/** What else is a command: commander's own, and a second name of `new`. */
const OTHER_NAMES = ['help', 'init'];

/** Commands of k6 that are not here: somebody will try them. */
const ABSENT = ['x'];

const BANNER =
  'Sixfold runs k6 load-test scripts, at several times the load per core, and names precisely what failed.';

/**
 * @param names of commands; all of them unless given
 * @returns the program with these commands
 */
export async function makeProgram(names: Iterable<string> = LOADS.keys()): Promise<Command> {
  const program = new Command('sixfold')
    .description(BANNER)
    .option('--version', 'prints the version')
    .helpOption('-h, --help', 'shows this page')
    .usage('[flags] [command]')
    .configureHelp(HELP_PAGE)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  addNotes(program, {
    examples: [
      ['sixfold run script.js', 'run a test'],
      ['sixfold demo', 'see it work, against a target of its own'],
      ['sixfold explain 1212', 'what does this code mean?'],
      ['sixfold run --help', 'what a command takes'],
    ],
  });
  const wanted = new Set(names);
  for (const [title, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(`${title}:`);
    for (const [name, load] of Object.entries(commands)) if (wanted.has(name)) (await load())(program);
  }
  // It takes the group of the commands that were added last.
  program.helpCommand('help [command]', 'show what a command takes');
  return program;
}

/**
 * Finds the command and runs it.
 * @param given the command line behind the program's name
 * @throws ExitError 255 for a command line that cannot be read
 */
export async function runCommandLine(given: readonly string[]): Promise<void> {
  const { command: name, words } = findCommand(given, new Set([...LOADS.keys(), ...OTHER_NAMES, ...ABSENT]));
  const isKnown = name !== null && LOADS.has(name);
  // What completes command lines has to know all commands.
  const program = await makeProgram(isKnown && name !== 'completion' ? [name] : undefined);
  if (words.length === 0) {
    program.outputHelp();
    return;
  }
  if (words[0] === 'help') {
    findNamed(program, words.slice(1)).outputHelp();
    return;
  }
  if (words[0] === '--version') {
    await program.parseAsync(['version'], { from: 'user' });
    return;
  }
  if (name !== null && ABSENT.includes(name)) {
    throw new ExitError(
      EXIT.other,
      `"${name}" is a command of k6 that is not in this version of sixfold. See "sixfold --help" for those that are.`,
    );
  }
  try {
    const command = program.commands.find((one) => one.name() === words[0]);
    await program.parseAsync(normaliseFlags(words, command?.options ?? []), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    if (error.code === 'commander.help') {
      // A command that is only there for those below it, alone.
      findNamed(program, words.slice(0, 1)).outputHelp();
      return;
    }
    const command = isKnown ? `sixfold ${name}` : 'sixfold';
    const flag = /unknown option '(--(?:debug|cpu-prof|heap-prof)[\w-]*)/.exec(error.message)?.[1];
    if (flag !== undefined) {
      throw new ExitError(
        EXIT.other,
        `${flag} is a flag of Node, not of sixfold: it goes into NODE_OPTIONS, as in NODE_OPTIONS=${flag} sixfold run script.js`,
        { cause: error },
      );
    }
    const isUnknown = /^error: unknown command/.test(error.message);
    const noScript = isUnknown && !isKnown ? `\nThere is no script of that name either.` : '';
    throw new ExitError(EXIT.other, `${error.message}${noScript}\nSee "${command} --help".`, { cause: error });
  }
}

/**
 * @param names of a command, and of one below it
 * @throws ExitError 255 where there is no such command
 */
function findNamed(program: Command, names: readonly string[]): Command {
  let found = program;
  for (const name of names) {
    // Below a command without commands, what follows are its arguments.
    if (found.commands.length === 0) break;
    if (name.startsWith('-') || name === 'help') continue;
    const next = found.commands.find((one) => one.name() === name || one.aliases().includes(name));
    if (next === undefined) {
      const known = found.commands.flatMap((one) => [one.name(), ...one.aliases()]);
      const path = found === program ? 'sixfold' : `sixfold ${found.name()}`;
      throw new ExitError(
        EXIT.other,
        `there is no command "${name}"${suggestName(name, known)}\nSee "${path} --help".`,
      );
    }
    found = next;
  }
  return found;
}
