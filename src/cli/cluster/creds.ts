// `sixfold cluster creds`: writes what a NATS server needs to know whom it lets in, and what each of them keeps.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Member } from '../../cluster/server-config.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { makeFolder } from '../../node/make-folder.ts';

export interface CredsWish {
  /** Where the files go. */
  readonly folder: string;
  /** Agents that get a file of their own. */
  readonly agents: readonly string[];
  readonly listen: string;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  /** Who signs the certificates of clients; null: they need not have any. */
  readonly tlsCa: string | null;
}

/** @returns what was written, for people @throws ExitError 255 for files that are there already, and what goes not together */
export async function writeCreds(wish: CredsWish): Promise<string> {
  const { folder, listen, tlsCert, tlsKey, tlsCa } = wish;
  if ((tlsCert === null) !== (tlsKey === null) || (tlsCa !== null && tlsCert === null))
    throw new ExitError(EXIT.other, '--tls-cert and --tls-key go together, and --tls-ca needs both');
  for (const name of wish.agents)
    if (!/^[\w-]{1,60}$/.test(name) || ['lead', 'agents'].includes(name))
      throw new ExitError(EXIT.other, `--agent ${name}: letters, digits, _ and -, and neither lead nor agents`);
  const [{ createMember, renderServerConfig }, { createSigningKey }] = await Promise.all([
    import('../../cluster/server-config.ts'),
    import('../../cluster/signing.ts'),
  ]);
  const members: Record<string, Member> = {
    lead: createMember({ kind: 'lead' }),
    agents: createMember({ kind: 'agents' }),
  };
  for (const id of new Set(wish.agents)) members[id] = createMember({ kind: 'agent', id });
  const signing = createSigningKey();
  const tls =
    tlsCert === null || tlsKey === null
      ? null
      : { cert: path.resolve(tlsCert), key: path.resolve(tlsKey), ca: tlsCa && path.resolve(tlsCa) };
  const files: Record<string, string> = {
    'nats.conf': renderServerConfig(Object.values(members), {
      listen,
      storeFolder: path.resolve(folder, 'store'),
      tls,
    }),
    'sign.key': signing.file,
    'sign.pub': `${signing.publicKey}\n`,
  };
  for (const [name, { file }] of Object.entries(members)) files[`${name}.nk`] = file;
  for (const name of Object.keys(files)) {
    const file = path.join(folder, name);
    if (existsSync(file))
      throw new ExitError(
        EXIT.other,
        `${file} is there already, and is not replaced: others may use it. Name another folder`,
      );
  }
  makeFolder(folder, 0o700);
  for (const [name, text] of Object.entries(files))
    writeFileSync(path.join(folder, name), text, { mode: 0o600, flag: 'wx' });
  const url = `${tls === null ? 'nats' : 'tls'}://${listen}`;
  const at = (name: string): string => path.join(folder, name);
  return [
    `nats-server -c ${at('nats.conf')}`,
    ...Object.keys(members)
      .filter((name) => name !== 'lead')
      .map(
        (name) =>
          `sixfold agent --nats ${url} --nats-creds ${at(`${name}.nk`)} --trust ${at('sign.pub')}` +
          `${name === 'agents' ? '   # any number of them' : ''}`,
      ),
    `sixfold run --nats ${url} --nats-creds ${at('lead.nk')} --sign ${at('sign.key')} --agents ${Math.max(1, wish.agents.length)} script.js`,
    '',
  ].join('\n');
}
