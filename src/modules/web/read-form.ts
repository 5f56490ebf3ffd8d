// Forms as they are sent: multipart (RFC 7578) and urlencoded.

export interface FormPart {
  readonly name: string;
  /** Null for what is no file. */
  readonly filename: string | null;
  readonly type: string;
  readonly content: Buffer;
}

/**
 * @param type the Content-Type
 * @throws TypeError for what is no form
 */
export function readForm(bytes: Buffer, type: string): FormPart[] {
  const [essence = ''] = type.split(';');
  switch (essence.trim().toLowerCase()) {
    case 'application/x-www-form-urlencoded':
      // Not at the beginning, where URLSearchParams would leave a question mark out that belongs to a name.
      return [...new URLSearchParams(`&${bytes.toString('utf8')}`)].map(([name, value]) => ({
        name,
        filename: null,
        type: '',
        content: Buffer.from(value),
      }));
    case 'multipart/form-data': {
      const boundary = parametersOf(type).get('boundary') ?? '';
      if (boundary === '') throw new TypeError(`the body is no form: its type ${type} names no boundary`);
      return readMultipart(bytes, Buffer.from(`--${boundary}`));
    }
    default:
      throw new TypeError(`the body is no form: its type is ${type === '' ? 'not given' : type}`);
  }
}

function readMultipart(bytes: Buffer, delimiter: Buffer): FormPart[] {
  const parts: FormPart[] = [];
  let at = bytes.indexOf(delimiter);
  if (at < 0) throw new TypeError('the body is no form: its boundary does not occur');
  for (;;) {
    at += delimiter.length;
    if (bytes.toString('latin1', at, at + 2) === '--') return parts;
    const begin = bytes.indexOf('\r\n', at);
    const headEnd = begin < 0 ? -1 : bytes.indexOf('\r\n\r\n', begin);
    const next = headEnd < 0 ? -1 : bytes.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), headEnd + 2);
    if (next < 0) throw new TypeError('the body is no form: a part of it does not end');
    parts.push(readPart(bytes.toString('utf8', begin + 2, headEnd), bytes.subarray(Math.min(headEnd + 4, next), next)));
    at = next + 2;
  }
}

function readPart(head: string, content: Buffer): FormPart {
  const lines = head.split('\r\n');
  const value = (name: string): string =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? '';
  const parameters = parametersOf(value('content-disposition'));
  const parameter = (name: string): string | null =>
    parameters.get(name)?.replaceAll(/%0D|%0A|%22/g, decodeURIComponent) ?? null;
  const name = parameter('name');
  if (name === null) throw new TypeError('the body is no form: a part of it has no name');
  const filename = parameter('filename');
  return { name, filename, type: value('content-type') || (filename === null ? '' : 'text/plain'), content };
}

/** The parameters of a header by their names in lower case; the first of a name counts. */
function parametersOf(header: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of header.matchAll(/;\s*([^\s;="]+)=(?:"([^"]*)"|([^;\s]*))/g)) {
    const known = name!.toLowerCase();
    if (!parameters.has(known)) parameters.set(known, quoted ?? plain!);
  }
  return parameters;
}
