// Forms: fields with names, one button, and what the server says against it.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { words } from './language.ts';

export interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'email' | 'password' | 'number' | 'url';
  readonly value?: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly autoComplete?: string;
  readonly min?: number;
  readonly minLength?: number;
  readonly isMono?: boolean;
}

export function Field(props: FieldProps) {
  const { label, name, type = 'text', value = '', hint, isOptional = false, autoComplete = 'off' } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        // Preact has a type for each kind of input; all that this takes may have the rest.
        {...({ type } as { type: 'text' })}
        defaultValue={value}
        required={!isOptional}
        autocomplete={autoComplete}
        min={props.min}
        minLength={props.minLength}
        class={props.isMono ? 'mono' : ''}
        spellcheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint === undefined ? null : <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

/** A password that is chosen: what browsers and people have to know of it. */
export function NewPassword({ label }: { readonly label: string }) {
  return (
    <Field
      label={label}
      name="password"
      type="password"
      autoComplete="new-password"
      minLength={10}
      hint={words.value.passwordRule}
    />
  );
}

export function Area({
  label,
  name,
  value = '',
  hint,
  rows = 3,
}: {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  readonly hint?: string;
  readonly rows?: number;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        name={name}
        rows={rows}
        class="mono"
        spellcheck={false}
        defaultValue={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint === undefined ? null : <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

export function Pick({
  label,
  name,
  options,
  value,
  onPick,
}: {
  readonly label: string;
  readonly name: string;
  /** Value and what is shown. */
  readonly options: readonly (readonly [string, string])[];
  readonly value?: string;
  readonly onPick?: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} onChange={(event) => onPick?.(event.currentTarget.value)}>
        {options.map(([one, text]) => (
          <option key={one} value={one} selected={one === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Boxes of which any can be ticked; each comes as a value of the same name. */
export function Boxes({
  label,
  name,
  options,
  chosen,
}: {
  readonly label: string;
  readonly name: string;
  readonly options: readonly (readonly [string, string])[];
  readonly chosen: readonly string[];
}) {
  return (
    <fieldset class="field boxes">
      <legend>{label}</legend>
      {options.map(([value, text]) => (
        <label key={value}>
          <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} /> {text}
        </label>
      ))}
    </fieldset>
  );
}

export interface FormProps {
  /** On the button. */
  readonly send: string;
  /** Throws what is wrong; what it returns is said below. */
  readonly onSend: (values: FormData) => Promise<string | null>;
  readonly children: ComponentChildren;
  readonly onCancel?: () => void;
  readonly isInline?: boolean;
  readonly label?: string;
}

export function Form({ send, onSend, children, onCancel, isInline = false, label }: FormProps) {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [done, setDone] = useState('');
  const submit = async (form: HTMLFormElement): Promise<void> => {
    setBusy(true);
    setTrouble('');
    setDone('');
    try {
      setDone((await onSend(new FormData(form))) ?? '');
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class={isInline ? 'inline' : ''}
      aria-label={label ?? send}
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      {children}
      <div class="send">
        <button type="submit" class="main" disabled={isBusy}>
          {send}
        </button>
        {onCancel === undefined ? null : (
          <button type="button" onClick={onCancel}>
            {words.value.cancel}
          </button>
        )}
        {done === '' ? null : <span role="status">{done}</span>}
      </div>
      {trouble === '' ? null : (
        <p class="problem" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}

export function textOf(values: FormData, name: string): string {
  const value = values.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A button that asks the server for something and says what it has against it. */
export function Doing({
  text,
  label,
  sure,
  onDo,
  isDanger = false,
  isMain = false,
}: {
  readonly text: string;
  /** For those who do not see what it stands beside. */
  readonly label?: string;
  /** Asked before. */
  readonly sure?: string;
  readonly onDo: () => Promise<void>;
  readonly isDanger?: boolean;
  readonly isMain?: boolean;
}) {
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  return (
    <>
      <button
        type="button"
        class={isMain ? 'main' : isDanger ? 'remove' : ''}
        disabled={isBusy}
        aria-label={label}
        onClick={() => {
          if (sure !== undefined && !confirm(sure)) return;
          setBusy(true);
          setTrouble('');
          onDo()
            .catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)))
            .finally(() => setBusy(false));
        }}
      >
        {text}
      </button>
      {trouble === '' ? null : (
        <span class="problem" role="alert">
          {trouble}
        </span>
      )}
    </>
  );
}

/** Something that is shown once, to be copied. */
export function Once({ text, value }: { readonly text: string; readonly value: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div class="once" role="status">
      <p>{text}</p>
      <code>{value}</code>
      <button
        type="button"
        onClick={() =>
          void navigator.clipboard.writeText(value).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }
      >
        {isCopied ? words.value.copied : words.value.copy}
      </button>
    </div>
  );
}
