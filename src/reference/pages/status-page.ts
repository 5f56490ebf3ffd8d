import type { Constant, Retry } from '../../codes/index.ts';
import type { Specification } from '../data/specifications.ts';
import type { Unprovoked } from '../data/unprovoked.ts';
import { type Html, html } from '../html.ts';
import { linkTo, type PageContext, sentence } from '../page-context.ts';

/** One of the facts side by side. */
export interface Fact {
  readonly label: string;
  readonly value: Html | string;
  readonly note?: Html | string;
  /** The verdict on a retry has a colour. */
  readonly verdict?: Retry;
}

export interface LitmusRow {
  readonly question: string;
  readonly name: string;
  readonly to: string;
}

export interface Misuse {
  readonly text: string;
  readonly name: string;
  readonly to: string;
}

/** Examples, and what they are called: a status is used right or wrong, a code is this one or another. */
export interface Uses {
  readonly titles: { readonly right: string; readonly wrong: string; readonly instead: string };
  readonly right: readonly string[];
  readonly wrong: readonly Misuse[];
}

/** A part with a heading of its own that only some pages have. */
export interface Part {
  readonly title: string;
  readonly body: Html;
}

/** The page of a status, code or error. What is empty is left out. */
export interface StatusPage {
  readonly number: string;
  readonly name: string;
  /** Names in capitals are set narrower. */
  readonly isConstant: boolean;
  /** Where it belongs, above the heading. */
  readonly kind: { readonly text: string; readonly to: string };
  readonly lead: string;
  readonly facts: readonly Fact[];
  readonly litmus: readonly { readonly title: string; readonly rows: readonly LitmusRow[] }[];
  readonly meaning: readonly string[];
  readonly fromLibrary: string | null;
  readonly look: string;
  readonly uses: Uses | null;
  readonly script: string | null;
  /** Why there is no script. */
  readonly unprovoked: Unprovoked | null;
  /** What to do with the script, with a command in it. */
  readonly scriptNote: string;
  readonly wire: string | null;
  readonly constants: readonly Constant[];
  readonly errnos: readonly string[];
  readonly parts: readonly Part[];
  readonly related: readonly { readonly code: string; readonly title: string; readonly to: string }[];
  readonly specification: Specification | null;
}

const TICK = html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5 6.5 12 13 4.5"/></svg>`;
const CROSS = html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8M12 4l-8 8"/></svg>`;

/** The text of a page between header and footer. */
export function renderStatusPage(context: PageContext, page: StatusPage): Html {
  const { sections } = context.language.messages;
  return html`<p class="kind"><a href="${linkTo(context, page.kind.to)}">${page.kind.text}</a></p>
<h1 class="${page.isConstant ? 'constant' : 'words'}"><span class="number">${page.number}</span> <span>${breakable(page.name)}</span></h1>
<p class="lead">${sentence(context, page.lead)}</p>
<dl class="facts">${page.facts.map(renderFact)}</dl>
${page.litmus.map((group) => renderLitmus(context, group))}
${
  page.meaning.length > 0 &&
  section(
    'meaning',
    sections.meaning,
    page.meaning.map((text) => html`<p>${sentence(context, text)}</p>`),
  )
}
${page.fromLibrary !== null && section('library', sections.fromLibrary, html`<p>${sentence(context, page.fromLibrary)}</p>`)}
${section('look', sections.look, html`<p>${sentence(context, page.look)}</p>`)}
${page.uses !== null && renderUses(context, page.uses)}
${renderScript(context, page)}
${page.wire !== null && section('wire', sections.wire, codeBlock(page.wire, sections.wire))}
${renderFoot(context, page)}`;
}

/** The script that brings it about, or why there is none. */
function renderScript(context: PageContext, { script, scriptNote, unprovoked }: StatusPage): Html | null {
  const { sections, unprovoked: reasons } = context.language.messages;
  if (script !== null)
    return section(
      'script',
      sections.script,
      html`<p class="note">${runNote(scriptNote)}</p>${codeBlock(script, sections.script)}`,
    );
  return unprovoked && section('script', sections.script, html`<p>${sentence(context, reasons[unprovoked])}</p>`);
}

/** Names in other languages on one side, what the page is connected with on the other. */
function renderFoot(context: PageContext, page: StatusPage): Html {
  const { sections } = context.language.messages;
  const specification =
    page.specification !== null &&
    section(
      'specification',
      sections.specification,
      html`<p><a href="${page.specification.url}" rel="external noopener">${page.specification.title}</a></p>`,
    );
  const related = page.related.length > 0 && section('related', sections.related, renderRelated(context, page));
  const errnos =
    page.errnos.length > 0 &&
    section(
      'errnos',
      sections.errnos,
      html`<p class="chips">${page.errnos.map((errno) => html`<code>${errno}</code> `)}</p>`,
    );
  const parts = page.parts.map(({ title, body }, i) => section(`part-${i + 1}`, title, body));
  if (page.constants.length === 0)
    return page.errnos.length + parts.length > 0
      ? html`<div class="columns"><div>${errnos}${parts}</div><div>${related}${specification}</div></div>`
      : html`${related}${specification}`;
  return html`<div class="columns"><div>${section('constants', sections.constants, constantTable(page.constants))}${specification}</div><div>${related}${errnos}${parts}</div></div>`;
}

export function section(id: string, title: string, body: Html | readonly Html[]): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

/** Text as it is typed; it can be scrolled, so it can be focused. */
export function codeBlock(text: string, label: string): Html {
  return html`<pre tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;
}

/** Long constants may break behind an underscore. */
function breakable(name: string): Html {
  return html`${name.split('_').map((part, i) => (i === 0 ? part : html`_<wbr>${part}`))}`;
}

/** The command in a note is code: from `sixfold` on. */
function runNote(note: string): Html {
  const at = note.indexOf('sixfold');
  return html`${note.slice(0, at)}<code>${note.slice(at)}</code>`;
}

function renderFact({ label, value, note, verdict }: Fact): Html {
  return html`<div><dt>${label}</dt><dd class="${verdict === undefined ? 'value' : `value verdict-${verdict}`}">${value}</dd>${note !== undefined && html`<dd class="note">${note}</dd>`}</div>`;
}

function renderLitmus(context: PageContext, { title, rows }: StatusPage['litmus'][number]): Html {
  const { sections } = context.language.messages;
  const id = `litmus-${rows.map(({ name }) => name.toLowerCase()).join('-')}`;
  const row = ({ question, name, to }: LitmusRow) => {
    const isOwn = to === context.path;
    const target = isOwn
      ? html`<span class="own" aria-current="true">${name}</span>`
      : html`<a href="${linkTo(context, to)}"><code>${name}</code></a>`;
    return html`<li class="${isOwn ? 'is-own' : 'is-other'}"><span>${question}</span> <span class="answer"><span class="yes">${sections.yes}&nbsp;→</span> ${target}</span></li>`;
  };
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${sections.litmus}<small>${title}</small></h2><ol class="litmus">${rows.map(row)}</ol></section>`;
}

function renderUses(context: PageContext, { titles, right, wrong }: Uses): Html {
  return html`<div class="columns uses">
${section('right', titles.right, html`<ul class="right">${right.map((text) => html`<li>${TICK}<span>${sentence(context, text)}</span></li>`)}</ul>`)}
${section('wrong', titles.wrong, html`<ul class="wrong">${wrong.map(({ text, name, to }) => html`<li>${CROSS}<span>${sentence(context, text)} <span class="instead">${titles.instead} <a href="${linkTo(context, to)}"><code>${name}</code></a></span></span></li>`)}</ul>`)}
</div>`;
}

function constantTable(constants: readonly Constant[]): Html {
  return html`<table class="constants"><tbody>${constants.map(({ language, constant }) => html`<tr><th scope="row">${language}</th><td><code>${constant}</code></td></tr>`)}</tbody></table>`;
}

function renderRelated(context: PageContext, { related }: StatusPage): Html {
  return html`<ul class="related">${related.map(({ code, title, to }) => html`<li><a href="${linkTo(context, to)}"><code>${code}</code> ${title}</a></li>`)}</ul>`;
}
