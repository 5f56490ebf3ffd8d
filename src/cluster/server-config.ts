// The configuration of a nats-server that lets in who leads runs and who makes load, and lets each do what that needs and nothing else.
import { createUser } from '@nats-io/nkeys';
import { inboxOf, type Role, roleLine } from './credentials.ts';
import { agentSubjects, BUCKET, FIND, runSubjects } from './subjects.ts';

interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer what it is asked. */
  readonly answers: boolean;
}

/** Somebody whom the server lets in. */
export interface Member {
  readonly role: Role;
  /** What the server knows: it cannot be used to get in. */
  readonly publicKey: string;
  /** What the member keeps, as a file. */
  readonly file: string;
}

/** @returns somebody new, whose seed nobody else knows */
export function createMember(role: Role): Member {
  const pair = createUser();
  const seed = Buffer.from(pair.getSeed()).toString('utf8');
  return { role, publicKey: pair.getPublicKey(), file: `${roleLine(role)}\n${seed}\n` };
}

/** What a role may do at NATS. */
function permissionsOf(role: Role): Permissions {
  const inbox = `${inboxOf(role)}.>`;
  if (role.kind === 'lead')
    return {
      publish: ['sixfold.>', '$JS.API.>', '$JS.ACK.>', '$JS.FC.>', `$O.${BUCKET}.>`],
      subscribe: ['sixfold.>', inbox],
      answers: true,
    };
  const id = role.kind === 'agent' ? role.id : '*';
  const anyRun = runSubjects('*');
  const { claim, ping, release } = agentSubjects(id);
  const bucket = `OBJ_${BUCKET}`;
  return {
    publish: [
      anyRun.events(id),
      anyRun.reports(id),
      anyRun.beat(id),
      anyRun.questions,
      ping,
      // Reads the objects of runs, which are sealed.
      '$JS.API.INFO',
      `$JS.API.STREAM.INFO.${bucket}`,
      `$JS.API.STREAM.MSG.GET.${bucket}`,
      `$JS.API.DIRECT.GET.${bucket}.>`,
      `$JS.API.CONSUMER.CREATE.${bucket}.>`,
      `$JS.API.CONSUMER.CREATE.${bucket}`,
      `$JS.API.CONSUMER.INFO.${bucket}.>`,
      `$JS.API.CONSUMER.MSG.NEXT.${bucket}.>`,
      `$JS.API.CONSUMER.DELETE.${bucket}.>`,
      `$JS.FC.${bucket}.>`,
    ],
    subscribe: [FIND, claim, ping, release, anyRun.told, anyRun.lead, inbox],
    answers: true,
  };
}

export interface ServerSettings {
  /** `host:port` it listens at. */
  readonly listen: string;
  /** Where it keeps runs. */
  readonly storeFolder: string;
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string | null } | null;
}

/** @returns the text of nats.conf (https://docs.nats.io/running-a-nats-service/configuration) */
export function renderServerConfig(
  members: readonly Pick<Member, 'role' | 'publicKey'>[],
  settings: ServerSettings,
): string {
  const { listen, storeFolder, tls } = settings;
  const users = members.map(({ role, publicKey }) => {
    const { publish, subscribe, answers } = permissionsOf(role);
    return [
      `      ${roleLine(role)}`,
      `      { nkey: ${publicKey}, permissions: {`,
      `          publish: { allow: ${list(publish)} }`,
      `          subscribe: { allow: ${list(subscribe)} }`,
      ...(answers ? ['          allow_responses: { max: 1, expires: "1m" }'] : []),
      '      } }',
    ].join('\n');
  });
  return [
    '# Written by "sixfold cluster creds": nats-server -c THIS_FILE',
    `listen: ${JSON.stringify(listen)}`,
    `jetstream: { store_dir: ${JSON.stringify(storeFolder)} }`,
    ...(tls === null
      ? []
      : [
          'tls: {',
          `  cert_file: ${JSON.stringify(tls.cert)}`,
          `  key_file: ${JSON.stringify(tls.key)}`,
          // With the certificate of who signs clients', each has to show its own.
          ...(tls.ca === null ? [] : [`  ca_file: ${JSON.stringify(tls.ca)}`, '  verify: true']),
          '}',
        ]),
    'accounts: {',
    '  SIXFOLD: {',
    '    jetstream: enabled',
    '    users: [',
    ...users,
    '    ]',
    '  }',
    '}',
    '',
  ].join('\n');
}

function list(subjects: readonly string[]): string {
  return `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;
}
