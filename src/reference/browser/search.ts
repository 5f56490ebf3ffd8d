// The browser's part of the search: the index is a script, fetched when it is first wanted.
import MiniSearch, { type SearchResult } from 'minisearch';
import { SEARCH_OPTIONS } from '../search-options.ts';

declare global {
  interface Window {
    sixfoldIndex?: object;
  }
}

const SHOWN = 8;

const script = document.currentScript as HTMLScriptElement;
const form = document.querySelector<HTMLFormElement>('form.search')!;
const input = form.querySelector('input')!;
const list = form.querySelector('ul')!;
const { index: indexFile = '', root = '' } = script.dataset;

let index: Promise<MiniSearch> | undefined;
let chosen = -1;

/** A fetch of a file is forbidden where pages are files; a script is not. */
function loadIndex(): Promise<MiniSearch> {
  index ??= new Promise((resolve, reject) => {
    const element = document.createElement('script');
    element.src = indexFile;
    element.onload = () => resolve(MiniSearch.loadJS(window.sixfoldIndex as never, SEARCH_OPTIONS as never));
    element.onerror = reject;
    document.head.append(element);
  });
  return index;
}

async function search(): Promise<void> {
  const query = input.value.trim();
  if (query === '') return close();
  const found = (await loadIndex()).search(query).slice(0, SHOWN);
  // Somebody may have typed on while the index was on its way.
  if (input.value.trim() === query) show(found);
}

function show(found: readonly SearchResult[]): void {
  list.replaceChildren(...(found.length > 0 ? found.map(rowOf) : [emptyRow()]));
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  choose(found.length > 0 ? 0 : -1);
}

function rowOf(result: SearchResult, at: number): HTMLLIElement {
  const row = document.createElement('li');
  row.id = `found-${at}`;
  row.setAttribute('role', 'option');
  row.dataset['href'] = root + result.id;
  for (const [name, text] of [
    ['number', result['number']],
    ['title', result['title']],
    ['kind', result['kind']],
  ]) {
    const part = document.createElement('span');
    part.className = name as string;
    part.textContent = text as string;
    row.append(part, ' ');
  }
  row.addEventListener('mousedown', (event) => event.preventDefault());
  row.addEventListener('click', () => go(row));
  return row;
}

function emptyRow(): HTMLLIElement {
  const row = document.createElement('li');
  row.className = 'none';
  row.setAttribute('role', 'option');
  row.setAttribute('aria-disabled', 'true');
  row.textContent = list.dataset['none'] ?? '';
  return row;
}

function choose(at: number): void {
  chosen = at;
  for (const [i, row] of [...list.children].entries()) row.setAttribute('aria-selected', String(i === at));
  if (at < 0) input.removeAttribute('aria-activedescendant');
  else {
    input.setAttribute('aria-activedescendant', `found-${at}`);
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }
}

function close(): void {
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute('aria-expanded', 'false');
  choose(-1);
}

function go(row: Element | undefined): void {
  const href = (row as HTMLElement | undefined)?.dataset['href'];
  if (href !== undefined) location.href = href;
}

input.addEventListener('input', () => void search());
input.addEventListener('focus', () => void loadIndex().catch(() => {}));
input.addEventListener('blur', () => close());
input.addEventListener('keydown', (event) => {
  const count = list.hidden || chosen < 0 ? 0 : list.children.length;
  if (event.key === 'Escape') {
    close();
    input.blur();
  } else if (event.key === 'ArrowDown' && count > 0) choose((chosen + 1) % count);
  else if (event.key === 'ArrowUp' && count > 0) choose((chosen + count - 1) % count);
  else return;
  event.preventDefault();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const picked = chosen;
  if (!list.hidden && picked >= 0) go(list.children[picked]);
  else void search().then(() => go(list.children[0]));
});
document.addEventListener('keydown', (event) => {
  const isTyping = /^(?:INPUT|TEXTAREA|SELECT)$/.test((event.target as Element).tagName);
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
});
// Without this script there would be nothing behind the field.
form.hidden = false;
