// How the commands that use NATS are told where it is.
import type { Command } from 'commander';
import type { NatsSettings } from '../../cluster/nats-link.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { addFlags, type FlagReader } from '../flags/flag-reader.ts';

/** @returns null: no server is named @throws ExitError 255 for a certificate without its key */
export function readNatsFlags(flags: FlagReader): NatsSettings | null {
  const url = flags.text('nats');
  if (url === null) return null;
  const [cert, key] = [flags.text('natsCert'), flags.text('natsKey')];
  if ((cert === null) !== (key === null))
    throw new ExitError(EXIT.other, '--nats-cert and --nats-key go together: a certificate and its key');
  return { url, creds: flags.text('natsCreds'), ca: flags.text('natsCa'), cert, key };
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
