// The server that gave the page. Its token came in the link's fragment, which no server sees, and is kept for this tab.

/** A file has its run inside. */
export const isServed = document.getElementById('run') === null;
/** Whether the server has the page of the history too. */
export const hasHistory = isServed && document.querySelector('meta[name="history"]') !== null;

const STORED_TOKEN = 'sixfold-token';

function findToken(): string {
  const found = /[#&]token=([\w-]+)/.exec(location.hash)?.[1];
  try {
    if (found !== undefined) {
      sessionStorage.setItem(STORED_TOKEN, found);
      // Links to sections take the fragment's place; nobody is to copy the token by chance.
      history.replaceState(null, '', location.pathname + location.search);
    }
    return found ?? sessionStorage.getItem(STORED_TOKEN) ?? '';
  } catch {
    return found ?? '';
  }
}

let token: string | null = null;

export function hasToken(): boolean {
  token ??= findToken();
  return token !== '';
}

/** What the server answers instead of what was asked for. */
export class RefusedError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** @throws Error in words of ours where there is no answer: browsers say no more than that fetching failed */
async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Error('The server does not answer: it has ended with its run, or the connection is cut.', {
      cause: error,
    });
  }
}

/** @throws RefusedError with what the server says is wrong; Error where it does not answer */
export async function authorised(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...(hasToken() && { authorization: `Bearer ${token}` }) };
  const response = await reach(path, { ...init, headers, cache: 'no-store' });
  if (response.ok) return response;
  const text = await response.text();
  const detail = /"detail":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  throw new RefusedError(
    response.status,
    detail === undefined ? `${response.status} ${response.statusText}` : (JSON.parse(detail) as string),
  );
}
