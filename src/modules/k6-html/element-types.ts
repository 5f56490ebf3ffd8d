// What the elements of each kind can tell beyond what all elements can: getters of the DOM, as methods (k6 page "Element").
import {
  decimalOf,
  decimals,
  type ElementType,
  flags,
  integerOf,
  integers,
  type Read,
  type Reads,
  readChoice,
  readText,
  texts,
  textsOrNull,
  tokensOf,
} from './element-attributes.ts';
import {
  elementsOfForm,
  fieldValue,
  isDisabled,
  isOptionDisabled,
  optionsOf,
  optionText,
  optionValue,
  selectedOptions,
} from './form-fields.ts';
import {
  attributeOf,
  descendantsOf,
  documentOf,
  enclosing,
  firstOf,
  type HtmlElement,
  type HtmlNode,
  textOf,
} from './html-tree.ts';
import { TABLE_TYPES } from './table-types.ts';
import { hostOf, originOf, rootedPathOf, splitUrl, type UrlParts } from './url-parts.ts';

/** Elements that a form lists. */
const LISTED: ReadonlySet<string> = new Set([
  'button',
  'fieldset',
  'input',
  'keygen',
  'object',
  'output',
  'select',
  'textarea',
]);
/** Elements that a label can stand for. */
const LABELLED: ReadonlySet<string> = new Set([
  'button',
  'input',
  'keygen',
  'meter',
  'output',
  'progress',
  'select',
  'textarea',
]);
const ENCODINGS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'] as const;
const METHODS = ['get', 'post', 'dialog'] as const;

const text: Read = textOf;
const src = texts('src', 'type');
const size = integers({ width: 0, height: 0 });

function all(node: HtmlNode, ...names: readonly string[]): HtmlElement[] {
  return [...descendantsOf(node)].filter(({ name }) => names.includes(name));
}

function byId(node: HtmlNode, id: string): HtmlElement | null {
  for (const element of descendantsOf(documentOf(node))) if (attributeOf(element, 'id') === id) return element;
  return null;
}

function formOf(element: HtmlElement): HtmlElement | null {
  const id = attributeOf(element, 'form');
  return id === undefined ? enclosing(element, 'form') : byId(element, id);
}

/** What a label is for: the element that it names, or the first one in it. */
function controlOf(label: HtmlElement): HtmlElement | null {
  const id = attributeOf(label, 'for');
  const control = id === undefined ? [...descendantsOf(label)].find(({ name }) => LABELLED.has(name)) : byId(label, id);
  return control !== undefined && control !== null && LABELLED.has(control.name) ? control : null;
}

const form: Read = (element) => formOf(element) ?? undefined;
const labels: Read = (element) => all(documentOf(element), 'label').filter((label) => controlOf(label) === element);
const value: Read = fieldValue;
const attributeValue = readText('value');

function part(read: (parts: UrlParts) => string): Read {
  return (element) => read(splitUrl(attributeOf(element, 'href') ?? ''));
}

const dateTime: Read = (element) => attributeOf(element, 'datetime') ?? textOf(element);
const relList: Read = (element) => tokensOf(element, 'rel');

const link: Reads = {
  ...texts('accessKey', 'download', 'href', 'hrefLang', 'media', 'referrerPolicy', 'rel', 'target', 'type'),
  hash: part(({ hash }) => hash),
  host: part(hostOf),
  hostname: part(({ hostname }) => hostname),
  origin: part(originOf),
  password: part(({ password }) => password),
  pathname: part(rootedPathOf),
  port: part(({ port }) => port),
  protocol: part(({ protocol }) => protocol),
  search: part(({ search }) => search),
  username: part(({ username }) => username),
  relList,
  text,
  toString: readText('href'),
};

const encoding = readChoice('enctype', ENCODINGS, ENCODINGS[0]);
const method = readChoice('method', METHODS, 'get');

/** What a button of a form says of sending it; where it says nothing, the form's own word counts. */
function orOfForm(attribute: string, own: Read, ofForm: Read): Read {
  return (element) => {
    if (attributeOf(element, attribute) !== undefined) return own(element);
    const owner = formOf(element);
    return owner === null ? own(element) : ofForm(owner);
  };
}

const field: Reads = {
  ...texts('accessKey', 'name'),
  ...flags('autofocus'),
  disabled: isDisabled,
  form,
  formAction: orOfForm('formaction', readText('formaction'), readText('action')),
  formEnctype: orOfForm('formenctype', readChoice('formenctype', ENCODINGS, ENCODINGS[0]), encoding),
  formMethod: orOfForm('formmethod', readChoice('formmethod', METHODS, 'get'), method),
  formNoValidate: (element) =>
    attributeOf(element, 'formnovalidate') !== undefined || attributeOf(formOf(element), 'novalidate') !== undefined,
  formTarget: orOfForm('formtarget', readText('formtarget'), readText('target')),
  labels,
};

const media: Reads = {
  ...texts('mediaGroup', 'src'),
  ...textsOrNull('crossOrigin'),
  ...flags('autoplay', 'controls', 'loop', 'muted'),
  currentSrc: (element) => attributeOf(element, 'src') ?? attributeOf(firstOf(element, 'source'), 'src') ?? '',
  defaultMuted: (element) => attributeOf(element, 'muted') !== undefined,
  preload: readChoice('preload', ['none', 'metadata', 'auto'], 'auto'),
  textTracks: (element) => all(element, 'track'),
};

const elementsOfThis: Read = (element) => elementsOfForm(element, LISTED);

const BUTTONS = ['submit', 'button', 'menu', 'reset'];

function progressMax(element: HtmlElement): number {
  const max = decimalOf(element, 'max', 1);
  return max > 0 ? max : 1;
}

/** How far it is, 0 to 1: k6 gives the share for the value, too. */
function progressShare(element: HtmlElement): number {
  return Math.min(Math.max(decimalOf(element, 'value', 0) / progressMax(element), 0), 1);
}

/** By the name of the class. */
export const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  AnchorElement: { tags: ['a'], methods: link },
  AreaElement: { tags: ['area'], methods: { ...link, ...texts('alt', 'coords', 'shape') } },
  AudioElement: { tags: ['audio'], methods: media },
  BaseElement: { tags: ['base'], methods: texts('href', 'target') },
  ButtonElement: {
    tags: ['button'],
    methods: { ...field, type: readChoice('type', BUTTONS, 'submit'), value: attributeValue },
  },
  CanvasElement: { tags: ['canvas'], methods: integers({ width: 300, height: 150 }) },
  DataElement: { tags: ['data'], methods: { value: attributeValue } },
  DataListElement: { tags: ['datalist'], methods: { options: optionsOf } },
  DelElement: { tags: ['del'], methods: texts('cite', 'dateTime') },
  EmbedElement: { tags: ['embed'], methods: { ...src, ...texts('width', 'height') } },
  FieldSetElement: {
    tags: ['fieldset'],
    methods: {
      ...texts('name'),
      ...flags('disabled'),
      elements: (element) => [...descendantsOf(element)].filter(({ name }) => LISTED.has(name)),
      form,
      type: () => 'fieldset',
      validity: () => undefined,
    },
  },
  FormElement: {
    tags: ['form'],
    methods: {
      ...texts('action', 'name', 'target'),
      ...flags('noValidate'),
      acceptCharset: readText('accept-charset'),
      autocomplete: readChoice('autocomplete', ['on', 'off'], 'on'),
      elements: elementsOfThis,
      encoding,
      enctype: encoding,
      length: (element) => elementsOfForm(element, LISTED).length,
      method,
    },
  },
  IFrameElement: {
    tags: ['iframe'],
    methods: {
      ...texts('width', 'height', 'name', 'referrerPolicy', 'sandbox', 'src', 'srcdoc'),
      ...flags('allowFullscreen'),
    },
  },
  ImageElement: {
    tags: ['img'],
    methods: {
      ...size,
      ...textsOrNull('crossOrigin'),
      ...texts('alt', 'longDesc', 'name', 'referrerPolicy', 'sizes', 'src', 'srcset', 'useMap'),
      ...flags('isMap'),
      currentSrc: readText('src'),
    },
  },
  InputElement: {
    tags: ['input'],
    methods: {
      ...field,
      ...texts(
        'accept',
        'alt',
        'autocomplete',
        'dirName',
        'height',
        'max',
        'min',
        'pattern',
        'placeholder',
        'src',
        'step',
        'width',
      ),
      ...flags('checked', 'multiple', 'readOnly', 'required'),
      ...integers({ maxLength: -1, minLength: -1, size: 20 }),
      defaultChecked: (element) => attributeOf(element, 'checked') !== undefined,
      defaultValue: attributeValue,
      list: (element) => {
        const id = attributeOf(element, 'list');
        return id === undefined ? undefined : (byId(element, id) ?? undefined);
      },
      type: (element) => attributeOf(element, 'type')?.toLowerCase() ?? 'text',
      value,
    },
  },
  InsElement: { tags: ['ins'], methods: texts('cite', 'dateTime') },
  KeygenElement: {
    tags: ['keygen'],
    methods: {
      ...texts('challenge', 'name'),
      ...flags('autofocus'),
      disabled: isDisabled,
      form,
      keytype: readText('keytype', 'rsa'),
      labels,
      type: () => 'keygen',
    },
  },
  LabelElement: {
    tags: ['label'],
    methods: { control: (element) => controlOf(element) ?? undefined, form, htmlFor: readText('for') },
  },
  LegendElement: {
    tags: ['legend'],
    methods: {
      ...texts('accessKey'),
      form: (element) => {
        const fieldset = enclosing(element, 'fieldset');
        return fieldset === null ? undefined : form(fieldset);
      },
      value: text,
    },
  },
  LiElement: { tags: ['li'], methods: { ...texts('type'), ...integers({ value: 0 }) } },
  LinkElement: {
    tags: ['link'],
    methods: {
      ...texts('href', 'hrefLang', 'media', 'referrerPolicy', 'rel', 'target', 'type'),
      ...textsOrNull('crossOrigin'),
      relList,
    },
  },
  MapElement: {
    tags: ['map'],
    methods: {
      ...texts('name'),
      areas: (element) => all(element, 'area'),
      images: (element) =>
        all(documentOf(element), 'img', 'object').filter(
          (image) => attributeOf(image, 'usemap') === `#${attributeOf(element, 'name') ?? ''}`,
        ),
    },
  },
  MetaElement: { tags: ['meta'], methods: { ...texts('content', 'name'), httpEquiv: readText('http-equiv') } },
  MeterElement: {
    tags: ['meter'],
    methods: { ...decimals({ high: 1, low: 0, max: 1, min: 0, optimum: 0.5, value: 0 }), labels },
  },
  OListElement: {
    tags: ['ol'],
    methods: { ...flags('reversed'), ...integers({ start: 1 }), type: readText('type', '1') },
  },
  ObjectElement: {
    tags: ['object'],
    methods: {
      ...texts('data', 'width', 'height', 'name', 'type', 'useMap'),
      ...flags('typeMustMatch'),
      ...integers({ tabIndex: 0 }),
      form,
    },
  },
  OptGroupElement: { tags: ['optgroup'], methods: { ...texts('label'), ...flags('disabled') } },
  OptionElement: {
    tags: ['option'],
    methods: {
      ...flags('selected'),
      defaultSelected: (element) => attributeOf(element, 'selected') !== undefined,
      disabled: isOptionDisabled,
      form: (element) => {
        const select = enclosing(element, 'select');
        return select === null ? undefined : form(select);
      },
      index: (element) => {
        const list = enclosing(element, 'select') ?? enclosing(element, 'datalist');
        return list === null ? 0 : optionsOf(list).indexOf(element);
      },
      label: (element) => attributeOf(element, 'label') ?? optionText(element),
      text: optionText,
      value: optionValue,
    },
  },
  OutputElement: {
    tags: ['output'],
    methods: {
      ...texts('name'),
      defaultValue: text,
      form,
      htmlFor: readText('for'),
      labels,
      type: () => 'output',
      value: text,
    },
  },
  ParamElement: { tags: ['param'], methods: texts('name', 'value') },
  PreElement: { tags: ['pre'], methods: integers({ width: 0 }) },
  ProgressElement: {
    tags: ['progress'],
    methods: {
      labels,
      max: progressMax,
      position: (element) => (attributeOf(element, 'value') === undefined ? -1 : progressShare(element)),
      value: progressShare,
    },
  },
  QuoteElement: { tags: ['q', 'blockquote'], methods: texts('cite') },
  ScriptElement: {
    tags: ['script'],
    methods: {
      ...texts('charset', 'integrity', 'src', 'type'),
      ...textsOrNull('crossOrigin'),
      ...flags('async', 'defer', 'noModule'),
      text,
    },
  },
  SelectElement: {
    tags: ['select'],
    methods: {
      ...texts('name'),
      ...flags('autofocus', 'multiple', 'required'),
      disabled: isDisabled,
      form,
      labels,
      length: (element) => optionsOf(element).length,
      options: optionsOf,
      selectedIndex: (element) => {
        const [chosen] = selectedOptions(element);
        return chosen === undefined ? -1 : optionsOf(element).indexOf(chosen);
      },
      selectedOptions,
      size: (element) => integerOf(element, 'size', attributeOf(element, 'multiple') === undefined ? 1 : 4),
      type: (element) => (attributeOf(element, 'multiple') === undefined ? 'select-one' : 'select-multiple'),
      value: (element) => selectedOptions(element).map(optionValue)[0] ?? '',
    },
  },
  SourceElement: { tags: ['source'], methods: { ...src, ...texts('keySystem', 'media', 'sizes', 'srcset') } },
  StyleElement: { tags: ['style'], methods: { ...texts('media'), type: readText('type', 'text/css'), text } },
  TextAreaElement: {
    tags: ['textarea'],
    methods: {
      ...texts('accessKey', 'autocapitalize', 'autocomplete', 'name', 'placeholder', 'wrap'),
      ...flags('autofocus', 'readOnly', 'required'),
      ...integers({ cols: 20, rows: 2, maxLength: -1, minLength: -1, tabIndex: 0 }),
      defaultValue: text,
      disabled: isDisabled,
      form,
      labels,
      length: (element) => textOf(element).length,
      type: () => 'textarea',
      value: text,
    },
  },
  TimeElement: {
    tags: ['time'],
    methods: { dateTime, datetime: dateTime },
  },
  TitleElement: { tags: ['title'], methods: { text } },
  TrackElement: {
    tags: ['track'],
    methods: {
      ...texts('label', 'src', 'srclang'),
      ...flags('default'),
      kind: readChoice('kind', ['subtitles', 'captions', 'descriptions', 'chapters', 'metadata'], 'subtitles'),
    },
  },
  UListElement: { tags: ['ul'], methods: texts('type') },
  VideoElement: { tags: ['video'], methods: { ...media, ...size, ...texts('poster') } },
  ...TABLE_TYPES,
};
