// Agents on Kubernetes as objects of its API, typed by that (kubernetes-types): a key that is misspelt does not compile.
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';
import type { Job } from 'kubernetes-types/batch/v1.d.ts';
import type { ConfigMap, Container, PodSpec, Service, ServiceAccount, Volume } from 'kubernetes-types/core/v1.d.ts';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.d.ts';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts';
import { type AgentPlan, agentFlags, memoryLimit } from './agent-plan.ts';

export type Manifest = ServiceAccount | NetworkPolicy | Job | Deployment | ConfigMap | Service;

const SECRET_FOLDER = '/etc/sixfold';
/** Nobody's (distroless images call it nonroot). */
const USER = 65_532;
/** How long an agent that is told to end may go on with its test, in s. */
const GRACE_S = 3600;
const NATS_PORT = 4222;
const NATS_IMAGE = 'nats:2.12-alpine';
/** What leading takes beside 100 agents, in MB. */
const LEAD_MB = 512;
/** Times that one agent is started anew, before its place in the test stays empty. */
const RETRIES = 6;

/** @returns objects in the order in which they are to be made */
export function kubernetesManifests(plan: AgentPlan): Manifest[] {
  return [serviceAccount(plan), networkPolicy(plan), plan.stays ? deployment(plan) : job(plan)];
}

function labelsOf({ name }: AgentPlan): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'sixfold-agent',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/managed-by': 'sixfold',
  };
}

function metadataOf(plan: AgentPlan): ObjectMeta {
  return { name: plan.name, namespace: plan.namespace, labels: labelsOf(plan) };
}

function serviceAccount(plan: AgentPlan): ServiceAccount {
  // Agents have nothing to say to Kubernetes.
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataOf(plan), automountServiceAccountToken: false };
}

/** Nobody connects to agents. They connect to NATS and to what is tested, wherever that is. */
function networkPolicy(plan: AgentPlan): NetworkPolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataOf(plan),
    spec: { podSelector: { matchLabels: labelsOf(plan) }, policyTypes: ['Ingress'], ingress: [] },
  };
}

/** Agents for one test: each pod is one of them, and is not started anew once it has taken part. */
function job(plan: AgentPlan): Job {
  const labels = labelsOf(plan);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(plan),
    spec: {
      completionMode: 'Indexed',
      completions: plan.agents,
      parallelism: plan.agents,
      backoffLimitPerIndex: RETRIES,
      maxFailedIndexes: plan.agents,
      podFailurePolicy: {
        // A node that is drained is not the agent's fault.
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      ttlSecondsAfterFinished: GRACE_S,
      template: { metadata: { labels }, spec: { ...podSpec(plan), restartPolicy: 'Never' } },
    },
  };
}

/** Agents that wait for test after test. */
function deployment(plan: AgentPlan): Deployment {
  const labels = labelsOf(plan);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(plan),
    spec: {
      replicas: plan.agents,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(plan) },
    },
  };
}

function podSpec(plan: AgentPlan): PodSpec {
  const volumes: Volume[] = [
    { name: 'tmp', emptyDir: {} },
    ...(plan.secret === null ? [] : [{ name: 'keys', secret: { secretName: plan.secret, defaultMode: 0o440 } }]),
  ];
  return {
    serviceAccountName: plan.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_S,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // Two agents of a node would share its ports and its network card.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labelsOf(plan) },
      },
    ],
    containers: [
      {
        ...container(plan),
        args: agentFlags(plan, SECRET_FOLDER),
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(plan.secret === null ? [] : [{ name: 'keys', mountPath: SECRET_FOLDER, readOnly: true }]),
        ],
      },
    ],
    volumes,
  };
}

function container(plan: AgentPlan): Container {
  return {
    name: 'agent',
    image: plan.image,
    resources: {
      // Without a limit of the processor: being held up shows as latency of what is tested.
      requests: { cpu: String(plan.cpus), memory: `${plan.memoryMb}Mi` },
      limits: { memory: `${memoryLimit(plan)}Mi` },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

/** Who leads one test over the agents: a job whose log is that of the test, and whose exit code is its own. */
export interface LeadPlan {
  /** The test, as `sixfold archive` packs it. */
  readonly archive: Uint8Array;
  /** A secret with lead.nk and sign.key of `sixfold cluster creds`; null: neither is needed. */
  readonly secret: string | null;
}

/** @returns the test and the job that leads it */
export function leadManifests(plan: AgentPlan, { archive, secret }: LeadPlan): Manifest[] {
  const name = `${plan.name}-lead`;
  const labels = { ...labelsOf(plan), 'app.kubernetes.io/name': 'sixfold-lead' };
  const metadata: ObjectMeta = { name, namespace: plan.namespace, labels };
  const keys = ['--nats-creds', `${SECRET_FOLDER}/lead.nk`, '--sign', `${SECRET_FOLDER}/sign.key`];
  const flags = ['--nats', plan.nats, ...(secret === null ? [] : keys)];
  const { volumes = [], ...pod } = podSpec({ ...plan, secret });
  const test: ConfigMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    binaryData: { 'test.tar': Buffer.from(archive).toString('base64') },
  };
  const lead: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      // A test that failed is not run again by itself.
      backoffLimit: 0,
      ttlSecondsAfterFinished: 24 * GRACE_S,
      template: {
        metadata: { labels },
        spec: {
          ...pod,
          restartPolicy: 'Never',
          containers: [
            {
              ...container({ ...plan, cpus: 1, memoryMb: LEAD_MB }),
              name: 'lead',
              args: [
                'run',
                ...flags,
                '--agents',
                String(plan.agents),
                '--agents-wait',
                '10m',
                '--agent-group',
                plan.group,
                '/test/test.tar',
              ],
              volumeMounts: [
                { name: 'tmp', mountPath: '/tmp' },
                { name: 'test', mountPath: '/test', readOnly: true },
                ...(secret === null ? [] : [{ name: 'keys', mountPath: SECRET_FOLDER, readOnly: true }]),
              ],
            },
          ],
          volumes: [...volumes, { name: 'test', configMap: { name } }],
        },
      },
    },
  };
  return [test, lead];
}

/** @returns a NATS server of the namespace's own, which lets in whoever reaches it: enough to begin with */
export function natsManifests(plan: AgentPlan): Manifest[] {
  const labels = { 'app.kubernetes.io/name': 'nats', 'app.kubernetes.io/instance': plan.name };
  const metadata: ObjectMeta = { name: 'nats', namespace: plan.namespace, labels };
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: labels, ports: [{ name: 'nats', port: NATS_PORT, targetPort: 'nats' }] },
  };
  const server: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER,
            runAsGroup: USER,
            fsGroup: USER,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'nats',
              image: NATS_IMAGE,
              args: ['-js', '-sd', '/data'],
              ports: [{ name: 'nats', containerPort: NATS_PORT }],
              resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '1Gi' } },
              readinessProbe: { tcpSocket: { port: 'nats' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
    },
  };
  return [service, server];
}
