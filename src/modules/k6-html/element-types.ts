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
  tokensOf,
} from './element-attributes.ts';
import {
  elementsOfForm,
  fieldValue,
  isDisabled,
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
import { hostOf, originOf, splitUrl, type UrlParts } from './url-parts.ts';

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

const form: Read = formOf;
const labels: Read = (element) => all(documentOf(element), 'label').filter((label) => controlOf(label) === element);
const value: Read = fieldValue;
const attributeValue = readText('value');

function part(read: (parts: UrlParts) => string): Read {
  return (element) => read(splitUrl(attributeOf(element, 'href') ?? ''));
}

const relList: Read = (element) => tokensOf(element, 'rel');

const link: Reads = {
  ...texts('accessKey', 'download', 'href', 'hrefLang', 'media', 'referrerPolicy', 'rel', 'target', 'type'),
  hash: part(({ hash }) => hash),
  host: part(hostOf),
  hostname: part(({ hostname }) => hostname),
  origin: part(originOf),
  password: part(({ password }) => password),
  pathname: part(({ pathname }) => pathname),
  port: part(({ port }) => port),
  protocol: part(({ protocol }) => protocol),
  search: part(({ search }) => search),
  username: part(({ username }) => username),
  relList,
  text,
};

const field: Reads = {
  ...texts('accessKey', 'formAction', 'formTarget', 'name'),
  ...flags('autofocus', 'formNoValidate'),
  disabled: isDisabled,
  form,
  formEnctype: readChoice('formenctype', ENCODINGS, ENCODINGS[0]),
  formMethod: readChoice('formmethod', METHODS, 'get'),
  labels,
};

const media: Reads = {
  ...texts('crossOrigin', 'mediaGroup', 'src'),
  ...flags('autoplay', 'controls', 'loop', 'muted'),
  currentSrc: (element) => attributeOf(element, 'src') ?? attributeOf(firstOf(element, 'source'), 'src') ?? '',
  defaultMuted: (element) => attributeOf(element, 'muted') !== undefined,
  preload: readChoice('preload', ['none', 'metadata', 'auto'], 'auto'),
  textTracks: (element) => all(element, 'track'),
};

const encoding = readChoice('enctype', ENCODINGS, ENCODINGS[0]);
const elementsOfThis: Read = (element) => elementsOfForm(element, LISTED);

const BUTTONS = ['submit', 'button', 'menu', 'reset'];

function progressValue(element: HtmlElement): number {
  return decimalOf(element, 'value', 0);
}

function progressMax(element: HtmlElement): number {
  return decimalOf(element, 'max', 1);
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
      method: readChoice('method', METHODS, 'get'),
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
      ...texts('alt', 'crossOrigin', 'longDesc', 'name', 'referrerPolicy', 'sizes', 'src', 'srcset', 'useMap'),
      ...flags('isMap'),
      currentSrc: readText('src'),
    },
  },
  InputElement: {
    tags: ['input'],
    methods: {
      ...field,
      ...size,
      ...texts('accept', 'alt', 'autocomplete', 'dirName', 'max', 'min', 'pattern', 'placeholder', 'src', 'step'),
      ...flags('checked', 'multiple', 'readOnly', 'required'),
      ...integers({ maxLength: -1, minLength: -1, size: 20 }),
      defaultChecked: (element) => attributeOf(element, 'checked') !== undefined,
      defaultValue: attributeValue,
      list: (element) => {
        const id = attributeOf(element, 'list');
        return id === undefined ? null : byId(element, id);
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
  LabelElement: { tags: ['label'], methods: { control: controlOf, form, htmlFor: readText('for') } },
  LegendElement: {
    tags: ['legend'],
    methods: {
      ...texts('accessKey'),
      form: (element) => {
        const fieldset = enclosing(element, 'fieldset');
        return fieldset === null ? null : formOf(fieldset);
      },
      value: text,
    },
  },
  LiElement: { tags: ['li'], methods: { ...texts('type'), ...integers({ value: 0 }) } },
  LinkElement: {
    tags: ['link'],
    methods: { ...texts('crossOrigin', 'href', 'hrefLang', 'media', 'referrerPolicy', 'rel', 'type'), relList },
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
    methods: { ...texts('data', 'width', 'height', 'name', 'type', 'useMap'), ...flags('typeMustMatch'), form },
  },
  OptGroupElement: { tags: ['optgroup'], methods: { ...texts('label'), ...flags('disabled') } },
  OptionElement: {
    tags: ['option'],
    methods: {
      ...flags('selected'),
      defaultSelected: (element) => attributeOf(element, 'selected') !== undefined,
      disabled: (element) =>
        attributeOf(element, 'disabled') !== undefined ||
        attributeOf(enclosing(element, 'optgroup'), 'disabled') !== undefined,
      form: (element) => {
        const select = enclosing(element, 'select');
        return select === null ? null : formOf(select);
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
      position: (element) =>
        attributeOf(element, 'value') === undefined ? -1 : progressValue(element) / progressMax(element),
      value: progressValue,
    },
  },
  QuoteElement: { tags: ['q', 'blockquote'], methods: texts('cite') },
  ScriptElement: {
    tags: ['script'],
    methods: {
      ...texts('charset', 'crossOrigin', 'integrity', 'src', 'type'),
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
      ...texts('accessKey', 'autocomplete', 'name', 'placeholder', 'wrap'),
      ...flags('autofocus', 'readOnly', 'required'),
      ...integers({ cols: 20, rows: 2, maxLength: -1, minLength: -1 }),
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
    methods: { dateTime: (element) => attributeOf(element, 'datetime') ?? textOf(element) },
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
