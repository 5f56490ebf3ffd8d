import { type Html, html } from './html.ts';
import { LANGUAGES } from './languages.ts';
import { linkTo, type PageContext } from './page-context.ts';
import { FRONT, GUIDES, MAPPINGS, relativeLink } from './routes.ts';

/** The mark: a ring of six blades. */
const MARK = html`<svg class="logo" viewBox="-12 -12 24 24" aria-hidden="true">${[1, 0.86, 0.72, 0.58, 0.44, 0.3].map(
  (opacity, i) => html`<path transform="rotate(${i * 60})" opacity="${opacity}" d="M-5.2-9 5.2-9 3.4-5.9-2.2-5.9Z"/>`,
)}</svg>`;

/** A whole page. Scripts and styles are files beside it: it opens from a folder as from a server. */
export function renderDocument(context: PageContext, title: string, main: Html): string {
  const { language } = context;
  const { messages } = language;
  const own = `${language.tag}/${context.path}`;
  const asset = (to: string) => relativeLink(own, to);
  const alternates = LANGUAGES.map(({ tag }) => ({ tag, href: relativeLink(own, `${tag}/${context.path}`) }));
  const document = html`<!doctype html>
<html lang="${language.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${messages.site}</title>
<link rel="icon" href="${asset('assets/icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${asset('assets/site.css')}">
${alternates.map(({ tag, href }) => html`<link rel="alternate" hreflang="${tag}" href="${href}">`)}
<script src="${asset('assets/search.js')}" data-index="${asset(`${language.tag}/search-index.js`)}" data-root="${asset(`${language.tag}/`)}" defer></script>
</head>
<body>
<a class="skip" href="#text">${messages.skip}</a>
<header><div class="bar">
<a class="brand" href="${linkTo(context, FRONT)}">${MARK}<span>Sixfold</span></a>
${navigation(context)}
<form class="search" role="search" hidden><input id="search" type="search" role="combobox" aria-label="${messages.search.label}" aria-expanded="false" aria-controls="found" aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="${messages.search.placeholder}"><ul id="found" role="listbox" aria-label="${messages.search.results}" data-none="${messages.search.none}" hidden></ul></form>
<nav class="languages" aria-label="${messages.nav.languages}">${alternates.map(({ tag, href }, i) => html`<a href="${href}" hreflang="${tag}" lang="${tag}" title="${LANGUAGES[i]!.name}"${tag === language.tag && html` aria-current="true"`}>${tag.toUpperCase()}</a>`)}</nav>
</div></header>
<main id="text">
${main}
</main>
<footer><p>${messages.footer}</p></footer>
</body>
</html>
`;
  return document.text;
}

function navigation(context: PageContext): Html {
  const { nav } = context.language.messages;
  const links: readonly (readonly [string, string])[] = [
    [nav.grpc, `${FRONT}#grpc`],
    [nav.http, `${FRONT}#http`],
    [nav.codes, `${FRONT}#codes`],
    [nav.mappings, MAPPINGS],
    [nav.guides, GUIDES],
  ];
  return html`<nav class="main" aria-label="${nav.main}">${links.map(([text, to]) => html`<a href="${linkTo(context, to)}"${to === context.path && html` aria-current="page"`}>${text}</a>`)}</nav>`;
}

/** The start of an export: to the language of the browser where scripts run, else the choice. */
export function renderStart(): string {
  const links = LANGUAGES.map(
    ({ tag, name, messages }) =>
      html`<li><a href="${tag}/index.html" lang="${tag}" hreflang="${tag}">${name} – ${messages.title}</a></li>`,
  );
  const title = LANGUAGES.map(({ messages }) => messages.chooseLanguage).join(' · ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/site.css">
<script src="assets/start.js" data-languages="${LANGUAGES.map(({ tag }) => tag).join(' ')}" defer></script>
</head>
<body><main id="text"><h1 class="words">Sixfold</h1><ul class="related">${links}</ul></main></body>
</html>
`.text;
}

/** A page that leads to another, for numbers that are described with their status. */
export function renderMoved(context: PageContext, to: string, name: string): string {
  const { language } = context;
  const own = `${language.tag}/${context.path}`;
  const href = linkTo(context, to);
  return html`<!doctype html>
<html lang="${language.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url=${href}">
<title>${name} · ${language.messages.site}</title>
<link rel="icon" href="${relativeLink(own, 'assets/icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${relativeLink(own, 'assets/site.css')}">
</head>
<body><main id="text"><p class="lead">${language.messages.moved} <a href="${href}">${name}</a></p></main></body>
</html>
`.text;
}
