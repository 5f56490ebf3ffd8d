// How the commands that use NATS are told where it is.
import type { NatsSettings } from '../../cluster/nats-link.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { FlagReader } from '../flags/flag-reader.ts';

/** @returns null: no server is named */
export function readNatsFlags(flags: FlagReader): NatsSettings | null {
  const url = flags.text('nats');
  return url === null ? null : { url, creds: flags.text('natsCreds'), ca: flags.text('natsCa') };
}

/** @throws ExitError 255 where no server is named */
export function expectNats(flags: FlagReader): NatsSettings {
  const settings = readNatsFlags(flags);
  if (settings !== null) return settings;
  throw new ExitError(EXIT.other, 'say which NATS server: --nats nats://host:4222, or the variable SIXFOLD_NATS');
}
