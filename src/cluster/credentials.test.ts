import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { inboxOf, type Role, readCredentials, roleLine } from './credentials.ts';
import { createMember, renderServerConfig } from './server-config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'credentials-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string): string {
  const file = path.join(folder, 'some.nk');
  writeFileSync(file, text);
  return file;
}

const ROLES: readonly Role[] = [{ kind: 'lead' }, { kind: 'agents' }, { kind: 'agent', id: 'eu-1' }];

test('a file says whom it is for, and each hears its own answers only', () => {
  for (const role of ROLES) assert.deepEqual(readCredentials(write(createMember(role).file)).role, role);
  assert.deepEqual(
    ROLES.map((role) => inboxOf(role)),
    ['_INBOX_lead', '_INBOX_agents', '_INBOX_agent_eu-1'],
  );
  assert.equal(inboxOf(null), null);
});

test('a seed without a role, and the credentials of nsc, are taken as they are', () => {
  const [, seed] = createMember({ kind: 'lead' }).file.split('\n');
  assert.equal(readCredentials(write(`${seed}\n`)).role, null);
  const creds = `-----BEGIN NATS USER JWT-----\neyJ0\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
  assert.equal(readCredentials(write(creds)).role, null);
});

test('what is neither is named', () => {
  for (const text of ['', 'SUshort', '# sixfold: lead\n'])
    assert.throws(() => readCredentials(write(text)), /holds no credentials for NATS: .*begins with SU/);
  assert.throws(() => readCredentials(path.join(folder, 'absent')), /cannot be read: ENOENT/);
});

const settings = { listen: '0.0.0.0:4222', storeFolder: '/var/lib/nats', tls: null };

test('the configuration has public keys and no seed, each with the rights of its role', () => {
  const members = ROLES.map(createMember);
  const text = renderServerConfig(members, settings);
  for (const { publicKey, file } of members) {
    assert.ok(text.includes(`nkey: ${publicKey}`));
    assert.ok(!text.includes(/^SU.*$/m.exec(file)![0]));
  }
  for (const role of ROLES) assert.ok(text.includes(roleLine(role)));
  const rightsOf = (name: string): string => new RegExp(`# sixfold: ${name}\\n(.*?)\\} \\}`, 's').exec(text)![1]!;
  const one = rightsOf('agent eu-1');
  for (const subject of [
    'sixfold.run.*.evt.eu-1',
    'sixfold.run.*.rep.eu-1',
    'sixfold.run.*.beat.eu-1',
    '_INBOX_agent_eu-1.>',
  ])
    assert.ok(one.includes(`"${subject}"`), subject);
  // Nothing of runs, of other agents, or of streams beside the bucket that it reads.
  for (const subject of [
    '"sixfold.>',
    '.cmd',
    '$O.',
    'evt.*',
    'STREAM.CREATE',
    'STREAM.DELETE',
    'STREAM.PURGE',
    'SIXFOLD_RUN',
  ])
    assert.ok(!one.includes(subject), subject);
  assert.ok(rightsOf('agents').includes('"sixfold.run.*.evt.*"'));
  assert.ok(rightsOf('lead').includes('"sixfold.>"'));
});

test('TLS and certificates of clients are asked for where they are given', () => {
  const [member] = [createMember({ kind: 'lead' })];
  assert.doesNotMatch(renderServerConfig([member], settings), /tls/);
  const tls = { cert: '/c.pem', key: '/k.pem', ca: null };
  const plain = renderServerConfig([member], { ...settings, tls });
  assert.match(plain, /cert_file: "\/c\.pem"\n {2}key_file: "\/k\.pem"\n\}/);
  assert.doesNotMatch(plain, /verify/);
  const mutual = renderServerConfig([member], { ...settings, tls: { ...tls, ca: '/ca.pem' } });
  assert.match(mutual, /ca_file: "\/ca\.pem"\n {2}verify: true/);
});
