// Which server the commands of `sixfold cloud` talk to, and as whom: flags, then variables, then what `sixfold cloud login` has kept.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { maskAddress, withoutCredentials } from '../../addresses/credentials.ts';
import { useProxiesForFetch } from '../../addresses/node-proxies.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { makeFolder } from '../../node/make-folder.ts';
import { parseUnquotedJson } from '../../node/parse-json.ts';
import { type Environment, findVariable } from '../../options/environment.ts';
import { homeFolder } from '../../options/system-folders.ts';
import { ServiceClient } from '../../service/client/index.ts';

export interface CloudFlags {
  readonly url?: string;
  readonly token?: string;
  readonly project?: string;
}

export interface KeptLogin {
  readonly url: string;
  readonly token: string;
  readonly project: string | null;
}

export interface CloudSettings {
  readonly url: string;
  readonly client: ServiceClient;
  /** By its id or slug; null: nobody says. */
  readonly project: string | null;
}

const DEFAULT_URL = 'http://localhost:6580';

/** @returns what speaks to a server, through the proxies of the environment @throws ExitError 255 for a proxy that is none */
export function openClient(url: string, token: string): ServiceClient {
  try {
    useProxiesForFetch();
  } catch (error) {
    throw new ExitError(EXIT.other, (error as Error).message);
  }
  return new ServiceClient({ url, token });
}

export function addCloudFlags(command: Command): Command {
  return command
    .option('--url <url>', `of the server (K6_CLOUD_HOST; that of the login, or ${DEFAULT_URL})`)
    .option('--token <token>', 'what lets in (K6_CLOUD_TOKEN; that of the login)')
    .option('--project <slug>', 'by its slug or id (K6_CLOUD_PROJECT_ID; that of the login)');
}

/** @returns the file in which the login is kept */
export function loginFile(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'] || path.join(homeFolder(), '.config');
  return path.join(base, 'sixfold', 'cloud.json');
}

/** @returns null: nobody is logged in @throws ExitError 255 for a file that is no login */
export function readLogin(env: Environment): KeptLogin | null {
  const file = loginFile(env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  try {
    return parseLogin(text);
  } catch (error) {
    throw new ExitError(
      EXIT.other,
      `${file} is no login (${(error as Error).message}): "sixfold cloud login" makes it anew`,
    );
  }
}

/** The file is the user's own, who may have written anything in it. @throws Error that says what it lacks, and nothing of what it holds */
function parseLogin(text: string): KeptLogin {
  const login = parseUnquotedJson(text) as Record<string, unknown> | null;
  const { url, token, project = null } = login ?? {};
  if (typeof url !== 'string' || !isServerAddress(url)) throw new Error('its "url" is no address of a server');
  if (typeof token !== 'string') throw new Error('its "token" is no text');
  if (project !== null && typeof project !== 'string') throw new Error('its "project" is no text');
  return { url, token, project };
}

export function keepLogin(env: Environment, login: KeptLogin | null): void {
  const file = loginFile(env);
  if (login === null) {
    rmSync(file, { force: true });
    return;
  }
  makeFolder(path.dirname(file), 0o700);
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
}

/** @returns where the server is, whoever says it */
export function findUrl(flags: CloudFlags, env: Environment, kept: KeptLogin | null): string {
  const url = flags.url ?? findVariable('K6_CLOUD_HOST', env)?.text ?? kept?.url ?? DEFAULT_URL;
  if (!isServerAddress(url))
    throw new ExitError(
      EXIT.other,
      `"${maskAddress(url)}" is no address of a server: use one such as https://load.example`,
    );
  if (withoutCredentials(url) !== url)
    throw new ExitError(
      EXIT.other,
      'the address of a server has no name and password in it: a token lets in, with --token',
    );
  return url.replace(/\/+$/, '');
}

function isServerAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:\/\//.test(url);
}

/** @throws ExitError 255 where nobody is logged in */
export function readCloudSettings(flags: CloudFlags, env: Environment): CloudSettings {
  const kept = readLogin(env);
  const url = findUrl(flags, env, kept);
  // The token of one server is not shown to another.
  const token =
    flags.token ?? findVariable('K6_CLOUD_TOKEN', env)?.text ?? (kept?.url === url ? kept.token : undefined);
  if (token === undefined)
    throw new ExitError(
      EXIT.other,
      `nobody is logged in at ${url}: use "sixfold cloud login", or the variable K6_CLOUD_TOKEN`,
    );
  const project = flags.project ?? findVariable('K6_CLOUD_PROJECT_ID', env)?.text ?? null;
  return {
    url,
    client: openClient(url, token),
    project: project ?? (kept?.url === url ? kept.project : null),
  };
}

/** @param wanted null: the only one there is @returns its id @throws ExitError 255 where that is not clear */
export async function findProject(client: ServiceClient, wanted: string | null): Promise<string> {
  const projects = await client.projects();
  const slugs = projects.map(({ slug }) => slug).join(', ');
  const found =
    wanted === null
      ? projects.length === 1
        ? projects[0]
        : undefined
      : projects.find(({ id, slug }) => id === wanted || slug === wanted);
  if (found !== undefined) return found.id;
  if (projects.length === 0)
    throw new ExitError(EXIT.other, 'the login has a part in no project: an administrator gives it one');
  throw new ExitError(
    EXIT.other,
    wanted === null ? `name a project with --project: ${slugs}` : `there is no project "${wanted}": there are ${slugs}`,
  );
}
