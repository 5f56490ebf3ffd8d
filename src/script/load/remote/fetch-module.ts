// Fetches a module that is imported by an https address.
import { basicAuthorization, maskCredentials, maskUnread, takeCredentials } from '../../../addresses/credentials.ts';
import { useProxiesForFetch } from '../../../addresses/node-proxies.ts';

const TIMEOUT_MS = 60_000;
/** Octets of one module. */
const LARGEST = 20_000_000;
const MOST_REDIRECTS = 10;

export interface FetchedModule {
  readonly text: string;
  /** Where redirects led: what relative imports of the module start from. */
  readonly resolved: string;
}

/**
 * The text of a module on the web. As k6 does, `?_k6=1` is tried first, so that a server may give load testing tools a version
 * of their own.
 * @throws Error that says why it could not be fetched
 */
export async function fetchModule(address: string): Promise<FetchedModule> {
  useProxiesForFetch();
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const marked = mark(address);
  const special = await get(marked, deadline);
  const { response, url } = special.response.ok ? special : await get(address, deadline);
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  return { text: await readText(response), resolved: url === marked ? address : withoutMark(url, address) };
}

/** Written behind what the address asks for, which stays as its author wrote it: to some servers `?min` is not `?min=`. */
function mark(address: string): string {
  const url = new URL(address);
  if (url.searchParams.has('_k6')) url.searchParams.set('_k6', '1');
  else url.search = `${url.search}${url.search === '' ? '?' : '&'}_k6=1`;
  return url.href;
}

async function get(address: string, signal: AbortSignal): Promise<{ response: Response; url: string }> {
  let url = address;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await request(url, signal);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return { response, url };
    await response.body?.cancel();
    const next = URL.parse(location, url);
    if (next === null)
      throw new Error(`the server redirects to ${JSON.stringify(maskUnread(location))}, which is no address`);
    if (next.protocol !== 'https:')
      throw new Error(`the server redirects to ${maskCredentials(next.href)}: modules are fetched by https only`);
    url = next.href;
  }
  throw new Error(`there are more than ${MOST_REDIRECTS} redirects`);
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  try {
    const address = new URL(url);
    // `fetch` refuses addresses with a name and a password, which k6 sends to the server that the address names.
    const credentials = takeCredentials(address);
    const headers = credentials === null ? {} : { authorization: basicAuthorization(credentials) };
    return await fetch(address, { signal, redirect: 'manual', headers });
  } catch (error) {
    throw explained(error);
  }
}

function explained(error: unknown): Error {
  const { cause } = error as { cause?: unknown };
  const reason = (cause ?? error) as Error & { code?: string; errors?: Error[] };
  if (reason.name === 'TimeoutError') return new Error(`no answer within ${TIMEOUT_MS / 1000} s`);
  return new Error(reason.message || reason.errors?.[0]?.message || reason.code || String(error));
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += (chunk as Uint8Array).byteLength;
      if (size > LARGEST) break;
      chunks.push(chunk as Uint8Array);
    }
  } catch (error) {
    throw explained(error);
  }
  if (size > LARGEST) throw new Error(`it is larger than ${LARGEST / 1e6} MB`);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

/** The mark is ours: where the author of a module imports its neighbours from, it is not. */
function withoutMark(url: string, address: string): string {
  if (new URL(address).searchParams.has('_k6')) return url;
  return url.replace(/([?&])_k6=1(&|(?=#)|$)/, (_, before: string, after: string) => (after === '' ? '' : before));
}
