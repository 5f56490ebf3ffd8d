import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ServiceClient } from '../../service/client/index.ts';
import {
  type CloudFlags,
  findProject,
  findUrl,
  keepLogin,
  loginFile,
  readCloudSettings,
  readLogin,
} from './cloud-settings.ts';

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-login-'));
  env = { XDG_CONFIG_HOME: path.join(folder, 'config') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const LOGIN = { url: 'https://load.test', token: 'secret-of-the-login', project: 'shop' };
const settings = (flags: CloudFlags = {}, more: Record<string, string> = {}) =>
  readCloudSettings(flags, { ...env, ...more });
/** The token that a request would bear. */
const isRefused = (flags: CloudFlags = {}, more: Record<string, string> = {}): boolean => {
  try {
    settings(flags, more);
    return false;
  } catch (error) {
    assert.match((error as Error).message, /nobody is logged in at/);
    return true;
  }
};

describe('a login', () => {
  test('is kept below the folder of the user’s settings, for the user alone', () => {
    assert.equal(readLogin(env), null);
    keepLogin(env, LOGIN);
    assert.equal(loginFile(env), path.join(folder, 'config/sixfold/cloud.json'));
    assert.deepEqual(readLogin(env), LOGIN);
    assert.equal(statSync(loginFile(env)).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(loginFile(env))).mode & 0o777, 0o700);
  });

  test('replaces an earlier one, and what that let others read', () => {
    mkdirSync(path.dirname(loginFile(env)), { recursive: true });
    writeFileSync(loginFile(env), 'old');
    chmodSync(loginFile(env), 0o644);
    keepLogin(env, LOGIN);
    assert.equal(statSync(loginFile(env)).mode & 0o777, 0o600);
    keepLogin(env, { ...LOGIN, project: null });
    assert.equal(readLogin(env)?.project, null);
  });

  test('is forgotten, also where there is none', () => {
    keepLogin(env, null);
    keepLogin(env, LOGIN);
    keepLogin(env, null);
    assert.equal(existsSync(loginFile(env)), false);
    assert.equal(readLogin(env), null);
  });

  test('that cannot be read says what makes it anew, and shows nothing of it', () => {
    keepLogin(env, LOGIN);
    writeFileSync(loginFile(env), readFileSync(loginFile(env), 'utf8').slice(0, -10));
    assert.throws(
      () => readLogin(env),
      (error: Error & { exitCode?: number }) =>
        error.exitCode === 255 &&
        /cloud\.json is no login .*"sixfold cloud login" makes it anew/.test(error.message) &&
        !error.message.includes(LOGIN.token),
    );
    const url = '"url":"https://load.test"';
    for (const [text, why] of [
      ['null', 'its "url" is no address of a server'],
      ['[]', 'its "url" is no address of a server'],
      ['7', 'its "url" is no address of a server'],
      ['"text"', 'its "url" is no address of a server'],
      ['{}', 'its "url" is no address of a server'],
      ['{"url":7,"token":"t"}', 'its "url" is no address of a server'],
      ['{"url":"load.test","token":"t"}', 'its "url" is no address of a server'],
      [`{${url}}`, 'its "token" is no text'],
      [`{${url},"token":["t"]}`, 'its "token" is no text'],
      [`{${url},"token":"t","project":7}`, 'its "project" is no text'],
      ['t0ken', 'it is no JSON'],
      ['', 'it is no JSON'],
    ] as const) {
      writeFileSync(loginFile(env), text);
      const message = new RegExp(`cloud\\.json is no login \\(${why}\\): "sixfold cloud login"`);
      assert.throws(() => settings({ url: 'https://load.test' }), { exitCode: 255, message }, text);
      assert.throws(() => settings(), { exitCode: 255, message }, text);
    }
  });
});

describe('the server that commands talk to', () => {
  test('is that of the flag, of the variable, of the login, or this machine, in that order', () => {
    const kept = LOGIN;
    assert.equal(findUrl({}, env, null), 'http://localhost:6580');
    assert.equal(findUrl({}, env, kept), 'https://load.test');
    const variable = { ...env, K6_CLOUD_HOST: 'https://variable.test' };
    assert.equal(findUrl({}, variable, kept), 'https://variable.test');
    assert.equal(findUrl({ url: 'http://flag.test:1' }, variable, kept), 'http://flag.test:1');
    assert.equal(findUrl({}, { ...variable, SIXFOLD_CLOUD_HOST: 'https://own.test' }, kept), 'https://own.test');
  });

  test('is the same with and without slashes at its end', () => {
    assert.equal(findUrl({ url: 'https://load.test///' }, env, null), 'https://load.test');
    assert.equal(findUrl({ url: 'https://load.test/under/' }, env, null), 'https://load.test/under');
  });

  test('has an address that a browser could have', () => {
    for (const url of ['', 'load.test', 'load.test:80', 'ftp://load.test', 'http://', 'https://load test'])
      assert.throws(() => findUrl({ url }, env, null), { exitCode: 255, message: /is no address of a server/ }, url);
  });
});

describe('who commands talk as', () => {
  test('is whoever the flag, the variable or the login names', () => {
    assert.equal(isRefused(), true);
    assert.equal(isRefused({ token: 'a' }), false);
    assert.equal(isRefused({}, { K6_CLOUD_TOKEN: 'a' }), false);
    keepLogin(env, LOGIN);
    assert.equal(isRefused(), false);
  });

  test('is nobody at another server than that of the login, whoever names that', () => {
    keepLogin(env, LOGIN);
    assert.equal(isRefused({ url: 'https://other.test' }), true);
    assert.equal(isRefused({}, { K6_CLOUD_HOST: 'https://load.test.evil' }), true);
    assert.equal(isRefused({ url: 'http://load.test' }), true);
    assert.equal(isRefused({ url: 'https://load.test/' }), false);
  });

  test('works in the project that flag, variable or login name, the last at its own server alone', () => {
    keepLogin(env, LOGIN);
    assert.equal(settings().project, 'shop');
    assert.equal(settings({ url: 'https://other.test', token: 't' }).project, null);
    assert.equal(settings({}, { K6_CLOUD_PROJECT_ID: '12' }).project, '12');
    assert.equal(settings({ project: 'own' }, { K6_CLOUD_PROJECT_ID: '12' }).project, 'own');
  });
});

describe('the project that is meant', () => {
  const find = (wanted: string | null, ...slugs: string[]): Promise<string> => {
    const projects = async () => slugs.map((slug, i) => ({ id: `id-${i}`, slug }));
    return findProject({ projects } as unknown as ServiceClient, wanted);
  };

  test('is found by slug or id, or is the only one', async () => {
    assert.equal(await find('b', 'a', 'b'), 'id-1');
    assert.equal(await find('id-0', 'a', 'b'), 'id-0');
    assert.equal(await find(null, 'a'), 'id-0');
  });

  test('is asked for where it is not clear, with those that there are', async () => {
    await assert.rejects(find(null, 'a', 'b'), { exitCode: 255, message: 'name a project with --project: a, b' });
    await assert.rejects(find('c', 'a', 'b'), { exitCode: 255, message: 'there is no project "c": there are a, b' });
    await assert.rejects(find(null), { exitCode: 255, message: /has a part in no project/ });
    await assert.rejects(find('a'), { exitCode: 255, message: /has a part in no project/ });
  });
});
