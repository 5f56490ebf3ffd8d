// What this module needs of pages, in one file since it is loaded only when a script asks for it.
export { fieldsOf, fieldValue, groupFields } from '../k6-html/form-fields.ts';
export { attributeOf } from '../k6-html/html-tree.ts';
export { readPage } from '../k6-html/page-cache.ts';
export { pageObjectsOf } from '../k6-html/realm-pages.ts';
export { findAll, findFirst } from '../k6-html/selector.ts';
