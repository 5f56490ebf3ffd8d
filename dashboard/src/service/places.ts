// The pages of the service and their addresses: each can be linked to, and is read anew.
export type Place =
  | { readonly page: 'projects' | 'sign-in' | 'setup' | 'password' | 'account' | 'machines' | 'people' | 'nowhere' }
  | { readonly page: 'tests' | 'runs' | 'schedules' | 'settings' | 'new-test'; readonly project: string }
  | { readonly page: 'test'; readonly test: string }
  | { readonly page: 'version'; readonly test: string; readonly version: number }
  | { readonly page: 'run' | 'log'; readonly run: string }
  | { readonly page: 'compare'; readonly run: string; readonly other: string };

/** @param path of the address */
export function readPlace(path: string): Place {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [first, second = '', third = '', fourth = ''] = parts;
  switch (first) {
    case undefined:
      return { page: 'projects' };
    case 'sign-in':
    case 'setup':
    case 'password':
    case 'account':
    case 'machines':
    case 'people':
      return parts.length === 1 ? { page: first } : { page: 'nowhere' };
    case 'projects':
      if (second === '') return { page: 'projects' };
      if (third === '') return { page: 'tests', project: second };
      if (third === 'runs' || third === 'schedules' || third === 'settings') return { page: third, project: second };
      return third === 'new' ? { page: 'new-test', project: second } : { page: 'nowhere' };
    case 'tests':
      if (second === '') return { page: 'nowhere' };
      if (third === '') return { page: 'test', test: second };
      return third === 'versions' && /^\d+$/.test(fourth)
        ? { page: 'version', test: second, version: Number(fourth) }
        : { page: 'nowhere' };
    case 'runs':
      if (second === '') return { page: 'nowhere' };
      if (third === '') return { page: 'run', run: second };
      if (third === 'log') return { page: 'log', run: second };
      return third === 'compare' && fourth !== ''
        ? { page: 'compare', run: second, other: fourth }
        : { page: 'nowhere' };
    default:
      return { page: 'nowhere' };
  }
}

export const projectPage = (slug: string, part = ''): string =>
  `/projects/${encodeURIComponent(slug)}${part === '' ? '' : `/${part}`}`;
export const testPage = (id: string): string => `/tests/${encodeURIComponent(id)}`;
export const versionPage = (id: string, n: number): string => `${testPage(id)}/versions/${n}`;
export const runPage = (id: string): string => `/runs/${encodeURIComponent(id)}`;
export const logPage = (id: string): string => `${runPage(id)}/log`;
export const comparePage = (id: string, other: string): string => `${runPage(id)}/compare/${encodeURIComponent(other)}`;
