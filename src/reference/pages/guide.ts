import MarkdownIt from 'markdown-it';
import { type GuideName, readGuide } from '../guide-files.ts';
import { escapeHtml, Html, html } from '../html.ts';
import { linksOf, linkTo, type PageContext } from '../page-context.ts';
import { prose } from '../prose.ts';
import { GUIDES } from '../routes.ts';
import { codeBlock, section } from './status-page.ts';

/** A guide: Markdown without HTML, in which statuses and codes are links. */
export function guidePage(context: PageContext, name: GuideName): Html {
  const { messages, tag } = context.language;
  const { title, lead, body, script } = readGuide(tag, name);
  return html`<p class="kind"><a href="${linkTo(context, GUIDES)}">${messages.guides.title}</a></p>
<h1 class="words">${title}</h1>
<p class="lead">${lead}</p>
<div class="guide">${new Html(renderMarkdown(context, body))}</div>
${section('script', messages.guides.script, html`<p class="note"><code>sixfold run examples/guides/${name}.js</code></p>${codeBlock(script, messages.guides.script)}`)}`;
}

function renderMarkdown(context: PageContext, text: string): string {
  const links = linksOf(context);
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  let depth = 0;
  const { rules } = markdown.renderer;
  // A link within a link is none, and headings are for reading.
  for (const kind of ['link', 'heading'] as const) {
    rules[`${kind}_open`] = (tokens, at, options, _env, self) => {
      depth++;
      return self.renderToken(tokens, at, options);
    };
    rules[`${kind}_close`] = (tokens, at, options, _env, self) => {
      depth--;
      return self.renderToken(tokens, at, options);
    };
  }
  rules['text'] = (tokens, at) => {
    const content = tokens[at]!.content;
    return depth > 0 ? escapeHtml(content) : prose(content, links).text;
  };
  rules['fence'] = (tokens, at) => codeBlock(tokens[at]!.content, context.language.messages.sections.script).text;
  rules['table_open'] = () => '<div class="wide-table" tabindex="0"><table class="mapping">';
  rules['table_close'] = () => '</table></div>';
  return markdown.render(text);
}
