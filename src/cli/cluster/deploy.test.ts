// What is written for Kubernetes is what its API takes: by the schemas of its types, also what the chart becomes in Go's own engine.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { parse as renderTemplate } from '@evertdespiegeleer/go-template';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../../../scripts/root.ts';
import { type AgentPlan, memoryFor } from '../../cluster/deploy/agent-plan.ts';
import { type ChartValues, helmChart } from '../../cluster/deploy/helm-chart.ts';
import { kubernetesManifests, leadManifests, type Manifest, natsManifests } from '../../cluster/deploy/kubernetes.ts';
import { systemdUnit } from '../../cluster/deploy/systemd.ts';
import { renderYaml } from '../yaml.ts';

const require = createRequire(import.meta.url);

const PLAN: AgentPlan = {
  name: 'load',
  namespace: 'tests',
  image: 'registry.example/sixfold:1.2.3',
  agents: 100,
  nats: 'tls://nats.example:4222',
  secret: 'keys',
  trust: 'ACKZSHPIY6UMAZ5BOFE6ADCAMTT7VQR7OOGCUAAHW2UP554NWUWP67YU',
  group: 'eu',
  cpus: 2,
  memoryMb: 300,
  stays: false,
};

interface Model {
  validate(): void;
}

/** @throws where an object is not of the type that it says */
function validate(manifest: { readonly apiVersion?: string; readonly kind?: string; readonly spec?: unknown }): void {
  const { apiVersion = '', kind = '' } = manifest;
  const types = require(`kubernetes-models/${apiVersion}`) as Record<string, new (data: unknown) => Model>;
  const Type = types[kind];
  assert.ok(Type !== undefined, `there is no ${apiVersion} ${kind}`);
  new Type(manifest).validate();
}

/** Objects in the text, each valid. */
function readManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    assert.deepEqual(document.errors, []);
    const manifest = document.toJS() as Manifest;
    validate(manifest);
    return manifest;
  });
}

test('the image is built by the rules of the art, and runs as nobody', () => {
  const text = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  const { run } = require('dockerfilelint') as { run(name: string, text: string): object };
  assert.deepEqual(run('Dockerfile', text), []);
  assert.match(text, /^USER 65532:65532$/m);
  // A root that cannot be written: nothing is put anywhere while it runs.
  assert.doesNotMatch(text, /^VOLUME/m);
});

const variants: AgentPlan[] = [PLAN, { ...PLAN, stays: true }, { ...PLAN, secret: null, trust: null }];

test('each object is valid by the schemas of Kubernetes, and comes back from its YAML as it was', () => {
  for (const plan of variants) {
    const manifests = [
      ...kubernetesManifests(plan),
      ...natsManifests(plan),
      ...leadManifests(plan, { archive: Buffer.from('test'), secret: plan.secret }),
    ];
    const text = manifests.map((manifest) => `---\n${renderYaml(manifest)}`).join('');
    assert.deepEqual(readManifests(text), JSON.parse(JSON.stringify(manifests)));
  }
});

test('the schemas refuse what is wrong', () => {
  const [, , job] = kubernetesManifests(PLAN) as [Manifest, Manifest, { spec: object }];
  assert.throws(() => validate({ ...job, spec: { ...job.spec, completions: 'many' } }), /completions/);
});

test('agents run as nobody, write nowhere but /tmp, have no token, and may do nothing as root', () => {
  for (const plan of variants) {
    const [account, , work] = kubernetesManifests(plan) as unknown as [
      { automountServiceAccountToken: boolean },
      unknown,
      { spec: { template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } } },
    ];
    const pod = work.spec.template.spec;
    assert.equal(account.automountServiceAccountToken, false);
    assert.equal(pod['automountServiceAccountToken'], false);
    assert.deepEqual(pod['securityContext'], {
      ...{ runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532, fsGroup: 65_532 },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const [agent] = pod.containers as [Record<string, unknown>];
    assert.deepEqual(agent['securityContext'], {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    assert.deepEqual(agent['resources'], { requests: { cpu: '2', memory: '300Mi' }, limits: { memory: '600Mi' } });
  }
});

test('the chart becomes, with any values, the objects that are written without it', async () => {
  const files = helmChart(PLAN, '1.2.3', renderYaml);
  for (const plan of variants) {
    const values: ChartValues = {
      ...{ image: plan.image, agents: plan.agents, nats: plan.nats, group: plan.group, stays: plan.stays },
      ...{ secret: plan.secret ?? '', trust: plan.trust ?? '', cpu: '2', memory: '300Mi', memoryLimit: '600Mi' },
    };
    const rendered: Manifest[] = [];
    for (const name of ['serviceaccount', 'networkpolicy', 'agents']) {
      const template = files[`templates/${name}.yaml`]!;
      const text = await renderTemplate(template, { Values: values, Release: { Name: 'load', Namespace: 'tests' } });
      rendered.push(...readManifests(text));
    }
    assert.deepEqual(rendered, JSON.parse(JSON.stringify(kubernetesManifests(plan))));
  }
  assert.deepEqual(Object.keys(files).sort(), [
    'Chart.yaml',
    'templates/agents.yaml',
    'templates/networkpolicy.yaml',
    'templates/serviceaccount.yaml',
    'values.yaml',
  ]);
  for (const name of ['Chart.yaml', 'values.yaml']) assert.deepEqual(parseAllDocuments(files[name]!)[0]!.errors, []);
});

test('memory grows with the virtual users of the share', () => {
  assert.equal(memoryFor(0, 1), 150);
  assert.equal(memoryFor(100_000, 10), Math.ceil(150 + (10_000 * 25) / 1024));
  assert.equal(memoryFor(100_001, 10), Math.ceil(150 + (10_001 * 25) / 1024));
});

test('a service of systemd stays, has room for connections, and takes no specifiers from what it is given', () => {
  const unit = systemdUnit({ ...PLAN, group: 'a %n "b" $HOME' }, '/opt/sixfold/bin/sixfold.js');
  const [, start] = /^ExecStart=(.*)$/m.exec(unit)!;
  assert.ok(
    start!.startsWith(
      '/opt/sixfold/bin/sixfold.js agent --nats tls://nats.example:4222 --nats-creds /etc/sixfold/agents.nk',
    ),
  );
  assert.ok(start!.endsWith('--group "a %%n \\"b\\" $$HOME"'), start);
  assert.ok(!start!.includes('--once'));
  assert.match(unit, /^LimitNOFILE=1048576$/m);
  for (const line of unit.split('\n')) assert.match(line, /^(?:|#.*|\[\w+\]|\w+=.*)$/);
});
