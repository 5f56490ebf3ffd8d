// What scripts give to `connect` and `run`, read and checked.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { VuEnvironment } from '../../vu/environment.ts';
import { locateOpened } from '../../vu/open-files.ts';
import { readTimeLimit } from '../../vu/script-duration.ts';

const MOST_PORT = 65_535;
const SSH_PORT = 22;
const CONNECT_MS = 30_000;
const DEFAULT_KEY = '~/.ssh/id_rsa';

export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string | null;
  /** PEM or OpenSSH's own format. */
  readonly privateKey: string | null;
  readonly passphrase: string | null;
  /** The fingerprint that the server's key must have: `SHA256:…`; null: any. */
  readonly hostKey: string | null;
  readonly timeoutMs: number;
  readonly tags: unknown;
}

/** @throws TypeError that names what cannot be used */
export function readTarget(environment: VuEnvironment, given: unknown): SshTarget {
  if (typeof given !== 'object' || given === null)
    throw new TypeError('connect() takes an object: { username, host, port, password or rsa_key }');
  const options = given as Record<string, unknown>;
  const host = readText(options, 'host');
  const username = readText(options, 'username');
  if (host === null || host === '') throw new TypeError('connect() takes the host as text');
  if (username === null || username === '') throw new TypeError('connect() takes the username as text');
  const port = options['port'] ?? SSH_PORT;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > MOST_PORT)
    throw new TypeError(`port must be a number from 1 to ${MOST_PORT}, not ${String(port)}`);
  const hostKey = readText(options, 'host_key');
  if (hostKey !== null && !/^SHA256:[A-Za-z0-9+/]{43}$/.test(hostKey))
    throw new TypeError('host_key must be a fingerprint as ssh-keygen -l writes it: SHA256: and 43 characters');
  const password = readText(options, 'password');
  const file = readText(options, 'rsa_key');
  const inline = readText(options, 'private_key');
  const timeout = options['timeout'];
  return {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    username,
    password,
    // As in k6, the user's own key serves where nothing else is given.
    privateKey: inline ?? (file !== null || password === null ? readKey(environment, file ?? DEFAULT_KEY) : null),
    passphrase: readText(options, 'passphrase'),
    hostKey,
    timeoutMs: timeout === undefined || timeout === null ? CONNECT_MS : readTimeLimit(timeout, 'timeout'),
    tags: options['tags'],
  };
}

export interface CommandOptions {
  /** What the command reads on its standard input. */
  readonly input: string | null;
  /** 0: as long as it takes. */
  readonly timeoutMs: number;
  readonly tags: unknown;
}

/** @throws TypeError that names what cannot be used */
export function readCommand(
  what: string,
  command: unknown,
  given: unknown,
): { command: string; options: CommandOptions } {
  if (typeof command !== 'string' || command === '') throw new TypeError(`${what}() takes a command as text`);
  if (given !== undefined && given !== null && typeof given !== 'object')
    throw new TypeError(`${what}() takes options as an object, not ${typeof given}`);
  const options = (given ?? {}) as Record<string, unknown>;
  const timeout = options['timeout'];
  return {
    command,
    options: {
      input: readText(options, 'input'),
      timeoutMs: timeout === undefined || timeout === null ? 0 : readTimeLimit(timeout, 'timeout'),
      tags: options['tags'],
    },
  };
}

/** Files are found from the folder of the script, or of the user where the path begins with `~`. */
function readKey(environment: VuEnvironment, given: string): string {
  const file = given.startsWith('~/')
    ? path.join(os.homedir(), given.slice(2))
    : locateOpened(environment, environment.script.folder, given);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TypeError(
      `cannot read the key ${given} (${code ?? 'unknown'}): give rsa_key, the path of a private key, or a password`,
    );
  }
}

function readText(options: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = options[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be text, not ${typeof value}`);
}
