// Who changed what, the latest first.
import { useState } from 'preact/hooks';
import { type AuditEntry, ask, type Page, trouble } from './api.ts';
import { Title } from './frame.tsx';
import { when, words } from './language.ts';
import { useLoaded } from './use-loaded.ts';

const PAGE_ROWS = 20;

/** @param path of the list in the API */
export function AuditList({ path }: { readonly path: string }) {
  const said = words.value;
  const [older, setOlder] = useState<Page<AuditEntry> | null>(null);
  const { value, problem } = useLoaded(path, () => ask<Page<AuditEntry>>('GET', `${path}?limit=${PAGE_ROWS}`));
  const entries = [...(value?.items ?? []), ...(older?.items ?? [])];
  const next = older === null ? (value?.next ?? null) : older.next;
  return (
    <section aria-labelledby="audit">
      <Title id="audit" text={said.audit} />
      {value === null ? (
        <p class="empty" role="status">
          {problem ?? said.loading}
        </p>
      ) : (
        <ul class="rows audit">
          {entries.map(({ id, atMs, actor, action, object, detail }) => (
            <li key={id}>
              <span class="quiet">{when(atMs)}</span>
              <span>{actor}</span>
              <code>{action}</code>
              <span>
                {object}
                {detail === '' ? null : <small>{detail}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {next === null ? null : (
        <button
          type="button"
          class="more"
          onClick={() =>
            void ask<Page<AuditEntry>>('GET', `${path}?limit=${PAGE_ROWS}&after=${next}`).then(
              (page) => setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next }),
              (error: unknown) => {
                trouble.value = (error as Error).message;
              },
            )
          }
        >
          {said.more}
        </button>
      )}
    </section>
  );
}
