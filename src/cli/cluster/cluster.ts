// `sixfold cluster`: what there is at a NATS server – agents, runs – and what can be done with a run that nobody leads any more.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { findRunFile, forgetRun, type RunFile, readRunFile } from '../../cluster/coordinator/run-file.ts';
import type { NatsSettings } from '../../cluster/nats-link.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { findCommand } from '../command-words.ts';
import { addFlags, FlagReader } from '../flags/flag-reader.ts';
import { normaliseFlags } from '../flags/flag-values.ts';
import { addNotes } from '../help-page.ts';
import { readTestCommand, registerRun } from '../run.ts';
import { runTest } from '../run-test.ts';
import { renderYaml } from '../yaml.ts';
import { addNatsFlags, expectNats, readNatsFlags } from './nats-flags.ts';

const ACTIONS = ['agents', 'status', 'attach', 'stop', 'rm', 'creds'] as const;

/** Flags of creds. */
interface Given {
  readonly out: string;
  readonly agent: readonly string[];
  readonly listen: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
}

/** Adds `sixfold cluster` to the program. */
export function registerCluster(program: Command): void {
  const command = program
    .command('cluster')
    .description('show the agents and runs at a NATS server, lead a run on, stop or remove one, secure the server')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[run]', 'which run, for attach, stop and rm');
  addNatsFlags(command);
  addFlags(command, 'sign')
    .option('--out <folder>', 'creds: where the files go', 'sixfold-nats')
    .option('--agent <name>', 'creds: an agent that gets a file of its own (repeatable)', append, [])
    .option('--listen <host:port>', 'creds: where the server listens', '0.0.0.0:4222')
    .option('--tls-cert <file>', 'creds: certificate of the server')
    .option('--tls-key <file>', 'creds: its key')
    .option('--tls-ca <file>', 'creds: clients have to show a certificate that this one has signed');
  addNotes(command, {
    words: ACTIONS,
    examples: [
      ['sixfold cluster agents --nats nats://host:4222', 'who would make load, and who is busy'],
      ['sixfold cluster status --nats nats://host:4222', 'runs, and whether anybody leads them'],
      ['sixfold cluster attach 3f9a1c72be', 'lead a run on whose "sixfold run" has died, on the same machine'],
      ['sixfold cluster stop 3f9a1c72be', 'end a run in order, with teardown and summary, from the same machine'],
      [
        'sixfold cluster creds --agent eu-1 --agent us-1',
        'configuration and keys for a server that lets in nobody else',
      ],
      ['sixfold cluster rm 3f9a1c72be --nats nats://host:4222', 'end a run and remove what NATS holds of it'],
    ],
    remark: 'attach shows and ends the run as "sixfold run" would have: same flags, same outcome, same exit code.',
  });
  command.action(async (action: string, run: string | undefined, given: Given) => {
    const flags = new FlagReader(command, process.env);
    switch (action) {
      case 'agents':
        process.stdout.write(await showAgents(expectNats(flags)));
        return;
      case 'status':
        process.stdout.write(await showRuns(expectNats(flags)));
        return;
      case 'attach':
        process.exitCode = await attach(readRunFile(expectRun(action, run), process.env));
        return;
      case 'stop': {
        const file = readRunFile(expectRun(action, run), process.env);
        const { stopRun } = await import('../../cluster/coordinator/list-runs.ts');
        await stopRun(readNatsFlags(flags) ?? file.nats, file.run, file.key);
        return;
      }
      case 'rm':
        await remove(expectNats(flags), expectRun(action, run), flags.text('sign'));
        return;
      case 'creds': {
        const { writeCreds } = await import('./creds.ts');
        const { tlsCert = null, tlsKey = null, tlsCa = null } = given;
        const wish = { folder: given.out, agents: given.agent, listen: given.listen, tlsCert, tlsKey, tlsCa };
        process.stdout.write(await writeCreds(wish));
        return;
      }
      default:
        throw new ExitError(EXIT.other, `there is no "sixfold cluster ${action}": it is one of ${ACTIONS.join(', ')}`);
    }
  });
}

function append(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** @throws ExitError 255 where none is named */
function expectRun(action: string, run: string | undefined): string {
  if (run !== undefined) return run;
  throw new ExitError(EXIT.other, `say which run: sixfold cluster ${action} RUN; "sixfold cluster status" lists them`);
}

async function showAgents(nats: NatsSettings): Promise<string> {
  const { listAgents } = await import('../../cluster/coordinator/list-runs.ts');
  const agents = await listAgents(nats);
  if (agents.length === 0) return 'there are no agents: start some with "sixfold agent"\n';
  return renderYaml(
    agents.map(({ name, version, cores, memory, group, labels, busy }) => ({
      name,
      version,
      group,
      cores,
      memory: `${Math.round(memory / 1024 ** 3)} GB`,
      ...(Object.keys(labels).length > 0 && { labels }),
      run: busy ?? 'none',
    })),
  );
}

async function showRuns(nats: NatsSettings): Promise<string> {
  const { listRuns } = await import('../../cluster/coordinator/list-runs.ts');
  const runs = await listRuns(nats);
  return runs.length === 0 ? 'there are no runs\n' : renderYaml(runs);
}

/** Leads a run on, as its command line says. */
async function attach(file: RunFile): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-attach-'));
  const archive = path.join(folder, 'script.tar');
  // Made by whoever takes over, once it has the archive; what is looked at before has to be there.
  writeFileSync(archive, '');
  for (const [name, value] of Object.entries(file.variables)) process.env[name] ??= value;
  process.chdir(file.folder);
  const program = new Command('sixfold').exitOverride();
  registerRun(program);
  const run = program.commands[0]!;
  const outcome = Promise.withResolvers<number>();
  run.action(() => {
    const command = readTestCommand(run, archive);
    const takeOver = { run: file.run, key: file.key };
    outcome.resolve(runTest({ ...command, cluster: command.cluster && { ...command.cluster, takeOver } }));
  });
  try {
    const { words } = findCommand(file.words, new Set(['run']));
    await program.parseAsync(normaliseFlags(words, run.options), { from: 'user' });
    return await outcome.promise;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param sign file with the key that the run was signed with; null: that of the machine that began it, if this is it */
async function remove(nats: NatsSettings, run: string, sign: string | null): Promise<void> {
  const [{ endRun }, { readSigner }] = await Promise.all([
    import('../../cluster/coordinator/list-runs.ts'),
    import('../../cluster/signing.ts'),
  ]);
  // Where this machine does not have it, agents find out by themselves.
  const kept = findRunFile(run, process.env);
  const signedWith = sign ?? kept?.sign ?? null;
  await endRun(nats, run, kept?.key ?? null, signedWith === null ? null : readSigner(signedWith));
  forgetRun(run, process.env);
}
