// What of the web needs no network, in one file since it is loaded only when a script asks for it.
import type { VuEnvironment } from '../../vu/environment.ts';
import { blobClassOf } from '../k6-websockets/blob-class.ts';
import { abortClassesOf } from './abort-classes.ts';
import { createBase64Functions } from './base64.ts';
import { domExceptionOf } from './dom-exception.ts';
import { eventClassOf } from './event-class.ts';
import { eventTargetOf } from './event-target.ts';
import { fileClassOf } from './file-class.ts';
import { formDataClassOf } from './form-data-class.ts';
import { headersClassOf } from './headers-class.ts';
import { createQueueMicrotask } from './queue-microtask.ts';
import { createStructuredClone } from './structured-clone.ts';
import { urlClassesOf } from './url-classes.ts';

const MAKERS = {
  AbortController: ({ realm }) => abortClassesOf(realm).AbortController,
  AbortSignal: ({ realm }) => abortClassesOf(realm).AbortSignal,
  Blob: ({ realm }) => blobClassOf(realm).constructor,
  CustomEvent: ({ realm }) => eventClassOf(realm).CustomEvent,
  DOMException: ({ realm }) => domExceptionOf(realm).constructor,
  Event: ({ realm }) => eventClassOf(realm).Event,
  EventTarget: ({ realm }) => eventTargetOf(realm).constructor,
  File: ({ realm }) => fileClassOf(realm).constructor,
  FormData: ({ realm }) => formDataClassOf(realm).constructor,
  Headers: ({ realm }) => headersClassOf(realm).constructor,
  URL: ({ realm }) => urlClassesOf(realm).URL,
  URLSearchParams: ({ realm }) => urlClassesOf(realm).URLSearchParams,
  atob: ({ realm }) => createBase64Functions(realm).atob,
  btoa: ({ realm }) => createBase64Functions(realm).btoa,
  queueMicrotask: ({ realm }) => createQueueMicrotask(realm),
  structuredClone: ({ realm }) => createStructuredClone(realm),
} satisfies Readonly<Record<string, (environment: VuEnvironment) => unknown>>;

/** @returns the class or function of the realm, for all virtual users of the worker: who asks keeps it */
export function webGlobal(environment: VuEnvironment, name: keyof typeof MAKERS): unknown {
  return MAKERS[name](environment);
}
