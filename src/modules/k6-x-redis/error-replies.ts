// What a server's error reply says: its first word, by convention, is the kind of the error.
import type { Code } from '../../codes/catalogue.ts';
import { WireError } from '../../wire/net/wire-error.ts';

const CODES: Readonly<Record<string, Code>> = {
  NOAUTH: 2001,
  WRONGPASS: 2001,
  NOPERM: 2001,
  DENIED: 2001,
  WRONGTYPE: 2002,
  LOADING: 2003,
  BUSY: 2003,
  MASTERDOWN: 2003,
  READONLY: 2003,
  NOREPLICAS: 2003,
  CLUSTERDOWN: 2003,
  TRYAGAIN: 2003,
  OOM: 2004,
  MISCONF: 2004,
  MOVED: 2005,
  ASK: 2005,
  CROSSSLOT: 2005,
};

/** @returns the error of the catalogue; its kind, a tag, is the first word alone, since the rest may name keys */
export function toReplyError(message: string): WireError {
  const word = /^[A-Z]+\b/.exec(message)?.[0] ?? 'ERR';
  // Two that say with the general word what has one of its own today.
  const code = /^ERR max number of clients/.test(message)
    ? 2004
    : /^ERR (?:invalid password|Client sent AUTH|AUTH )/i.test(message)
      ? 2001
      : (CODES[word] ?? 2000);
  return new WireError(code, message, { kind: word });
}
