// What pages show as octets and headers is what goes over the wire: read here by parsers, and held to what the RFCs ask of each answer.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  CATALOGUE,
  GRPC_STATUSES,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  PLAIN_HTTP_STATUSES,
  WEBSOCKET_CLOSES,
} from '../../codes/index.ts';
import { Head } from '../../wire/http1/head-scanner.ts';
import { parseHeaderLines } from '../../wire/http1/header-lines.ts';
import { FrameReader } from '../../wire/http2/frame-reader.ts';
import { FrameReader as WebSocketReader } from '../../wire/websocket/frame-reader.ts';
import { codeWire, resetWire } from './code-wire.ts';
import { httpSpecification } from './specifications.ts';
import { closeWire, grpcWire, httpWire } from './wire.ts';

/** The octets at the beginning of a line that shows them, with what is said of them behind. */
function octetsOf(line: string): { readonly bytes: Buffer; readonly text: string } {
  const [, hex = '', text = ''] = /^(?:[→←] )?((?:[0-9a-f]{2} +)*[0-9a-f]{2})(?: +(\S.*))?$/.exec(line) ?? [];
  assert.notEqual(hex, '', line);
  return { bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex'), text };
}

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

/** The one frame of HTTP/2 that the octets are. */
function frameOf(bytes: Buffer): Frame {
  const frames: Frame[] = [];
  const reader = new FrameReader(
    16_384,
    (type, flags, id, all, start, end) =>
      frames.push({ type, flags, id, payload: Buffer.from(all.subarray(start, end)) }) > 0,
    (length) => assert.fail(`${length} octets`),
  );
  reader.read(bytes);
  assert.equal(reader.incomplete, false);
  assert.equal(frames.length, 1);
  return frames[0]!;
}

const statuses = [...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES];

describe('HTTP/2 frames', () => {
  test('that reset a stream carry the error that they say', () => {
    for (const { error } of HTTP2_ERRORS) {
      const { bytes, text } = octetsOf(resetWire(error));
      assert.deepEqual(frameOf(bytes), { type: 3, flags: 0, id: 1, payload: Buffer.from([0, 0, 0, error]) });
      assert.equal(text, `RST_STREAM, stream 1, error ${error}`);
    }
  });

  test('of each code of the catalogue are what is said of them', () => {
    let seen = 0;
    for (const { code, http2 } of CATALOGUE) {
      if (http2?.error === undefined || http2.error === null) continue;
      const lines = codeWire(code)!.split('\n');
      const { bytes, text } = octetsOf(lines.at(-1)!);
      const { type, id, payload } = frameOf(bytes);
      seen++;
      if (http2.family === 'stream') {
        assert.deepEqual([lines.length, type, id, payload.readUInt32BE(0)], [1, 3, 1, http2.error], String(code));
        continue;
      }
      const [, last, error] = /^GOAWAY, last stream (\d), error (\d+)$/.exec(text) ?? [];
      assert.deepEqual([type, id], [7, 0], String(code));
      assert.deepEqual(
        [payload.readUInt32BE(0), payload.readUInt32BE(4)],
        [Number(last), Number(error)],
        `${code}: ${text}`,
      );
      assert.equal(Number(error), http2.error);
      // Who ends the connection: the server, or we, who have seen no stream of a server's.
      assert.deepEqual([lines.at(-1)![0], Number(last)], http2.family === 'goaway' ? ['←', 1] : ['→', 0]);
    }
    assert.ok(seen >= 3 * HTTP2_ERRORS.length - 3, String(seen));
  });

  test('that break a rule have the fault that they are there for', () => {
    const breach = (error: number) =>
      octetsOf(
        codeWire(1651 + error)!
          .split('\n')[0]!
          .replaceAll(' …', ''),
      );
    const window = frameOf(breach(3).bytes);
    assert.deepEqual([window.type, window.id, window.payload.readUInt32BE(0)], [8, 0, 2 ** 31 - 1]);
    const headers = frameOf(breach(9).bytes);
    assert.deepEqual([headers.type, headers.id, [...headers.payload]], [1, 1, [0x80]]);
    const nothing = frameOf(breach(11).bytes);
    assert.deepEqual([nothing.type, nothing.id, nothing.payload.readUInt32BE(0)], [8, 1, 1]);
    // Of those that are shown in part: a PING belongs to stream 0, and has eight octets.
    assert.deepEqual([...breach(1).bytes.subarray(0, 9)], [0, 0, 8, 6, 0, 0, 0, 0, 1]);
    assert.deepEqual([...breach(6).bytes.subarray(0, 9)], [0, 0, 7, 6, 0, 0, 0, 0, 0]);
  });
});

describe('WebSocket frames', () => {
  test('that close are read with their code, and codes that are never sent have none', () => {
    for (const { close, isLocal } of WEBSOCKET_CLOSES) {
      const line = closeWire(close);
      if (isLocal) {
        assert.equal(line, null, String(close));
        continue;
      }
      const { bytes, text } = octetsOf(line!);
      let code = 0;
      const end = new WebSocketReader(1000, false).read(bytes, 0, ({ opcode, final, payload }) => {
        assert.deepEqual([opcode, final, payload.length], [8, true, 2]);
        code = payload.readUInt16BE(0);
      });
      assert.deepEqual([end, code], [bytes.length, close]);
      assert.match(text, new RegExp(`code ${close}$`));
    }
    assert.equal(closeWire(4999), null);
  });

  test('in the exchanges of codes are good or bad as the code has it', () => {
    const read = (line: string): string[] => {
      const found: string[] = [];
      const { bytes } = octetsOf(line);
      new WebSocketReader(1000, false).read(bytes, 0, ({ opcode, payload }) =>
        found.push(`${opcode} ${payload.length}`),
      );
      return found;
    };
    assert.deepEqual(read(codeWire(1900)!), ['8 2']);
    assert.throws(() => read(codeWire(1902)!), /reserved bits/);
    assert.deepEqual(read(codeWire(1903)!.split('\n')[0]!), ['1 2']);
  });
});

describe('TLS and MQTT', () => {
  test('alerts have the number that is named (RFC 8446, section 6)', () => {
    for (const [code, alert] of [
      [1320, 40],
      [1321, 70],
    ] as const) {
      const { bytes, text } = octetsOf(codeWire(code)!.split('\n')[1]!);
      assert.deepEqual([...bytes], [0x15, 3, 3, 0, 2, 2, alert]);
      assert.match(text, new RegExp(`\\(${alert}\\)$`));
    }
  });

  test('packets have their type, their length, and the code that is named (MQTT 3.1.1, sections 3.2 and 3.9)', () => {
    for (const [code, packet] of [
      [2300, [0x20, 2, 0, 3]],
      [2301, [0x20, 2, 0, 5]],
      [2302, [0x90, 3, 0, 1, 0x80]],
    ] as const) {
      const { bytes } = octetsOf(codeWire(code)!.split('\n')[1]!);
      assert.deepEqual([...bytes], packet);
      assert.equal(bytes[1], bytes.length - 2);
    }
  });
});

describe('answers of HTTP', () => {
  const headOf = (status: number) => {
    const [lines = '', body = null] = httpWire(status).split('\n\n') as [string, string | undefined];
    const bytes = Buffer.from(`${lines.replaceAll('\n', '\r\n')}\r\n\r\n`);
    const head = new Head();
    assert.equal(head.scan(bytes, 0, bytes.length), bytes.length, lines);
    const headers = parseHeaderLines(bytes.toString('latin1', head.linesStart, head.linesEnd));
    return { head, body: body ?? null, headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])) };
  };

  test('are answers of that status, with its phrase', () => {
    for (const { status, phrase } of statuses) {
      assert.equal(headOf(status).head.status, status);
      assert.ok(httpWire(status).startsWith(`HTTP/1.1 ${status} ${phrase}`), String(status));
    }
  });

  test('have the headers without which they are wrong (RFC 9110)', () => {
    for (const [status, name, form] of [
      [101, 'upgrade', /^websocket$/],
      [206, 'content-range', /^bytes \d+-\d+\/\d+$/],
      [401, 'www-authenticate', /^Bearer \w+="/],
      [405, 'allow', /^[A-Z]+(?:, [A-Z]+)*$/],
      [407, 'proxy-authenticate', /^Basic realm="/],
      [416, 'content-range', /^bytes \*\/\d+$/],
      [426, 'upgrade', /./],
      [503, 'retry-after', /^\d+$/],
    ] as const)
      assert.match(headOf(status).headers.get(name) ?? 'nothing', form, `${status} ${name}`);
    for (const status of [201, 301, 302, 303, 307, 308])
      assert.match(headOf(status).headers.get('location') ?? 'nothing', /^(?:https:\/\/|\/)/, String(status));
    // RFC 6455, section 1.3: the answer to the key of its example.
    const accept = createHash('sha1').update('dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11');
    assert.equal(headOf(101).headers.get('sec-websocket-accept'), accept.digest('base64'));
  });

  test('have a body only where one may be, of RFC 9457, that says the status again', () => {
    for (const { status, phrase } of statuses) {
      const { body, headers } = headOf(status);
      if (body === null) continue;
      assert.ok(status >= 400, String(status));
      assert.equal(headers.get('content-type'), 'application/problem+json');
      assert.deepEqual(JSON.parse(body), { type: 'about:blank', title: phrase, status });
    }
  });

  test('are specified where the address says, each in a section of its own', () => {
    const seen = new Set<string>();
    for (const { status } of statuses) {
      const specification = httpSpecification(status);
      if (specification === null) continue;
      const [, rfc, section] = /^RFC (\d+), § ([\d.]+)$/.exec(specification.title) ?? [];
      assert.equal(specification.url, `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}`);
      // RFC 9110 has a section for each class of statuses.
      if (rfc === '9110') assert.match(section!, new RegExp(`^15\\.${Math.floor(status / 100) + 1}\\.\\d+$`));
      assert.ok(!seen.has(specification.url), `${status}: ${specification.url}`);
      seen.add(specification.url);
    }
    assert.equal(httpSpecification(499), null);
  });
});

test('answers of gRPC end with their status, and a message for whatever failed', () => {
  for (const { status } of GRPC_STATUSES) {
    const wire = grpcWire(status);
    assert.match(wire, new RegExp(`^grpc-status: ${status}$`, 'm'));
    assert.equal(/^grpc-message: ./m.test(wire), status !== 0, wire);
    // A failure is said in the headers, which then are all there is (Trailers-Only).
    assert.equal(wire.includes('\n\n'), status === 0);
    assert.match(wire, /^:status: 200\ncontent-type: application\/grpc\n/);
  }
});
