// The same agents as a Helm chart: the objects as templates whose places are filled from values.yaml. Only what the language of Go's
// templates has by itself is used, and nothing of Sprig.
import type { AgentPlan } from './agent-plan.ts';
import { memoryLimit } from './agent-plan.ts';
import { kubernetesManifests, type Manifest } from './kubernetes.ts';

/** What a chart may be given, with what it has unless it is. */
export interface ChartValues {
  readonly image: string;
  readonly agents: number;
  readonly nats: string;
  readonly secret: string;
  readonly trust: string;
  readonly group: string;
  readonly stays: boolean;
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

/** A text that stands in an object where a template is to come. */
const PLACES: Readonly<Record<string, string>> = {
  '%name%': '{{ printf "%q" .Release.Name }}',
  '%namespace%': '{{ printf "%q" .Release.Namespace }}',
  '%image%': '{{ printf "%q" .Values.image }}',
  '%nats%': '{{ printf "%q" .Values.nats }}',
  '%group%': '{{ printf "%q" .Values.group }}',
  '%trust%': '{{ printf "%q" .Values.trust }}',
  '%secret%': '{{ printf "%q" .Values.secret }}',
};
/** Numbers that stand for others. */
const AGENTS = 977_771;
const CPUS = 977_773;
const MEMORY_MB = 977_777;

/** @param render plain data as YAML @returns the files of the chart by their names */
export function helmChart(
  plan: AgentPlan,
  version: string,
  render: (value: unknown) => string,
): Record<string, string> {
  const values: ChartValues = {
    image: plan.image,
    agents: plan.agents,
    nats: plan.nats,
    secret: plan.secret ?? '',
    trust: plan.trust ?? '',
    group: plan.group,
    stays: plan.stays,
    cpu: String(plan.cpus),
    memory: `${plan.memoryMb}Mi`,
    memoryLimit: `${memoryLimit(plan)}Mi`,
  };
  const chart = {
    apiVersion: 'v2',
    name: 'sixfold-agents',
    description: 'Machines that make load for tests of Sixfold',
    type: 'application',
    version,
    appVersion: version,
    kubeVersion: '>= 1.29.0-0',
  };
  const template = (stays: boolean): AgentPlan => ({
    name: '%name%',
    namespace: '%namespace%',
    image: '%image%',
    agents: AGENTS,
    nats: '%nats%',
    secret: '%secret%',
    trust: '%trust%',
    group: '%group%',
    cpus: CPUS,
    memoryMb: MEMORY_MB,
    stays,
  });
  const [account, policy, job] = kubernetesManifests(template(false)) as [Manifest, Manifest, Manifest];
  const [, , deployment] = kubernetesManifests(template(true)) as [Manifest, Manifest, Manifest];
  const fill = (manifest: Manifest): string => fillPlaces(render(manifest));
  return {
    'Chart.yaml': render(chart),
    'values.yaml': render(values),
    'templates/serviceaccount.yaml': fill(account),
    'templates/networkpolicy.yaml': fill(policy),
    'templates/agents.yaml': `{{- if .Values.stays }}\n${fill(deployment)}{{- else }}\n${fill(job)}{{- end }}\n`,
  };
}

function fillPlaces(yaml: string): string {
  let text = yaml
    .replaceAll(`"${MEMORY_MB}Mi"`, '{{ printf "%q" .Values.memory }}')
    .replaceAll(`"${2 * MEMORY_MB}Mi"`, '{{ printf "%q" .Values.memoryLimit }}')
    .replaceAll(`"${CPUS}"`, '{{ printf "%q" .Values.cpu }}')
    .replaceAll(String(AGENTS), '{{ .Values.agents }}');
  text = onlyWith(text, 'secret', /^ +- "--nats-creds"\n.*\n/m);
  text = onlyWith(text, 'secret', /^ +- name: keys\n +secret:\n +secretName: .*\n +defaultMode: .*\n/m);
  text = onlyWith(text, 'secret', /^ +- name: keys\n +mountPath: .*\n +readOnly: .*\n/m);
  text = onlyWith(text, 'trust', /^ +- "--trust"\n.*\n/m);
  for (const [place, action] of Object.entries(PLACES)) text = text.replaceAll(`"${place}"`, action);
  return text;
}

/** Leaves lines out where a value is empty. @throws Error where they are not there, which is a fault of ours */
function onlyWith(text: string, value: string, lines: RegExp): string {
  if (!text.includes('%image%')) return text;
  if (!lines.test(text)) throw new Error(`the chart has no place for ${value} at ${lines}`);
  return text.replace(lines, (found) => `{{- if .Values.${value} }}\n${found}{{- end }}\n`);
}
