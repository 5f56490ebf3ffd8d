// The commands of `sixfold`. Each is loaded only when it is called, or when all are to be listed.
import { Command, CommanderError } from 'commander';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { findCommand } from './command-words.ts';
import { normaliseFlags } from './flag-values.ts';

type Register = (program: Command) => void;

/** Those that are clients of a run's REST API. */
const STEERING: Readonly<Record<string, () => Promise<Register>>> = Object.fromEntries(
  (['status', 'stats', 'pause', 'resume', 'scale', 'stop'] as const).map((name) => [
    name,
    async () => {
      const { registerSteering } = await import('./steer.ts');
      return (program: Command) => registerSteering(program, name);
    },
  ]),
);

/** In the order of the help page. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  run: async () => (await import('./run.ts')).registerRun,
  demo: async () => {
    const [{ registerRun }, { registerDemo }] = await Promise.all([import('./run.ts'), import('./demo.ts')]);
    return (program) => {
      // The demo is a run: it goes through the same command.
      if (!program.commands.some((command) => command.name() === 'run')) registerRun(program);
      registerDemo(program);
    };
  },
  archive: async () => (await import('./archive.ts')).registerArchive,
  completion: async () => (await import('./completion.ts')).registerCompletion,
  deps: async () => (await import('./deps.ts')).registerDeps,
  docs: async () => (await import('./docs.ts')).registerDocs,
  explain: async () => (await import('./explain.ts')).registerExplain,
  features: async () => (await import('./features.ts')).registerFeatures,
  inspect: async () => (await import('./inspect.ts')).registerInspect,
  ...STEERING,
  new: async () => (await import('./new-script.ts')).registerNew,
  version: async () => (await import('./version.ts')).registerVersion,
};

/** What else is a command: commander's own, and a second name of `new`. */
const OTHER_NAMES = ['help', 'init'];

/** Commands of k6 that are not here: somebody will try them. */
const ABSENT = ['cloud', 'x'];

const BANNER = `Sixfold runs k6 load-test scripts, at several times the load per core, and names precisely what failed.

  sixfold run script.js        run a test
  sixfold explain 1212         what does this code mean?
  sixfold demo                 see it work, against a target of its own`;

/**
 * Finds the command and runs it.
 * @param given the command line behind the program's name
 * @throws ExitError 255 for a command line that cannot be read
 */
export async function runCommandLine(given: readonly string[]): Promise<void> {
  const { command: name, words } = findCommand(given, new Set([...Object.keys(COMMANDS), ...OTHER_NAMES, ...ABSENT]));
  const program = new Command('sixfold')
    .description(BANNER)
    .option('--version', 'print the version')
    .helpCommand('help [command]', 'show what a command does')
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  const wanted = name === null ? null : (COMMANDS[name] ?? null);
  // What completes command lines has to know all of them.
  const isAlone = wanted !== null && name !== 'completion';
  for (const load of isAlone ? [wanted] : Object.values(COMMANDS)) (await load())(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  if (words.length === 0) {
    program.outputHelp();
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
    const command = wanted ? `sixfold ${name}` : 'sixfold';
    const flag = /unknown option '(--(?:debug|cpu-prof|heap-prof)[\w-]*)/.exec(error.message)?.[1];
    if (flag !== undefined) {
      throw new ExitError(
        EXIT.other,
        `${flag} is a flag of Node, not of sixfold: it goes into NODE_OPTIONS, as in NODE_OPTIONS=${flag} sixfold run script.js`,
        { cause: error },
      );
    }
    const isUnknown = /^error: unknown command/.test(error.message);
    const noScript = isUnknown ? `\nThere is no script of that name either.` : '';
    throw new ExitError(EXIT.other, `${error.message}${noScript}\nSee "${command} --help".`, { cause: error });
  }
}
