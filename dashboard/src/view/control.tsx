import type { RunView } from '../data/model.ts';

export function Control({ run }: { readonly run: RunView }) {
  return <p>{run.record.state}</p>;
}
