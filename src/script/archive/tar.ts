// Tar files (POSIX.1-2001 ustar with pax headers for long names), as far as archives of scripts need them.

export interface TarEntry {
  /** With `/` between its parts. */
  readonly name: string;
  readonly body: Buffer;
  /** The entry whose content this one shares; its own body is empty. */
  readonly link?: string;
}

const BLOCK = 512;
const MAX_NAME = 100;
const SPACE = 32;

export function writeTar(entries: readonly TarEntry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { name, body, link } of entries) {
    const records = [
      ...(Buffer.byteLength(name) > MAX_NAME ? [paxRecord('path', name)] : []),
      ...(link !== undefined && Buffer.byteLength(link) > MAX_NAME ? [paxRecord('linkpath', link)] : []),
    ];
    if (records.length > 0) {
      const record = Buffer.concat(records);
      blocks.push(header('pax', record.length, 'x'), ...padded(record));
    }
    blocks.push(
      header(name, link === undefined ? body.length : 0, link === undefined ? '0' : '1', link),
      ...padded(body),
    );
  }
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, size: number, type: string, link = ''): Buffer {
  const block = Buffer.alloc(BLOCK);
  Buffer.from(name).copy(block, 0, 0, MAX_NAME);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  // No time of its own: the same script makes the same archive.
  block.write('00000000000\0', 136);
  block.write(type, 156);
  Buffer.from(link).copy(block, 157, 0, MAX_NAME);
  block.write('ustar\0', 257);
  block.write('00', 263);
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The sum of a header's octets, its own eight as spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * SPACE;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at]!;
  return sum;
}

function padded(body: Buffer): Buffer[] {
  const rest = body.length % BLOCK;
  return rest === 0 ? [body] : [body, Buffer.alloc(BLOCK - rest)];
}

function paxRecord(key: string, value: string): Buffer {
  const text = ` ${key}=${value}\n`;
  // The length counts itself.
  let length = Buffer.byteLength(text);
  while (String(length).length + Buffer.byteLength(text) !== length)
    length = String(length).length + Buffer.byteLength(text);
  return Buffer.from(`${length}${text}`);
}

/** What pax records say, by their keys. A value may hold anything, line ends too: the length before a record counts. */
function readPax(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(SPACE, at);
    const end = at + Number(body.toString('latin1', at, space));
    const equals = body.indexOf('=', space);
    if (space < 0 || !(end > space) || end > body.length || equals < 0) throw new Error('the archive is damaged');
    records.set(body.toString('utf8', space + 1, equals), body.toString('utf8', equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** Whether it begins as a tar file does. */
export function isTar(bytes: Buffer): boolean {
  return bytes.length >= BLOCK && bytes.toString('latin1', 257, 262) === 'ustar';
}

/**
 * The files; folders and what is neither is passed over.
 * @throws Error when it is cut short or is no tar file
 */
export function readTar(bytes: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  /** What is said of the next entry beforehand. */
  let longName: string | null = null;
  let longLink: string | null = null;
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    if (at + BLOCK > bytes.length) throw new Error('the archive is damaged or cut short');
    const block = bytes.subarray(at, at + BLOCK);
    const text = (from: number, length: number): string =>
      block.toString('utf8', from, from + length).replace(/\0.*$/s, '');
    if (Number.parseInt(text(148, 8).trim(), 8) !== checksum(block)) throw new Error('the archive is damaged');
    const size = Number.parseInt(text(124, 12).trim() || '0', 8);
    const type = text(156, 1) || '0';
    const body = bytes.subarray(at + BLOCK, at + BLOCK + size);
    // A size below zero would lead backwards.
    if (Number.isNaN(size) || size < 0 || body.length < size) throw new Error('the archive is damaged or cut short');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') {
      const records = readPax(body);
      longName = records.get('path') ?? longName;
      longLink = records.get('linkpath') ?? longLink;
      continue;
    }
    // GNU's own way.
    if (type === 'L' || type === 'K') {
      const long = body.toString('utf8').replace(/\0.*$/s, '');
      if (type === 'L') longName = long;
      else longLink = long;
      continue;
    }
    const prefix = text(345, 155);
    const name = longName ?? (prefix === '' ? text(0, MAX_NAME) : `${prefix}/${text(0, MAX_NAME)}`);
    const link = longLink ?? text(157, MAX_NAME);
    longName = null;
    longLink = null;
    if (type === '0') entries.push({ name, body });
    else if (type === '1' || type === '2') entries.push({ name, body: Buffer.alloc(0), link });
  }
  return entries;
}
