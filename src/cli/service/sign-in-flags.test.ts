import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Command } from 'commander';
import { addSignInFlags, readSignInFlags, type SignInFlags } from './sign-in-flags.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-sign-in-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

function read(words: readonly string[], env: Record<string, string> = {}): SignInFlags {
  const command = new Command('server');
  addSignInFlags(command);
  return readSignInFlags(command.parse(words, { from: 'user' }), env);
}
const PROVIDER = ['--oidc-issuer', 'https://id.test/realm', '--oidc-client-id', 'six'];
const refused = (message: RegExp, words: readonly string[], env: Record<string, string> = {}): void =>
  assert.throws(() => read(words, env), { name: 'ExitError', exitCode: 255, message }, words.join(' '));

describe('how people sign in', () => {
  test('is by password alone where nothing is said', () => {
    assert.deepEqual(read([]), { provider: null, takesPasswords: true });
    assert.deepEqual(read([], { SIXFOLD_NO_PASSWORDS: 'false', SIXFOLD_OIDC_ADD_PEOPLE: '' }), {
      provider: null,
      takesPasswords: true,
    });
  });

  test('is also at a provider, which nobody is added by unless that is said', () => {
    assert.deepEqual(read(PROVIDER), {
      takesPasswords: true,
      provider: {
        issuer: 'https://id.test/realm',
        clientId: 'six',
        clientSecret: null,
        name: 'id.test',
        domains: [],
        addsPeople: false,
        project: null,
      },
    });
  });

  test('is told by flags, all of them, and by variables, which flags go before', () => {
    const secret = file('secret', '  hidden\n');
    const flags = [
      ...PROVIDER,
      '--oidc-client-secret-file',
      secret,
      '--oidc-name',
      'Example ID',
      '--oidc-domains',
      ' Example.COM, example.org,',
      '--oidc-add-people',
      '--oidc-project',
      'shop:viewer',
      '--no-passwords',
    ];
    const provider = {
      issuer: 'https://id.test/realm',
      clientId: 'six',
      clientSecret: 'hidden',
      name: 'Example ID',
      domains: ['example.com', 'example.org'],
      addsPeople: true,
      project: { slug: 'shop', role: 'viewer' },
    };
    const env = {
      SIXFOLD_OIDC_ISSUER: 'https://id.test/realm',
      SIXFOLD_OIDC_CLIENT_ID: ' six ',
      SIXFOLD_OIDC_CLIENT_SECRET_FILE: secret,
      SIXFOLD_OIDC_NAME: 'Example ID',
      SIXFOLD_OIDC_DOMAINS: 'example.com,example.org',
      SIXFOLD_OIDC_ADD_PEOPLE: 'true',
      SIXFOLD_OIDC_PROJECT: 'shop:viewer',
      SIXFOLD_NO_PASSWORDS: 'true',
    };
    assert.deepEqual(read(flags), { provider, takesPasswords: false });
    assert.deepEqual(read([], env), { provider, takesPasswords: false });
    const both = read(['--oidc-client-id', 'other'], env).provider;
    assert.equal(both?.clientId, 'other');
  });

  test('has the secret of a file, or of the variable where no file is named', () => {
    const secretOf = (words: readonly string[], env: Record<string, string>) =>
      read([...PROVIDER, ...words], env).provider?.clientSecret;
    assert.equal(secretOf([], { SIXFOLD_OIDC_CLIENT_SECRET: 'v' }), 'v');
    assert.equal(secretOf([], { SIXFOLD_OIDC_CLIENT_SECRET: '' }), null);
    assert.equal(secretOf(['--oidc-client-secret-file', file('s', 'f')], { SIXFOLD_OIDC_CLIENT_SECRET: 'v' }), 'f');
    refused(/it is empty/, [...PROVIDER, '--oidc-client-secret-file', file('empty', ' \n')]);
    refused(/ENOENT/, [...PROVIDER, '--oidc-client-secret-file', path.join(folder, 'gone')]);
  });

  test('is at a provider that is spoken to by TLS, unless it is on this machine', () => {
    const at = (issuer: string): string | undefined =>
      read(['--oidc-issuer', issuer, '--oidc-client-id', 'six']).provider?.issuer;
    for (const issuer of ['https://id.test', 'http://localhost:8080/x', 'http://127.0.0.1:1', 'http://[::1]:1'])
      assert.equal(at(issuer), issuer);
    for (const issuer of [
      'http://id.test',
      'http://127.0.0.1.evil.test',
      'id.test',
      'ldap://id.test',
      'http://10.0.0.1',
    ])
      refused(/use an address such as https:\/\/id\.example/, ['--oidc-issuer', issuer, '--oidc-client-id', 'six']);
    for (const issuer of ['https://id.test?x=1', 'https://id.test#x', 'https://ann@id.test', 'https://:pw@id.test'])
      refused(/leave out what is behind its path and before its host/, [
        '--oidc-issuer',
        issuer,
        '--oidc-client-id',
        'six',
      ]);
  });
});

describe('what does not go together is refused:', () => {
  test('a provider without the name that it knows this server by', () => {
    refused(/--oidc-issuer needs --oidc-client-id/, ['--oidc-issuer', 'https://id.test']);
  });

  test('whatever is of a provider without one, by flag or variable', () => {
    for (const words of [
      ['--oidc-client-id', 'a'],
      ['--oidc-client-secret-file', 'a'],
      ['--oidc-name', 'a'],
      ['--oidc-domains', 'a.test'],
      ['--oidc-add-people'],
    ])
      refused(new RegExp(`^${words[0]} needs --oidc-issuer`), words);
    refused(/--oidc-name needs --oidc-issuer/, [], { SIXFOLD_OIDC_NAME: 'a' });
  });

  test('no passwords and no provider: nobody could come in', () => {
    refused(/--no-passwords leaves no way in/, ['--no-passwords']);
    refused(/--no-passwords leaves no way in/, [], { SIXFOLD_NO_PASSWORDS: 'true' });
  });

  test('a project for people who are not added', () => {
    refused(/--oidc-project is for people that are added/, [...PROVIDER, '--oidc-project', 'shop:viewer']);
  });

  test('what is no project with a role, no domain, no truth value', () => {
    for (const project of ['shop', 'shop:owner', ':viewer', 'Shop:viewer', 'shop:viewer:x', 'shop: viewer'])
      refused(/use NAME:ROLE/, [...PROVIDER, '--oidc-add-people', '--oidc-project', project]);
    for (const domain of ['example', 'ann@example.com', 'https://example.com', 'a b.com'])
      refused(/is no domain/, [...PROVIDER, '--oidc-domains', `fine.test,${domain}`]);
    refused(/SIXFOLD_NO_PASSWORDS=yes: use true or false/, PROVIDER, { SIXFOLD_NO_PASSWORDS: 'yes' });
  });
});
