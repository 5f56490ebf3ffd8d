import type { Protocol } from './protocol.ts';
import type { AnyFunction } from './twin-call.ts';

/**
 * The engine quotes code in the messages of its errors, and where it quotes what the compiler has put in a script's place the message
 * is put into words that say nothing of it, which are the engine's own for code without a name. Evaluated in the realm (self-contained).
 */
export function installEngineMessages(p: Protocol): void {
  const { apply } = p;
  const { isError } = Error;
  const { getOwnPropertyDescriptor, defineProperty } = Object;
  const { getPrototypeOf } = Reflect;
  const typeErrors = TypeError.prototype;
  const indexOf = String.prototype.indexOf as AnyFunction;
  const replaceAll = String.prototype.replaceAll as AnyFunction;
  const NativeRegExp = RegExp;
  const exec = RegExp.prototype.exec as AnyFunction;

  type Form = readonly [RegExp, (found: readonly string[]) => string];
  /** How a message quotes names with this prefix, and what it says instead. */
  const formsOf = (prefix: string): readonly Form[] => {
    const start = apply(replaceAll, prefix, ['$', '[$]']) as string;
    const name = `${start}(?:[.]|[a-z])`;
    return [
      [
        new NativeRegExp(
          `^(Cannot destructure (?:property '.*' of )?)'.*${name}[^]*'( as it is (?:undefined|null)\\.)$`,
        ),
        (found) => `${found[1]}'(intermediate value)'${found[2]}`,
      ],
      [
        new NativeRegExp(`^Class constructor ${start}C_\\d+ cannot be invoked without 'new'$`),
        () => "Class constructors cannot be invoked without 'new'",
      ],
      [
        new NativeRegExp(
          `^(Class extends value )?(?:\\[?"([^"]*)"\\]?(?::function)?\\([\\w,]*\\)\\{)?[^]*${name}[^]*( is not (?:a constructor(?: or null)?|a function|iterable))`,
        ),
        (found) => `${found[1] ?? ''}${found[2] || '(intermediate value)'}${found[3]}`,
      ],
    ];
  };
  const prefixes = new p.Set<string>();
  const forms: Form[] = [];
  p.hide = (prefix) => {
    if (prefixes.has(prefix)) return;
    prefixes.add(prefix);
    const more = formsOf(prefix);
    for (let i = 0; i < more.length; i++) p.put(forms, forms.length, more[i]);
  };

  /** Looks at an error that has been thrown, before the script does; runs none of its code. */
  p.seen = (error) => {
    if (!isError(error) || getPrototypeOf(error) !== typeErrors) return;
    const message: unknown = getOwnPropertyDescriptor(error, 'message')?.value;
    if (typeof message !== 'string' || (apply(indexOf, message, ['$']) as number) < 0) return;
    for (let i = 0; i < forms.length; i++) {
      const { 0: form, 1: say } = forms[i] as Form;
      const found = apply(exec, form, [message]) as readonly string[] | null;
      if (found === null) continue;
      defineProperty(error, 'message', { value: say(found), writable: true, configurable: true });
      return;
    }
  };
}
