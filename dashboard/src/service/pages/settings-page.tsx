// A project: its limits, who has a part in it, its secrets, whom it tells of its runs, who changed what.
import { useState } from 'preact/hooks';
import {
  ask,
  type CreatedWebhook,
  type Delivery,
  type Member,
  type Page,
  type Project,
  type Secret,
  trouble,
  type Webhook,
} from '../api.ts';
import { AuditList } from '../audit-list.tsx';
import { Area, Boxes, Doing, Field, Form, Once, Pick, textOf } from '../form.tsx';
import { Frame, Head, Title } from '../frame.tsx';
import { when, words } from '../language.ts';
import { may } from '../outcome.tsx';
import { projectPage } from '../places.ts';
import { Remove, Switch } from '../row-buttons.tsx';
import { useLoaded } from '../use-loaded.ts';

const ROLES = ['viewer', 'runner', 'admin'] as const;
const EVENTS = ['run.started', 'run.passed', 'run.failed', 'run.aborted', 'run.error'] as const;
const MINUTE_MS = 60_000;

interface OfProject {
  readonly project: Project;
}

export function SettingsPage({ project }: OfProject) {
  const said = words.value;
  const isAdmin = may(project.role, 'admin');
  return (
    <Frame project={project} part="settings">
      <Head text={said.settings} />
      {isAdmin ? <Limits project={project} /> : null}
      <Members project={project} />
      {may(project.role, 'runner') ? <Secrets project={project} /> : null}
      {isAdmin ? (
        <>
          <Webhooks project={project} />
          <AuditList path={`/projects/${project.id}/audit`} />
          <p class="last">
            <Doing
              text={said.removeProject}
              sure={said.removeProjectSure(project.name)}
              isDanger
              onDo={async () => {
                await ask('DELETE', `/projects/${project.id}`);
                location.assign('/');
              }}
            />
          </p>
        </>
      ) : null}
    </Frame>
  );
}

function Limits({ project }: OfProject) {
  const said = words.value;
  return (
    <section aria-labelledby="limits">
      <Title id="limits" text={said.limits} />
      <Form
        send={said.save}
        onSend={async (values) => {
          const changed = await ask<Project>('PATCH', `/projects/${project.id}`, {
            name: textOf(values, 'name'),
            maxVus: Number(textOf(values, 'maxVus')),
            maxDurationMs: Number(textOf(values, 'minutes')) * MINUTE_MS,
            parallelRuns: Number(textOf(values, 'parallelRuns')),
            retentionDays: Number(textOf(values, 'retentionDays')),
            allowedTargets: targetsOf(textOf(values, 'allowedTargets')),
          });
          if (changed.name !== project.name) location.assign(projectPage(changed.slug, 'settings'));
          return said.saved;
        }}
      >
        <div class="pair">
          <Field label={said.name} name="name" value={project.name} />
          <Field label={said.maxVus} name="maxVus" type="number" min={1} value={String(project.maxVus)} />
          <Field
            label={said.maxMinutes}
            name="minutes"
            type="number"
            min={1}
            value={String(Math.round(project.maxDurationMs / MINUTE_MS))}
          />
          <Field
            label={said.parallelRuns}
            name="parallelRuns"
            type="number"
            min={1}
            value={String(project.parallelRuns)}
          />
          <Field
            label={said.retentionDays}
            name="retentionDays"
            type="number"
            min={1}
            value={String(project.retentionDays)}
          />
        </div>
        <Area
          label={said.allowedTargets}
          name="allowedTargets"
          rows={4}
          value={(project.allowedTargets ?? []).join('\n')}
          hint={said.allowedTargetsHint}
        />
      </Form>
    </section>
  );
}

/** @returns a rule for each line; null: there are none, and everything is allowed */
function targetsOf(text: string): string[] | null {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return rules.length === 0 ? null : rules;
}

function Members({ project }: OfProject) {
  const said = words.value;
  const path = `/projects/${project.id}/members`;
  const isAdmin = may(project.role, 'admin');
  const { value, problem, reload } = useLoaded(path, () => ask<readonly Member[]>('GET', path));
  const roles = ROLES.map((role) => [role, said.roles[role]] as const);
  return (
    <section aria-labelledby="members">
      <Title id="members" text={said.members} />
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : (
        <ul class="rows">
          {value.map(({ personId, name, email, role }) => (
            <li key={personId}>
              <span class="name">
                <b>{name}</b>
                <small>{email}</small>
              </span>
              <span>{said.roles[role]}</span>
              <span class="doing">
                {isAdmin ? (
                  <>
                    <select
                      aria-label={`${said.role}: ${name}`}
                      value={role}
                      onChange={({ currentTarget }) =>
                        void ask('PATCH', `${path}/${personId}`, { role: currentTarget.value })
                          .then(reload)
                          .catch((error: unknown) => {
                            trouble.value = (error as Error).message;
                          })
                      }
                    >
                      {roles.map(([one, text]) => (
                        <option key={one} value={one}>
                          {text}
                        </option>
                      ))}
                    </select>
                    <Remove name={name} path={`${path}/${personId}`} onDone={reload} />
                  </>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {isAdmin ? (
        <Form
          send={said.add}
          label={said.addMember}
          isInline
          onSend={async (values) => {
            await ask('POST', path, { email: textOf(values, 'email'), role: textOf(values, 'role') });
            await reload();
            return null;
          }}
        >
          <Field label={said.email} name="email" type="email" />
          <Pick label={said.role} name="role" options={roles} value="runner" />
        </Form>
      ) : null}
    </section>
  );
}

function Secrets({ project }: OfProject) {
  const said = words.value;
  const path = `/projects/${project.id}/secrets`;
  const isAdmin = may(project.role, 'admin');
  const { value, problem, reload } = useLoaded(path, () => ask<readonly Secret[]>('GET', path));
  return (
    <section aria-labelledby="secrets">
      <Title id="secrets" text={said.secrets} note={said.secretsText} />
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : value.length === 0 ? (
        <p class="empty">{said.nothingYet}</p>
      ) : (
        <ul class="rows">
          {value.map(({ name, changedAtMs }) => (
            <li key={name}>
              <code>{name}</code>
              <span class="quiet">
                {said.changedAt}: {when(changedAtMs)}
              </span>
              <span class="doing">
                {isAdmin ? <Remove name={name} path={`${path}/${encodeURIComponent(name)}`} onDone={reload} /> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {isAdmin ? (
        <Form
          send={said.save}
          label={said.secrets}
          isInline
          onSend={async (values) => {
            await ask('PUT', `${path}/${encodeURIComponent(textOf(values, 'name'))}`, {
              value: String(values.get('value')),
            });
            await reload();
            return null;
          }}
        >
          <Field label={said.name} name="name" isMono />
          <Field label={said.value} name="value" type="password" autoComplete="off" />
        </Form>
      ) : null}
    </section>
  );
}

function Webhooks({ project }: OfProject) {
  const said = words.value;
  const path = `/projects/${project.id}/webhooks`;
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const { value, problem, reload } = useLoaded(path, () => ask<readonly Webhook[]>('GET', path));
  return (
    <section aria-labelledby="webhooks">
      <Title id="webhooks" text={said.webhooks} note={said.webhooksText} />
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : value.length === 0 ? (
        <p class="empty">{said.nothingYet}</p>
      ) : (
        <ul class="rows">
          {value.map((webhook) => (
            <Hook key={webhook.id} webhook={webhook} onChange={reload} />
          ))}
        </ul>
      )}
      {made === null ? null : <Once text={said.webhookSecret} value={made.secret} />}
      <Form
        send={said.add}
        label={said.webhooks}
        onSend={async (values) => {
          setMade(
            await ask<CreatedWebhook>('POST', path, { url: textOf(values, 'url'), events: values.getAll('events') }),
          );
          await reload();
          return null;
        }}
      >
        <Field label={said.address} name="url" type="url" />
        <Boxes
          label={said.events}
          name="events"
          options={EVENTS.map((event) => [event, event])}
          chosen={['run.failed', 'run.error']}
        />
      </Form>
    </section>
  );
}

function Hook({ webhook, onChange }: { readonly webhook: Webhook; readonly onChange: () => Promise<void> }) {
  const said = words.value;
  const { id, url, events, isEnabled } = webhook;
  const [deliveries, setDeliveries] = useState<readonly Delivery[] | null>(null);
  return (
    <li class={isEnabled ? '' : 'idle'}>
      <span class="name">
        <b class="mono">{url}</b>
        <small>{events.join(', ')}</small>
      </span>
      <span class="doing">
        <Doing
          text={said.deliveries}
          label={`${said.deliveries}: ${url}`}
          onDo={async () => {
            setDeliveries(
              deliveries === null ? (await ask<Page<Delivery>>('GET', `/webhooks/${id}/deliveries`)).items : null,
            );
          }}
        />
        <Switch name={url} path={`/webhooks/${id}`} isEnabled={isEnabled} onDone={onChange} />
        <Remove name={url} path={`/webhooks/${id}`} onDone={onChange} />
      </span>
      {deliveries === null ? null : (
        <ul class="rows deliveries">
          {deliveries.length === 0 ? <li>{said.nothingYet}</li> : null}
          {deliveries.map((delivery) => (
            <li key={delivery.id}>
              <span class="quiet">{when(delivery.createdAtMs)}</span>
              <code>{delivery.event}</code>
              <span>
                {said.deliveryStates[delivery.state]}
                {delivery.status === null ? '' : `, ${delivery.status}`}
                {delivery.problem === null ? null : <small>{delivery.problem}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
