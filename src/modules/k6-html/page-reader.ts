// What k6/http needs of pages, in one file since it is loaded only when a script asks for it.
export { fieldsOf, fieldValue, groupFields } from './form-fields.ts';
export { attributeOf, parsePage } from './html-tree.ts';
export { pageObjectsOf } from './page-objects.ts';
export { findAll, findFirst } from './selector.ts';
