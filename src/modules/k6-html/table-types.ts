// Tables, their sections, rows and cells.
import {
  type ElementType,
  flags,
  integerOf,
  integers,
  type Read,
  type Reads,
  readText,
  texts,
} from './element-attributes.ts';
import { elementsOf, enclosing, type HtmlElement, type HtmlNode, parentElementOf } from './html-tree.ts';

const SECTIONS = ['thead', 'tbody', 'tfoot'];

function childrenNamed(node: HtmlNode, ...names: readonly string[]): HtmlElement[] {
  return elementsOf(node).filter(({ name }) => names.includes(name));
}

/** The rows of a table as k6 lists them: those of the head first, then those of the foot, then the rest. */
function rowsOf(table: HtmlElement): HtmlElement[] {
  const rowsIn = (name: string): HtmlElement[] =>
    childrenNamed(table, name).flatMap((section) => childrenNamed(section, 'tr'));
  const body = childrenNamed(table, 'tbody', 'tr').flatMap((child) =>
    child.name === 'tr' ? [child] : childrenNamed(child, 'tr'),
  );
  return [...rowsIn('thead'), ...rowsIn('tfoot'), ...body];
}

function child(name: string): Read {
  return (element) => childrenNamed(element, name)[0];
}

const rows: Read = (element) => childrenNamed(element, 'tr');

const cell: Reads = {
  ...texts('abbr'),
  ...integers({ colSpan: 1, rowSpan: 1 }),
  cellIndex: (element) => {
    const row = parentElementOf(element);
    return row === null ? -1 : childrenNamed(row, 'td', 'th').indexOf(element);
  },
  headers: readText('headers'),
};

/** By the name of the class. */
export const TABLE_TYPES: Readonly<Record<string, ElementType>> = {
  TableElement: {
    tags: ['table'],
    methods: {
      ...texts('border'),
      ...flags('sortable'),
      caption: child('caption'),
      rows: rowsOf,
      tBodies: (element) => childrenNamed(element, 'tbody'),
      tFoot: child('tfoot'),
      tHead: child('thead'),
    },
  },
  TableHeadElement: { tags: ['thead'], methods: { rows } },
  TableBodyElement: { tags: ['tbody'], methods: { rows } },
  TableFootElement: { tags: ['tfoot'], methods: { rows } },
  TableRowElement: {
    tags: ['tr'],
    methods: {
      cells: (element) => childrenNamed(element, 'td', 'th'),
      colSpan: (element) => integerOf(element, 'colspan', 1),
      rowIndex: (element) => {
        const table = enclosing(element, 'table');
        return table === null ? -1 : rowsOf(table).indexOf(element);
      },
      sectionRowIndex: (element) => {
        const section = parentElementOf(element);
        return section !== null && SECTIONS.includes(section.name) ? childrenNamed(section, 'tr').indexOf(element) : -1;
      },
    },
  },
  TableDataCellElement: { tags: ['td'], methods: cell },
  TableHeaderCellElement: { tags: ['th'], methods: { ...cell, ...texts('scope', 'sorted') } },
  TableColElement: { tags: ['col', 'colgroup'], methods: integers({ span: 1 }) },
};
