import { types } from 'node:util';
import type { ObjectBody } from '../../vu/object-bodies.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { copyList } from '../../vu/script-list.ts';
import { encodeForm, formText } from '../../wire/http/form-encoding.ts';

/** A body ready to be sent. */
export interface EncodedBody {
  /** Text is sent as UTF-8. */
  data: Uint8Array | string;
  /** What `response.request.body` shows. */
  shown: string;
  /** Content-Type that goes with it unless the script gives another. */
  contentType: string | null;
}

/** What `http.file()` made, as far as a body needs it. */
export interface FilePart {
  data: unknown;
  filename: string;
  content_type: string;
}

/**
 * Encodes the body argument of a request: text and bytes as they are, an object as a form, an object with a file in it as
 * multipart. Null: no body.
 * @param isFile tells a value made by `http.file()`
 * @param warn called for values that a form cannot hold
 * @param readObject of Sixfold: what an object is that is a body as it stands, such as a FormData; null for any other
 * @throws TypeError for anything else
 */
export function encodeBody(
  body: unknown,
  isFile: (value: unknown) => value is FilePart,
  warn: (message: string) => void,
  readObject: (value: object) => ObjectBody | null,
): EncodedBody | null {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string') return { data: body, shown: body, contentType: null };
  const bytes = toBytes(body);
  if (bytes !== null) {
    // A copy: the script may go on writing to its buffer while the request is on its way.
    const data = Buffer.from(bytes);
    return { data, shown: data.toString('utf8'), contentType: null };
  }
  if (isFile(body)) throw new TypeError('unknown request body type: a file must be a member of an object');
  if (types.isStringObject(body)) return encodeBody(String(body), isFile, warn, readObject);
  if (typeof body !== 'object') throw new TypeError(`unknown request body type ${typeof body}`);
  if (Array.isArray(body)) throw new TypeError('unknown request body type array');
  if (types.isDate(body) || types.isMap(body) || types.isSet(body))
    throw new TypeError(`unknown request body type ${types.isDate(body) ? 'Date' : types.isMap(body) ? 'Map' : 'Set'}`);
  const whole = readObject(body);
  if (whole !== null) return { data: whole.bytes, shown: whole.bytes.toString('utf8'), contentType: whole.type };
  const entries = Object.entries(body).map(([key, value]: [string, unknown]): [string, unknown] => [
    key,
    Array.isArray(value) ? copyList(value) : value,
  ]);
  if (entries.some(([, value]) => isFile(value) || (Array.isArray(value) && value.some(isFile))))
    return encodeMultipart(entries, isFile, warn);
  const data = encodeForm(entries, warn);
  return { data, shown: data, contentType: 'application/x-www-form-urlencoded' };
}

function encodeMultipart(
  entries: readonly (readonly [string, unknown])[],
  isFile: (value: unknown) => value is FilePart,
  warn: (message: string) => void,
): EncodedBody {
  const boundary = Buffer.from(crypto.getRandomValues(new Uint8Array(30))).toString('hex');
  const pieces: Uint8Array[] = [];
  for (const [key, value] of entries) {
    const values = Array.isArray(value) ? value : [value];
    for (const item of values) {
      let head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(key)}"`;
      if (isFile(item)) {
        const type = String(item.content_type) || 'application/octet-stream';
        head += `; filename="${quote(String(item.filename))}"\r\nContent-Type: ${type.replaceAll(/[\r\n]/g, ' ')}`;
        pieces.push(
          Buffer.from(`${head}\r\n\r\n`),
          toBytes(item.data) ?? Buffer.from(String(item.data)),
          Buffer.from('\r\n'),
        );
      } else pieces.push(Buffer.from(`${head}\r\n\r\n${formText(key, item, warn)}\r\n`));
    }
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  const data = Buffer.concat(pieces);
  return { data, shown: data.toString('utf8'), contentType: `multipart/form-data; boundary=${boundary}` };
}

function quote(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
