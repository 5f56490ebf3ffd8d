import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockCollector } from './block-collector.ts';
import { expectedLength, findTrailerFault, readResponseHead } from './header-section.ts';
import { PeerSettings } from './peer-settings.ts';
import { MAX_FRAME_SIZE, MAX_WINDOW } from './protocol.ts';

const list = (...pairs: [string, string][]) => pairs.map(([name, value]) => ({ name, value }));
const head = (...pairs: [string, string][]) => readResponseHead(list([':status', '200'], ...pairs));

describe('a response head', () => {
  it('takes each octet in a name or a value, or does not, as RFC 9113 section 8.2.1 has it', () => {
    const tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz";
    for (let octet = 0; octet < 256; octet++) {
      const char = String.fromCharCode(octet);
      // A colon in front makes a pseudo header, which has its own fault.
      const inName = head([`x${char}`, 'v']).fault;
      assert.equal(inName === null, tokens.includes(char), `name with ${octet}`);
      const inValue = head(['x', `a${char}b`]).fault;
      assert.equal(inValue === null, octet === 9 || (octet >= 0x20 && octet !== 0x7f), `value with ${octet}`);
      assert.equal(findTrailerFault(list([`x${char}`, 'v'])) === null, tokens.includes(char));
    }
  });

  it('has one three-digit status, first', () => {
    for (const status of ['100', '200', '599', '999'])
      assert.equal(readResponseHead(list([':status', status])).fault, null);
    for (const status of ['', '0', '99', '099', '1000', '+20', ' 200', '200 ', '2e2', '２００'])
      assert.match(readResponseHead(list([':status', status])).fault ?? '', /malformed :status/, status);
    assert.match(readResponseHead([]).fault ?? '', /no :status/);
    assert.match(readResponseHead(list(['a', 'b'], [':status', '200'])).fault ?? '', /behind a regular one/);
    assert.match(head([':status', '200']).fault ?? '', /more than one/);
    assert.match(head([':path', '/']).fault ?? '', /unknown pseudo header ":path"/);
    assert.match(readResponseHead(list([':', ''])).fault ?? '', /unknown pseudo header/);
  });

  it('has no header of a single connection, but may have te and others', () => {
    for (const name of ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']) {
      assert.match(head([name, 'x']).fault ?? '', /connection-specific/, name);
      assert.match(findTrailerFault(list([name, 'x'])) ?? '', /connection-specific/, name);
    }
    for (const name of ['te', 'trailer', 'host', 'connection-x', 'upgrade-insecure-requests'])
      assert.equal(head([name, 'x']).fault, null, name);
    assert.match(head(['', 'x']).fault ?? '', /without a name/);
  });

  it('has one length, perhaps repeated', () => {
    assert.equal(head(['content-length', '0']).contentLength, 0);
    assert.equal(head(['content-length', '007']).contentLength, 7);
    assert.equal(head(['content-length', '5'], ['content-length', '5']).contentLength, 5);
    assert.equal(head().contentLength, -1);
    for (const wrong of ['', '-1', '+1', '1.0', '0x1', '1e3', ' 1', '1 ', '5, 5', '9'.repeat(16), 'NaN'])
      assert.match(head(['content-length', wrong]).fault ?? '', /content-length/, wrong);
    assert.match(head(['content-length', '5'], ['content-length', '6']).fault ?? '', /content-length/);
  });

  it('says how long the body must be', () => {
    const of = (status: string, length: string | null, bodiless = false): number =>
      expectedLength(
        readResponseHead(
          list([':status', status], ...(length === null ? [] : [['content-length', length] as [string, string]])),
        ),
        bodiless,
      );
    assert.equal(of('200', '12'), 12);
    assert.equal(of('200', null), -1);
    assert.equal(of('200', '12', true), 0);
    assert.equal(of('204', '12'), 0);
    assert.equal(of('304', '12'), 0);
    assert.equal(of('404', '12'), 12);
  });

  it('is found at fault for pseudo headers in trailers', () => {
    assert.match(findTrailerFault(list(['a', 'b'], [':status', '200'])) ?? '', /":status" in trailers/);
    assert.equal(findTrailerFault([]), null);
  });
});

describe('a block in pieces', () => {
  it('is put together, and the next begins anew', () => {
    const collector = new BlockCollector(10);
    for (const [id, endStream] of [
      [1, true],
      [3, false],
    ] as const) {
      collector.begin(id, endStream);
      const lent = Buffer.from('abcdefghij');
      assert.equal(collector.add(lent, 0, 4), true);
      assert.equal(collector.add(lent, 4, 4), true);
      assert.equal(collector.add(lent, 4, 10), true);
      lent.fill('x');
      assert.deepEqual([collector.streamId, collector.endStream], [id, endStream]);
      assert.equal(collector.finish().toString(), 'abcdefghij');
      assert.equal(collector.streamId, 0);
    }
  });

  it('has a most of octets, and of pieces, empty ones among them', () => {
    const full = new BlockCollector(10);
    full.begin(1, false);
    assert.equal(full.add(Buffer.alloc(10), 0, 10), true);
    assert.equal(full.add(Buffer.alloc(1), 0, 1), false);
    const many = new BlockCollector(10);
    many.begin(1, false);
    let taken = 0;
    while (many.add(Buffer.alloc(0), 0, 0)) taken++;
    assert.equal(taken, 128);
  });
});

describe("the peer's settings", () => {
  const apply = (settings: PeerSettings, ...parameters: [id: number, value: number][]) => {
    const bytes = Buffer.alloc(parameters.length * 6 + 2, 0xee);
    for (const [at, [id, value]] of parameters.entries()) {
      bytes.writeUInt16BE(id, 1 + at * 6);
      bytes.writeUInt32BE(value, 3 + at * 6);
    }
    return settings.apply(bytes, 1, bytes.length - 1);
  };

  it('hold from one frame to the next, and the last of a frame counts', () => {
    const settings = new PeerSettings();
    assert.equal(settings.maxConcurrentStreams, 100, 'before the first SETTINGS');
    assert.equal(apply(settings), null);
    assert.equal(settings.maxConcurrentStreams, Number.POSITIVE_INFINITY);
    assert.equal(apply(settings, [3, 7], [3, 9], [1, 0], [6, 0xffff_ffff]), null);
    assert.equal(apply(settings, [0xabcd, 5]), null);
    assert.deepEqual(
      [settings.maxConcurrentStreams, settings.headerTableSize, settings.maxHeaderListSize, settings.initialWindow],
      [9, 0, 0xffff_ffff, 65_535],
    );
  });

  it('have their borders', () => {
    for (const [id, value, http2Error] of [
      [2, 0, null],
      [2, 1, 1],
      [2, 2, 1],
      [4, MAX_WINDOW, null],
      [4, MAX_WINDOW + 1, 3],
      [4, 0xffff_ffff, 3],
      [5, 16_383, 1],
      [5, 16_384, null],
      [5, MAX_FRAME_SIZE, null],
      [5, MAX_FRAME_SIZE + 1, 1],
      [8, 0, null],
      [8, 1, null],
      [8, 2, 1],
      [3, 0, null],
      [3, 0xffff_ffff, null],
    ] as const)
      assert.equal(apply(new PeerSettings(), [id, value])?.http2Error ?? null, http2Error, `${id} = ${value}`);
  });

  it('do not take back that other protocols may be spoken (RFC 8441 section 3)', () => {
    const settings = new PeerSettings();
    assert.equal(apply(settings, [8, 1]), null);
    assert.equal(apply(settings, [8, 1]), null);
    assert.equal(apply(settings, [8, 0])?.http2Error, 1);
  });
});
