// `sixfold deploy`: what machines that make load are started from – objects of Kubernetes, a Helm chart, a service of systemd.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { AgentPlan } from '../../cluster/deploy/agent-plan.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { makeFolder } from '../../node/make-folder.ts';
import { VERSION } from '../../options/package-version.ts';
import { isArchive } from '../../script/archive/archive.ts';
import { addNotes } from '../help-page.ts';
import { renderYaml } from '../yaml.ts';
import { checkNatsAddress } from './nats-flags.ts';

const TARGETS = ['kubernetes', 'helm', 'systemd'] as const;
/** A ConfigMap takes no more octets. */
const MOST_ARCHIVE = 700_000;
const DEFAULT_MEMORY_MB = 512;

interface Given {
  readonly agents: number;
  readonly nats?: string;
  readonly withNats?: boolean;
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly secret?: string;
  readonly leadSecret?: string;
  readonly trust?: string;
  readonly group: string;
  readonly cpu: number;
  readonly memory?: number;
  readonly stay?: boolean;
  readonly lead?: boolean;
  readonly out?: string;
  readonly program: string;
}

/** Adds `sixfold deploy` to the program. */
export function registerDeploy(program: Command): void {
  const command = program
    .command('deploy')
    .description('write what agents are started from: objects of Kubernetes, a Helm chart, a service of systemd')
    .argument('<target>', TARGETS.join(', '))
    .argument('[script]', 'the test, which says how much memory each agent needs')
    .option('--agents <number>', 'how many', readWhole, 8)
    .option('--nats <url>', 'where they find NATS')
    .option('--with-nats', 'kubernetes: also a NATS server of their own, which lets in whoever reaches it')
    .option('--name <name>', 'what all of it is called', 'sixfold-agents')
    .option('--namespace <name>', 'kubernetes: where it goes', 'default')
    .option('--image <image>', 'image of Sixfold, as its Dockerfile makes it', `sixfold:${VERSION}`)
    .option('--secret <name>', 'secret with agents.nk of "sixfold cluster creds"')
    .option('--trust <key>', 'public key that tests have to be signed with')
    .option('--group <name>', 'group that tests may ask for', 'default')
    .option('--cpu <cores>', 'cores of each', readAmount, 2)
    .option('--memory <MB>', 'memory of each; by the script unless given', readWhole)
    .option('--stay', 'they wait for test after test, rather than end with the first')
    .option('--lead', 'kubernetes: also a job that leads the test, which is an archive (sixfold archive)')
    .option('--lead-secret <name>', 'secret with lead.nk and sign.key, for --lead')
    .option('--program <file>', 'systemd: where the command is on the machine', '/usr/bin/sixfold')
    .option('-o, --out <folder>', 'helm: where the chart goes', 'sixfold-agents');
  addNotes(command, {
    words: TARGETS,
    examples: [
      [
        'sixfold deploy kubernetes script.js --agents 100 --nats nats://nats:4222 | kubectl apply -f -',
        'agents for one test',
      ],
      [
        'sixfold deploy kubernetes archive.tar --agents 8 --with-nats --lead | kubectl apply -f -',
        'all of a test: NATS, agents, who leads',
      ],
      ['sixfold deploy helm --nats nats://nats:4222 && helm install load sixfold-agents', 'the same as a chart'],
      ['sixfold deploy systemd --nats nats://host:4222 > /etc/systemd/system/sixfold-agent.service', 'a machine'],
    ],
    remark: 'An agent asks for 150 MB and 25 kB for each virtual user of its share. See docs/kubernetes.md.',
  });
  command.action(async (target: string, script: string | undefined, given: Given) => {
    const plan = await planOf(script, given);
    switch (target) {
      case 'kubernetes':
        process.stdout.write(await renderKubernetes(plan, script, given));
        return;
      case 'helm':
        await writeChart(plan, given.out ?? 'sixfold-agents');
        return;
      case 'systemd': {
        const { systemdUnit } = await import('../../cluster/deploy/systemd.ts');
        process.stdout.write(systemdUnit(plan, given.program));
        return;
      }
      default:
        throw new ExitError(EXIT.other, `there is no "sixfold deploy ${target}": it is one of ${TARGETS.join(', ')}`);
    }
  });
}

/** @throws ExitError 255 for names that Kubernetes does not take */
async function planOf(script: string | undefined, given: Given): Promise<AgentPlan> {
  const { agents, name, namespace, image, group, secret = null, trust = null, cpu, stay } = given;
  for (const [flag, text] of Object.entries({ name, namespace, ...(secret !== null && { secret }) }))
    if (!/^[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?$/.test(text))
      throw new ExitError(
        EXIT.other,
        `--${flag} ${text}: Kubernetes takes small letters, digits and -, 52 at the most`,
      );
  if (given.nats !== undefined) checkNatsAddress(given.nats);
  const nats = given.nats ?? (given.withNats ? 'nats://nats:4222' : null);
  if (nats === null)
    throw new ExitError(
      EXIT.other,
      'say where agents find NATS: --nats nats://host:4222, or --with-nats for one of their own',
    );
  return {
    ...{ name, namespace, image, agents, nats, secret, trust, group },
    cpus: cpu,
    memoryMb: given.memory ?? (script === undefined ? DEFAULT_MEMORY_MB : await memoryOf(script, agents)),
    stays: stay === true,
  };
}

/** @returns MB */
async function memoryOf(script: string, agents: number): Promise<number> {
  const [{ memoryFor }, { readRequirements }] = await Promise.all([
    import('../../cluster/deploy/agent-plan.ts'),
    import('../script-requirements.ts'),
  ]);
  const { maxVus } = await readRequirements(script, {}, {});
  return memoryFor(maxVus, agents);
}

async function renderKubernetes(plan: AgentPlan, script: string | undefined, given: Given): Promise<string> {
  const { kubernetesManifests, leadManifests, natsManifests } = await import('../../cluster/deploy/kubernetes.ts');
  const manifests = [
    ...(given.withNats ? natsManifests(plan) : []),
    ...kubernetesManifests(plan),
    ...(given.lead ? leadManifests(plan, { archive: readArchive(script), secret: given.leadSecret ?? null }) : []),
  ];
  return manifests.map((manifest) => `---\n${renderYaml(manifest)}`).join('');
}

/** @throws ExitError 255 for what is no archive, and one that is too large */
function readArchive(script: string | undefined): Buffer {
  if (script === undefined)
    throw new ExitError(EXIT.other, '--lead needs the test: sixfold deploy kubernetes archive.tar --lead');
  const octets = readFileSync(script);
  if (!isArchive(octets))
    throw new ExitError(
      EXIT.other,
      `--lead takes an archive, and ${script} is none: pack it with "sixfold archive ${script}"`,
    );
  if (octets.length > MOST_ARCHIVE)
    throw new ExitError(
      EXIT.other,
      `the archive ${script} has ${Math.round(octets.length / 1000)} kB, and a ConfigMap takes ${MOST_ARCHIVE / 1000}: lead the test from a machine that reaches NATS, with "sixfold run --agents"`,
    );
  return octets;
}

async function writeChart(plan: AgentPlan, folder: string): Promise<void> {
  const { helmChart } = await import('../../cluster/deploy/helm-chart.ts');
  for (const [name, text] of Object.entries(helmChart(plan, VERSION, renderYaml))) {
    const file = path.join(folder, name);
    makeFolder(path.dirname(file));
    writeFileSync(file, text);
    process.stdout.write(`wrote ${file}\n`);
  }
}

function readWhole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('it must be a whole number from 1 on');
  return number;
}

function readAmount(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 1024)) throw new InvalidArgumentError('it must be a number above 0');
  return number;
}
