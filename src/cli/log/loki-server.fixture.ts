// Loki's push API, as strict as Loki is about what it takes (page "HTTP API", "Ingest logs").
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LokiLine {
  readonly labels: Readonly<Record<string, string>>;
  readonly time: bigint;
  readonly text: string;
}

interface Push {
  readonly streams: readonly { stream: Record<string, string>; values: readonly [string, string][] }[];
}

export class LokiServer {
  readonly lines: LokiLine[] = [];
  readonly pushes: { readonly headers: IncomingHttpHeaders; readonly lines: number }[] = [];
  /** What it answers instead of taking lines: a status, or nothing at all. */
  failing: number | 'never' | null = null;
  /** Pushes that were not taken. */
  failed = 0;
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (this.failing !== null) {
        this.failed++;
        // A proxy on the way may tell all that it got.
        if (this.failing !== 'never')
          response.writeHead(this.failing).end(`not now, ${JSON.stringify(request.headers)}`);
        return;
      }
      const problem =
        request.method === 'POST' && request.url === '/loki/api/v1/push'
          ? this.#take(Buffer.concat(parts).toString('utf8'), request.headers)
          : 'there is nothing here';
      response.writeHead(problem === null ? 204 : 400).end(problem ?? undefined);
    });
  });

  /** @returns its origin */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(body: string, headers: IncomingHttpHeaders): string | null {
    if (headers['content-type'] !== 'application/json') return 'unsupported content type';
    const { streams } = JSON.parse(body) as Push;
    const lines = streams.flatMap(({ stream, values }) =>
      values.map(([time, text]) => ({ labels: stream, time: BigInt(time), text })),
    );
    for (const { stream, values } of streams) {
      const names = Object.keys(stream);
      if (names.length === 0) return 'at least one label pair is required per stream';
      if (!names.every((name) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))) return 'a label is malformed';
      if (values.some((value) => value.some((part) => typeof part !== 'string'))) return 'a value is no string';
    }
    this.pushes.push({ headers, lines: lines.length });
    this.lines.push(...lines);
    return null;
  }
}
