import { type Html, html } from './html.ts';
import type { Language } from './languages.ts';
import { type ProseLinks, prose } from './prose.ts';
import { codePath, grpcPath, httpPath, relativeLink } from './routes.ts';

/** What a page knows while it is rendered: its language, and where it is. */
export interface PageContext {
  readonly language: Language;
  /** From the folder of the language on: `grpc/9-failed-precondition.html`. */
  readonly path: string;
}

/** The address of another page of the same language. */
export function linkTo({ path }: PageContext, to: string): string {
  return relativeLink(path, to);
}

/** A sentence with code, stress and links to what it names; a page does not link to itself. */
export function sentence(context: PageContext, text: string): Html {
  return prose(text, linksOf(context));
}

export function linksOf(context: PageContext): ProseLinks {
  const lead = (to: string) => (to === context.path ? null : linkTo(context, to));
  return {
    grpc: (status) => lead(grpcPath(status)),
    http: (status) => lead(httpPath(status)),
    code: (code) => lead(codePath(code)),
  };
}

/** A link whose text is code. */
export function codeLink(context: PageContext, to: string, text: string): Html {
  return html`<a href="${linkTo(context, to)}"><code>${text}</code></a>`;
}
