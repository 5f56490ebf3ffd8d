import type { Metadata } from '../../wire/grpc/metadata.ts';
import { readMembers, readMetadata, readTimeout } from './script-values.ts';

/** The `params` of invoke, asyncInvoke and Stream. */
export interface CallParams {
  metadata: Metadata;
  /** An object of the script, checked when the tags are made. */
  tags: unknown;
  /** Milliseconds; 0: the call's own default. */
  timeoutMs: number;
  discardResponseMessage: boolean;
}

/** @throws Error that names the param */
export function readCallParams(value: unknown): CallParams {
  const params: CallParams = { metadata: [], tags: null, timeoutMs: 0, discardResponseMessage: false };
  for (const [name, item] of readMembers(value, 'params')) {
    switch (name) {
      case 'metadata':
        params.metadata = readMetadata(item);
        break;
      case 'tags':
        if (item !== undefined && item !== null && typeof item !== 'object')
          throw new Error('invalid tags param: must be an object');
        params.tags = item;
        break;
      case 'timeout':
        params.timeoutMs = readTimeout(item);
        break;
      case 'discardResponseMessage':
        params.discardResponseMessage = Boolean(item);
        break;
      default:
        throw new Error(`unknown param: "${name}"`);
    }
  }
  return params;
}
