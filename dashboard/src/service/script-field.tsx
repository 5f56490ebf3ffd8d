// A script that is being written or has been chosen: with a look at what is wrong with it, before it is kept.
import { useRef, useState } from 'preact/hooks';
import { bytes, span, text } from '../text/format.ts';
import { ask, type Checked, type Requirements } from './api.ts';
import { amount, words } from './language.ts';

/** What goes to the server. */
export interface Script {
  readonly name: string;
  readonly content: Blob;
}

export interface ScriptFieldProps {
  readonly project: string;
  /** What is in the editor to begin with. */
  readonly initial: string;
  /** Of the file that the editor makes. */
  readonly name: string;
  readonly onChange: (script: Script) => void;
}

export function toScript(name: string, content: string): Script {
  return { name, content: new Blob([content], { type: 'text/javascript' }) };
}

export function ScriptField({ project, initial, name, onChange }: ScriptFieldProps) {
  const said = words.value;
  const [file, setFile] = useState<File | null>(null);
  const [written, setWritten] = useState(initial);
  const [checked, setChecked] = useState<Checked | 'busy' | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const take = (chosen: File | null): void => {
    setFile(chosen);
    setChecked(null);
    onChange(chosen === null ? toScript(name, written) : { name: chosen.name, content: chosen });
  };
  const check = async (): Promise<void> => {
    setChecked('busy');
    const { name: fileName, content } = file === null ? toScript(name, written) : { name: file.name, content: file };
    try {
      setChecked(
        await ask<Checked>('POST', `/projects/${project}/check?file=${encodeURIComponent(fileName)}`, content),
      );
    } catch (error) {
      setChecked({ ok: false, problem: (error as Error).message, requirements: null });
    }
  };
  const line =
    checked !== null && checked !== 'busy' && checked.problem !== null ? lineOf(checked.problem, name) : null;
  return (
    <div class="script-field">
      <fieldset
        class={`drop ${file === null ? '' : 'full'}`}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer?.files[0] ?? null);
        }}
      >
        <input
          ref={picker}
          class="unseen"
          type="file"
          tabIndex={-1}
          aria-label={said.file}
          accept=".js,.ts,.mjs,.cjs,.mts,.cts,.tar"
          onChange={({ currentTarget }) => take(currentTarget.files?.[0] ?? null)}
        />
        <button type="button" onClick={() => picker.current?.click()}>
          {said.chooseFile}
        </button>
        {file === null ? (
          <span>{said.dropFile}</span>
        ) : (
          <>
            <span>{said.chosenFile(file.name, text(bytes(file.size)))}</span>
            <button type="button" onClick={() => take(null)}>
              {said.remove}
            </button>
          </>
        )}
      </fieldset>
      {file === null ? (
        <Editor
          label={`${said.orWrite} (${name})`}
          value={written}
          badLine={line}
          onInput={(value) => {
            setWritten(value);
            setChecked(null);
            onChange(toScript(name, value));
          }}
        />
      ) : null}
      <div class="send">
        <button type="button" disabled={checked === 'busy'} onClick={() => void check()}>
          {checked === 'busy' ? said.checking : said.check}
        </button>
        {checked === null || checked === 'busy' ? null : checked.ok ? (
          <span class="good" role="status">
            {said.itIsFine} {checked.requirements === null ? '' : <Asks of={checked.requirements} />}
          </span>
        ) : null}
      </div>
      {checked === null || checked === 'busy' || checked.ok ? null : (
        <pre class="fault" role="alert">
          {checked.problem}
        </pre>
      )}
    </div>
  );
}

export function Asks({ of }: { readonly of: Requirements }) {
  const said = words.value;
  const parts = [
    said.asks(amount(of.maxVus), of.durationMs === null ? said.untilStopped : span(of.durationMs)),
    ...(of.thresholds.length > 0 ? [`${said.thresholds(of.thresholds.length)}.`] : []),
  ];
  return <>{parts.join(' ')}</>;
}

/** The first line of the file that a message names, as `script.js:12:3` or `(12:3)`. */
function lineOf(problem: string, name: string): number | null {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`${plain}:(\\d+)`).exec(problem) ?? /\((\d+):\d+\)/.exec(problem);
  return found === null ? null : Number(found[1]);
}

interface EditorProps {
  readonly label: string;
  readonly value: string;
  /** From 1; null: none is known to be wrong. */
  readonly badLine?: number | null;
  readonly onInput?: (value: string) => void;
}

/** Text with numbers of its lines; one that is wrong is marked. */
export function Editor({ label, value, badLine = null, onInput }: EditorProps) {
  const count = value.split('\n').length;
  const numbers = useRef<HTMLDivElement>(null);
  return (
    <div class="editor">
      <div class="numbers" aria-hidden="true" ref={numbers}>
        {Array.from({ length: count }, (_, index) => (
          <span key={index} class={index + 1 === badLine ? 'bad' : ''}>
            {index + 1}
          </span>
        ))}
      </div>
      <textarea
        class="mono"
        aria-label={label}
        spellcheck={false}
        autocapitalize="off"
        rows={Math.min(40, Math.max(14, count + 1))}
        value={value}
        readOnly={onInput === undefined}
        wrap="off"
        onInput={({ currentTarget }) => onInput?.(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (numbers.current !== null) numbers.current.scrollTop = currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
