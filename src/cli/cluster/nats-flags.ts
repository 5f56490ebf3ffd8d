// How the commands that use NATS are told where it is.
import type { Command } from 'commander';
import type { NatsSettings } from '../../cluster/nats-link.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { addFlags, type FlagReader } from '../flags/flag-reader.ts';

/** @returns null: no server is named @throws ExitError 255 for an address with a password, or a certificate without its key */
export function readNatsFlags(flags: FlagReader): NatsSettings | null {
  const url = flags.text('nats');
  if (url === null) return null;
  checkNatsAddress(url);
  const [cert, key] = [flags.text('natsCert'), flags.text('natsKey')];
  if ((cert === null) !== (key === null))
    throw new ExitError(EXIT.other, '--nats-cert and --nats-key go together: a certificate and its key');
  return { url, creds: flags.text('natsCreds'), ca: flags.text('natsCa'), cert, key };
}

/** @throws ExitError 255 for an address with a name and a password, which clients of NATS do not read from there */
export function checkNatsAddress(url: string): void {
  if (url.includes('@'))
    throw new ExitError(
      EXIT.other,
      '--nats: an address of NATS has no name and password in it: --nats-creds FILE lets in (sixfold cluster creds makes such files)',
    );
}

/** Adds the flags that say which server, and how to get in. */
export function addNatsFlags(command: Command): Command {
  return addFlags(command, 'nats', 'natsCreds', 'natsCa', 'natsCert', 'natsKey');
}

/** @throws ExitError 255 where no server is named */
export function expectNats(flags: FlagReader): NatsSettings {
  const settings = readNatsFlags(flags);
  if (settings !== null) return settings;
  throw new ExitError(EXIT.other, 'say which NATS server: --nats nats://host:4222, or the variable SIXFOLD_NATS');
}
