// A web server of modules on loopback, with an authority of its own.
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createCertificates } from '../../src/demo/certificates.ts';

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface ModuleServer {
  readonly url: string;
  /** The path of each request, in their order. */
  readonly asked: string[];
  /** By path: text, a status, where it redirects to, or what answers. Those for k6 have `?_k6=1`. */
  readonly answers: Map<string, string | number | { readonly location: string } | Answer>;
  /** The file of the authority's certificate, for NODE_EXTRA_CA_CERTS. */
  readonly ca: string;
  /** That certificate. */
  readonly authority: string;
  close(): Promise<void>;
}

/** @param folder where the certificate is put */
export async function startModuleServer(folder: string): Promise<ModuleServer> {
  const { ca, cert, key } = createCertificates(['127.0.0.1']);
  const asked: string[] = [];
  const answers: ModuleServer['answers'] = new Map();
  const server = https.createServer({ cert, key }, (request, response) => {
    asked.push(request.url!);
    const answer = answers.get(request.url!) ?? 404;
    if (typeof answer === 'string') response.end(answer);
    else if (typeof answer === 'function') answer(response, request);
    else if (typeof answer === 'number') response.writeHead(answer).end();
    else response.writeHead(302, answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = path.join(folder, `ca-${port}.pem`);
  writeFileSync(file, ca);
  return {
    url: `https://127.0.0.1:${port}`,
    asked,
    answers,
    ca: file,
    authority: ca,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
