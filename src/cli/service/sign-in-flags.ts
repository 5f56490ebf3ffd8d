// How people sign in to `sixfold server`: its flags and their variables.
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { isLoopback } from '../../control/api-address.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { OpenIdSettings } from '../../service/people/open-id.ts';
import { Flag, type FlagRow } from '../flags/flag.ts';

const SECRET_VARIABLE = 'SIXFOLD_OIDC_CLIENT_SECRET';

const ROWS = {
  oidcIssuer: {
    flag: '--oidc-issuer <url>',
    means: 'a provider of OpenID Connect at which people sign in, as in https://id.example',
    variable: 'SIXFOLD_OIDC_ISSUER',
  },
  oidcClientId: {
    flag: '--oidc-client-id <id>',
    means: 'what the provider knows this server by',
    variable: 'SIXFOLD_OIDC_CLIENT_ID',
  },
  oidcClientSecretFile: {
    flag: '--oidc-client-secret-file <file>',
    means: `a file with the secret that the provider gave it, or ${SECRET_VARIABLE}; a public client has none`,
    variable: 'SIXFOLD_OIDC_CLIENT_SECRET_FILE',
  },
  oidcName: {
    flag: '--oidc-name <text>',
    means: 'what people know the provider by, for the button',
    variable: 'SIXFOLD_OIDC_NAME',
    defaultText: 'its host',
  },
  oidcDomains: {
    flag: '--oidc-domains <names>',
    means: 'domains of e-mail addresses that are let in, as in example.com,example.org',
    variable: 'SIXFOLD_OIDC_DOMAINS',
    defaultText: 'all',
  },
  oidcAddPeople: {
    flag: '--oidc-add-people',
    means: 'whoever the provider knows is added when they first sign in; else an administrator adds people',
    variable: 'SIXFOLD_OIDC_ADD_PEOPLE',
  },
  oidcProject: {
    flag: '--oidc-project <name:role>',
    means: 'what whoever is added so has a part in, as in shop:viewer',
    variable: 'SIXFOLD_OIDC_PROJECT',
    defaultText: 'nothing',
  },
  noPasswords: {
    flag: '--no-passwords',
    means: 'nobody signs in with a password',
    variable: 'SIXFOLD_NO_PASSWORDS',
  },
} as const satisfies Record<string, Omit<FlagRow, 'group'>>;

type Name = keyof typeof ROWS;

export function addSignInFlags(command: Command): void {
  for (const row of Object.values<Omit<FlagRow, 'group'>>(ROWS))
    command.addOption(new Flag({ ...row, group: 'signIn' }));
}

export interface SignInFlags {
  readonly provider: OpenIdSettings | null;
  readonly takesPasswords: boolean;
}

/**
 * @param command that {@link addSignInFlags} has seen
 * @throws ExitError 255 for what does not go together or cannot be used
 */
export function readSignInFlags(command: Command, env: Readonly<Record<string, string | undefined>>): SignInFlags {
  const given = command.opts<Readonly<Record<string, string | boolean | undefined>>>();
  const textOf = (name: Name): string | null => {
    const flag = given[name];
    return (typeof flag === 'string' ? flag : env[ROWS[name].variable]?.trim()) || null;
  };
  const isOn = (name: Name): boolean => readSwitch(ROWS[name].variable, env);
  const takesPasswords = given['passwords'] !== false && !isOn('noPasswords');
  const issuer = textOf('oidcIssuer');
  const clientId = textOf('oidcClientId');
  const addsPeople = given['oidcAddPeople'] === true || isOn('oidcAddPeople');
  const project = readProject(textOf('oidcProject'));
  if (issuer === null) {
    if (!takesPasswords)
      throw refuse('--no-passwords leaves no way in: give --oidc-issuer and --oidc-client-id, or leave it out');
    for (const name of Object.keys(ROWS) as Name[])
      if (name !== 'noPasswords' && (textOf(name) !== null || given[name] === true))
        throw refuse(`${ROWS[name].flag.split(' ')[0]} needs --oidc-issuer: name the provider`);
    return { provider: null, takesPasswords };
  }
  if (clientId === null) throw refuse('--oidc-issuer needs --oidc-client-id: what the provider knows this server by');
  if (project !== null && !addsPeople)
    throw refuse('--oidc-project is for people that are added: give --oidc-add-people too');
  const address = readIssuer(issuer);
  return {
    takesPasswords,
    provider: {
      issuer,
      clientId,
      clientSecret: readSecret(textOf('oidcClientSecretFile'), env),
      name: textOf('oidcName') ?? address.host,
      domains: readDomains(textOf('oidcDomains') ?? ''),
      addsPeople,
      project,
    },
  };
}

const refuse = (message: string): ExitError => new ExitError(EXIT.other, message);

function readSwitch(variable: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const text = env[variable] ?? '';
  if (text !== '' && text !== 'true' && text !== 'false') throw refuse(`${variable}=${text}: use true or false`);
  return text === 'true';
}

function readIssuer(text: string): URL {
  const url = URL.parse(text);
  const isNear = url !== null && isLoopback({ host: url.hostname.replace(/^\[|\]$/g, ''), port: 0 });
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNear)))
    throw refuse(`--oidc-issuer ${text}: use an address such as https://id.example`);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw refuse(`--oidc-issuer ${text}: leave out what is behind its path and before its host`);
  return url;
}

function readSecret(file: string | null, env: Readonly<Record<string, string | undefined>>): string | null {
  if (file === null) return env[SECRET_VARIABLE] || null;
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text !== '') return text;
  } catch (error) {
    throw refuse(`--oidc-client-secret-file: ${(error as Error).message}`);
  }
  throw refuse(`--oidc-client-secret-file ${file}: it is empty`);
}

function readDomains(text: string): string[] {
  const domains = text
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '');
  const wrong = domains.find((one) => !/^[^\s@/]+\.[^\s@/]+$/.test(one));
  if (wrong !== undefined)
    throw refuse(`--oidc-domains: "${wrong}" is no domain: use names such as example.com, with commas between them`);
  return domains;
}

function readProject(text: string | null): OpenIdSettings['project'] {
  if (text === null) return null;
  const [, slug, role] = /^([a-z0-9-]+):(viewer|runner|admin)$/.exec(text) ?? [];
  if (slug === undefined) throw refuse(`--oidc-project ${text}: use NAME:ROLE, where ROLE is viewer, runner or admin`);
  return { slug, role: role as 'viewer' | 'runner' | 'admin' };
}
