// What can be done with most rows of a list: they are removed, and switched on and off.
import { ask } from './api.ts';
import { Doing } from './form.tsx';
import { words } from './language.ts';

interface RowButtonProps {
  /** As people know what the row is of. */
  readonly name: string;
  /** Of it in the API. */
  readonly path: string;
  readonly onDone: () => Promise<void> | void;
}

export function Remove({ name, path, onDone }: RowButtonProps) {
  const said = words.value;
  return (
    <Doing
      text={said.remove}
      label={`${said.remove}: ${name}`}
      sure={said.removeSure(name)}
      isDanger
      onDo={async () => {
        await ask('DELETE', path);
        await onDone();
      }}
    />
  );
}

export function Switch({ name, path, onDone, isEnabled }: RowButtonProps & { readonly isEnabled: boolean }) {
  const said = words.value;
  const text = isEnabled ? said.switchOff : said.switchOn;
  return (
    <Doing
      text={text}
      label={`${text}: ${name}`}
      onDo={async () => {
        await ask('PATCH', path, { isEnabled: !isEnabled });
        await onDone();
      }}
    />
  );
}
