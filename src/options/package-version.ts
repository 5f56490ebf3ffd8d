// Which Sixfold this is.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The version of the package: `1.2.3`. */
export const VERSION: string = manifest.version;
