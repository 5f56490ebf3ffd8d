// `sixfold cloud`: a server of one's own from the command line, with the habits of k6's command of that name.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { findVariable } from '../../options/environment.ts';
import type { Run, ServiceClient } from '../../service/client/index.ts';
import { addOptionFlags } from '../flags/option-flags.ts';
import { addGlobalFlags, addRuntimeFlags } from '../flags/runtime-flags.ts';
import { addNotes } from '../help-page.ts';
import { type CloudRunFlags, cloudRun, followRun, speak } from './cloud-run.ts';
import {
  addCloudFlags,
  type CloudFlags,
  findProject,
  findUrl,
  keepLogin,
  loginFile,
  openClient,
  readCloudSettings,
  readLogin,
} from './cloud-settings.ts';

const DEFAULT_LIMIT = 20;

/** Adds `sixfold cloud` with its commands to the program. */
export function registerCloud(program: Command): void {
  const cloud = program
    .command('cloud')
    .description('run tests on a server of "sixfold server": log in, run, watch, stop, schedule');
  addNotes(cloud, {
    examples: [
      ['sixfold cloud login --url https://load.example', 'once: asks for a token, which the page of the server makes'],
      ['sixfold cloud run script.js', 'packs and uploads the script, follows the run, ends with its exit code'],
      ['sixfold cloud run --local-execution script.js', 'runs here; the server keeps and shows it'],
      ['sixfold cloud runs', 'the latest runs'],
      ['sixfold cloud stop 01a2273f', 'a run by the beginning of its id'],
      ['sixfold cloud schedules add checkout "30 2 * * 1-5" --time-zone Europe/Berlin', 'every working day'],
    ],
    remark:
      'In CI no login is needed: K6_CLOUD_HOST, K6_CLOUD_TOKEN and K6_CLOUD_PROJECT_ID say the same. A script names its test and project by options.cloud.name and options.cloud.projectID.',
  });
  addLogin(cloud);
  addRun(cloud, 'run', 'upload a script and run it on the server');
  addRun(cloud, 'upload', 'upload a script as a new version of its test, and run nothing');
  addLists(cloud);
  addRunCommands(cloud);
  addSchedules(cloud);
}

function addLogin(cloud: Command): void {
  addCloudFlags(cloud.command('login').description('keep where the server is and what lets in'))
    .option('--show', 'print what is kept, without the token')
    .option('--reset', 'forget it')
    .action(async (flags: CloudFlags & { show?: boolean; reset?: boolean }) => {
      const { env } = process;
      const kept = readLogin(env);
      if (flags.reset) {
        keepLogin(env, null);
        print('the login is forgotten');
        return;
      }
      if (flags.show) {
        if (kept === null) throw new ExitError(EXIT.other, 'nobody is logged in');
        print(
          `url: ${kept.url}\nproject: ${kept.project ?? '-'}\ntoken: ${kept.token.slice(0, 10)}…\nfile: ${loginFile(env)}`,
        );
        return;
      }
      const url = findUrl(flags, env, kept);
      const token = (flags.token ?? findVariable('K6_CLOUD_TOKEN', env)?.text ?? (await askForToken(url))).trim();
      const client = openClient(url, token);
      const { person, projects } = await speak(() => client.session());
      const project = flags.project ?? (projects.length === 1 ? projects[0]!.slug : null);
      if (flags.project !== undefined) await speak(() => findProject(client, flags.project!));
      keepLogin(env, { url, token, project });
      print(`logged in at ${url} as ${person.email}${project === null ? '' : `, project ${project}`}`);
    });
}

async function askForToken(url: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(`A token of ${url} (its page makes one, under tokens): `);
  } finally {
    lines.close();
  }
}

function addRun(cloud: Command, name: 'run' | 'upload', description: string): void {
  const command = addCloudFlags(
    cloud.command(name).description(description).argument('<script>', 'a file: a script or an archive'),
  ).option('--name <test>', 'of the test; options.cloud.name or the name of the file unless given');
  if (name === 'run')
    command
      .option('--note <text>', 'what is to be remembered of the run')
      .option('--cores <number>', 'threads that make load', readCount)
      .option('--agents <number>', 'agents that make the load in place of the server', readCount)
      .option('--exit-on-running', 'ends when the run has begun')
      .option('--no-show-logs', 'shows nothing of its log')
      .option('--local-execution', 'makes the load here, and tells the server of it')
      .option('--no-cloud-logs', 'with --local-execution: its log stays here');
  addGlobalFlags(addRuntimeFlags(addOptionFlags(command)));
  command.action(async (script: string, flags: CloudRunFlags) => {
    process.exitCode = await cloudRun(command, script, { ...flags, ...(name === 'upload' && { uploadOnly: true }) });
  });
}

function addLists(cloud: Command): void {
  addCloudFlags(cloud.command('runs').description('list the latest runs of a project'))
    .option('--search <text>', 'a part of the name, the note, the reason, or who started it')
    .option('-n, --limit <number>', 'how many, up to 100', readCount, DEFAULT_LIMIT)
    .option('--json', 'print JSON, for machines')
    .action(async (flags: CloudFlags & { search?: string; limit: number; json?: boolean }) => {
      const { client, project } = readCloudSettings(flags, process.env);
      await speak(async () => {
        const { items } = await client.runs(await findProject(client, project), {
          limit: Math.min(100, flags.limit),
          ...(flags.search !== undefined && { search: flags.search }),
        });
        if (flags.json) print(JSON.stringify(items, null, 2));
        else
          printTable(
            ['run', 'began', 'test', 'by', 'p95', 'failed', 'result'],
            items.map((run) => [
              run.id,
              formatTime(run.startedAtMs),
              run.name,
              run.createdBy,
              run.headline?.p95 == null ? '' : `${run.headline.p95.toFixed(1)} ms`,
              run.headline === null || run.headline.requests === 0
                ? ''
                : `${((100 * run.headline.failed) / run.headline.requests).toFixed(1)} %`,
              run.exitCode === null || run.exitCode === 0 ? run.state : `${run.state} (${run.exitCode})`,
            ]),
          );
      });
    });
  addCloudFlags(cloud.command('tests').description('list the tests of a project'))
    .option('--json', 'print JSON, for machines')
    .action(async (flags: CloudFlags & { json?: boolean }) => {
      const { client, project } = readCloudSettings(flags, process.env);
      await speak(async () => {
        const { items } = await client.tests(await findProject(client, project), { limit: 100 });
        if (flags.json) print(JSON.stringify(items, null, 2));
        else
          printTable(
            ['test', 'version', 'changed', 'id'],
            items.map(({ name, latestVersion, changedAtMs, id }) => [
              name,
              String(latestVersion),
              formatTime(changedAtMs),
              id,
            ]),
          );
      });
    });
}

function addRunCommands(cloud: Command): void {
  const naming = 'its id, the beginning or the end of it, or last';
  addCloudFlags(cloud.command('logs').description('show the log of a run').argument('<run>', naming))
    .option('-f, --follow', 'goes on until the run is over, and ends with its exit code')
    .action(async (name: string, flags: CloudFlags & { follow?: boolean }) => {
      const { client, project } = readCloudSettings(flags, process.env);
      const { id } = await speak(() => findRun(client, project, name));
      if (flags.follow) {
        process.exitCode = await followRun(client, id, {});
        return;
      }
      let after = 0;
      await speak(async () => {
        for (;;) {
          const { lines, next } = await client.logs(id, after);
          for (const { atMs, level, message } of lines)
            print(`${new Date(atMs).toISOString()} ${level.toUpperCase()} ${message}`);
          if (lines.length === 0) return;
          after = next;
        }
      });
    });
  addCloudFlags(
    cloud
      .command('files')
      .description("list the files of a run's handleSummary, or write one")
      .argument('<run>', naming)
      .argument('[file]', 'its name: it goes to standard output'),
  )
    .option('-o, --out <file>', 'where it goes instead')
    .action(async (name: string, file: string | undefined, flags: CloudFlags & { out?: string }) => {
      if (file === undefined && flags.out !== undefined)
        throw new ExitError(EXIT.other, '--out takes the name of a file');
      const { client, project } = readCloudSettings(flags, process.env);
      await speak(async () => {
        const { id } = await findRun(client, project, name);
        if (file === undefined) {
          const files = await client.files(id);
          printTable(
            ['file', 'octets'],
            files.map((one) => [one.name, String(one.size)]),
          );
        } else writeOut(await client.file(id, file), flags.out ?? null);
      });
    });
  addCloudFlags(
    cloud.command('stop').description('end a run: teardown and the summary still come').argument('<run>', naming),
  ).action(async (name: string, flags: CloudFlags) => {
    const { client, project } = readCloudSettings(flags, process.env);
    await speak(async () => {
      const { id } = await findRun(client, project, name);
      const { message } = await client.order(id, { action: 'stop' });
      print(message === '' ? `${id} is stopping` : message);
    });
  });
}

function addSchedules(cloud: Command): void {
  const schedules = cloud.command('schedules').description('list, add and remove the schedules of a project');
  addCloudFlags(schedules.command('list', { isDefault: true }).description('list them'))
    .option('--json', 'print JSON, for machines')
    .action(async (flags: CloudFlags & { json?: boolean }) => {
      const { client, project } = readCloudSettings(flags, process.env);
      await speak(async () => {
        const { items } = await client.schedules(await findProject(client, project));
        if (flags.json) print(JSON.stringify(items, null, 2));
        else
          printTable(
            ['schedule', 'when', 'next', 'last', 'id'],
            items.map(({ name, cron, timeZone, isEnabled, nextAtMs, lastOutcome, id }) => [
              name,
              `${cron} (${timeZone})`,
              isEnabled ? formatTime(nextAtMs) : 'off',
              lastOutcome ?? '',
              id,
            ]),
          );
      });
    });
  addCloudFlags(
    schedules
      .command('add')
      .description('start a test by a cron pattern')
      .argument('<test>', 'its name')
      .argument('<cron>', "minute, hour, day, month, day of the week: '30 2 * * 1-5'"),
  )
    .option('--time-zone <name>', 'in which the pattern counts', 'UTC')
    .option('--name <name>', 'of the schedule; that of the test unless given')
    .option('--overlap <what>', 'skip or queue, where the last run is not over', 'skip')
    .action(
      async (test: string, cron: string, flags: CloudFlags & { timeZone: string; name?: string; overlap: string }) => {
        const { overlap } = flags;
        if (overlap !== 'skip' && overlap !== 'queue')
          throw new ExitError(EXIT.other, '--overlap must be skip or queue');
        const { client, project } = readCloudSettings(flags, process.env);
        await speak(async () => {
          const { items } = await client.tests(await findProject(client, project), { name: test });
          const [found] = items;
          if (found === undefined)
            throw new ExitError(EXIT.other, `there is no test "${test}": "sixfold cloud tests" lists them`);
          const made = await client.createSchedule(found.id, {
            name: flags.name ?? test,
            cron,
            timeZone: flags.timeZone,
            overlap,
          });
          print(`${made.id}: next at ${formatTime(made.nextAtMs)}`);
        });
      },
    );
  addCloudFlags(schedules.command('rm').description('remove a schedule').argument('<schedule>', 'its id')).action(
    async (id: string, flags: CloudFlags) => {
      const { client } = readCloudSettings(flags, process.env);
      await speak(() => client.removeSchedule(id));
      print(`removed ${id}`);
    },
  );
  for (const [name, isEnabled] of [
    ['on', true],
    ['off', false],
  ] as const)
    addCloudFlags(
      schedules.command(name).description(`switch a schedule ${name}`).argument('<schedule>', 'its id'),
    ).action(async (id: string, flags: CloudFlags) => {
      const { client } = readCloudSettings(flags, process.env);
      const { nextAtMs } = await speak(() => client.changeSchedule(id, { isEnabled }));
      print(isEnabled ? `${id}: next at ${formatTime(nextAtMs)}` : `${id} is off`);
    });
}

/** @throws ExitError 255 where there is none, or several */
async function findRun(client: ServiceClient, project: string | null, name: string): Promise<Run> {
  if (/^[\da-f-]{36}$/.test(name)) return client.run(name);
  const { items } = await client.runs(await findProject(client, project), { limit: 100 });
  const found =
    name === 'last' ? items.slice(0, 1) : items.filter(({ id }) => id.startsWith(name) || id.endsWith(name));
  if (found.length === 1) return found[0]!;
  throw new ExitError(
    EXIT.other,
    found.length === 0
      ? `there is no run "${name}" among the latest: "sixfold cloud runs" lists them`
      : `"${name}" may be ${found
          .slice(0, 3)
          .map(({ id }) => id)
          .join(', ')}: write more of it`,
  );
}

/** @param file null: standard output @throws ExitError 255 where it cannot be written */
function writeOut(octets: Uint8Array, file: string | null): void {
  if (file === null) {
    process.stdout.write(octets);
    return;
  }
  try {
    writeFileSync(file, octets);
  } catch (error) {
    throw new ExitError(EXIT.other, `--out: cannot write "${file}": ${(error as Error).message}`);
  }
}

function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) {
    print('There is nothing yet.');
    return;
  }
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  for (const row of [heads, ...rows])
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

function formatTime(atMs: number | null): string {
  return atMs === null ? '' : new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('it must be a whole number from 1 on');
  return Number(text);
}
