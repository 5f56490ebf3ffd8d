// The tables of the page of mappings, as a browser reads them, against the documents that they are taken from.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { parse } from 'parse5';
import { CATALOGUE, GRPC_STATUSES, HTTP2_ERRORS } from '../codes/index.ts';
import { LANGUAGES } from './languages.ts';
import { MAPPINGS } from './routes.ts';
import { renderFile } from './site.ts';

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

const textOf = (node: Node): string => node.value ?? (node.childNodes ?? []).map(textOf).join('');
const idOf = (node: Node): string | undefined => node.attrs?.find(({ name }) => name === 'aria-labelledby')?.value;
const find = (node: Node, name: string): Node[] => [
  ...(node.nodeName === name ? [node] : []),
  ...(node.childNodes ?? []).flatMap((child) => find(child, name)),
];

/** Rows of cells by the table's id. */
const tables = new Map<string, Map<string, string[][]>>();
before(async () => {
  for (const { tag } of LANGUAGES) {
    const page = parse((await renderFile(`${tag}/${MAPPINGS}`))!) as unknown as Node;
    const sections = find(page, 'section').filter((section) => find(section, 'table').length > 0);
    const rows = (section: Node) =>
      find(section, 'tr').map((row) => [...find(row, 'th'), ...find(row, 'td')].map((cell) => textOf(cell).trim()));
    tables.set(tag, new Map(sections.map((section) => [idOf(section)!, rows(section)])));
  }
});
const table = (id: string, tag = 'en'): string[][] => tables.get(tag)!.get(id)!.slice(1);

describe('the page of mappings', () => {
  test('has the same tables in each language, with the same numbers and names in them', () => {
    const english = tables.get('en')!;
    for (const [tag, own] of tables) {
      assert.deepEqual([...own.keys()], [...english.keys()], tag);
      for (const [id, rows] of own) {
        const columns = id === 'code-to-grpc' ? [1, 2] : [0, 1];
        assert.deepEqual(
          rows.slice(1).map((row) => columns.map((column) => row[column])),
          english
            .get(id)!
            .slice(1)
            .map((row) => columns.map((column) => row[column])),
          `${tag} ${id}`,
        );
      }
    }
  });

  test('gives an HTTP status without a status of gRPC what grpc/doc/http-grpc-status-mapping.md gives it', () => {
    assert.deepEqual(table('http-to-grpc'), [
      // An answer of 200 that has no grpc-status is UNKNOWN, as every status that is not listed there.
      ['200', 'UNKNOWN'],
      ['400', 'INTERNAL'],
      ['401', 'UNAUTHENTICATED'],
      ['403', 'PERMISSION_DENIED'],
      ['404', 'UNIMPLEMENTED'],
      ['429', 'UNAVAILABLE'],
      ['502', 'UNAVAILABLE'],
      ['503', 'UNAVAILABLE'],
      ['504', 'UNAVAILABLE'],
    ]);
  });

  test('gives each status of gRPC the HTTP status that google/rpc/code.proto names', () => {
    const expected = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];
    assert.deepEqual(
      table('grpc-to-http'),
      GRPC_STATUSES.map(({ status, name }) => [`${status} ${name}`, String(expected[status])]),
    );
  });

  test('gives each error of a reset stream what the gRPC protocol says, and beside it what grpc-go does', () => {
    const rows = table('reset-to-grpc');
    assert.deepEqual(
      rows.map(([error]) => error),
      HTTP2_ERRORS.map(({ error, name }) => `${error} ${name}`),
    );
    const specified = new Map(rows.map(([error = '', named = '']) => [error.replace(/^\d+ /, ''), named]));
    // grpc/doc/PROTOCOL-HTTP2.md, "Errors".
    for (const [error, named] of [
      ['NO_ERROR', 'INTERNAL'],
      ['PROTOCOL_ERROR', 'INTERNAL'],
      ['REFUSED_STREAM', 'UNAVAILABLE'],
      ['CANCEL', 'CANCELLED'],
      ['ENHANCE_YOUR_CALM', 'RESOURCE_EXHAUSTED'],
      ['INADEQUATE_SECURITY', 'PERMISSION_DENIED'],
    ] as const)
      assert.equal(specified.get(error), named, error);
    const differing = rows.filter(([, named, inGo]) => named !== inGo).map(([error]) => error);
    assert.ok(differing.includes('3 FLOW_CONTROL_ERROR'), String(differing));
  });

  test('has a row for every code of ours that can end a call, each once, with a status of gRPC', () => {
    const names = new Set<string>(GRPC_STATUSES.map(({ name }) => name));
    const rows = table('code-to-grpc');
    const codes = rows.map(([code = '']) => Number(/^\d+/.exec(code)?.[0]));
    assert.equal(new Set(codes).size, codes.length);
    assert.deepEqual(
      codes,
      [...codes].sort((a, b) => a - b),
    );
    for (const [code, , status = ''] of rows) assert.ok(names.has(status), `${code}: ${status}`);
    for (const code of [1000, 1040, 1101, 1211, 1212, 1220, 1310, 1701]) assert.ok(codes.includes(code), String(code));
    for (const code of codes) assert.ok(CATALOGUE.some((entry) => entry.code === code));
  });
});
