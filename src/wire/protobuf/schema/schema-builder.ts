import { type EnumType, type Field, MessageType, type MethodType, type Schema, SchemaError } from './message-type.ts';

/** A field before its types are linked. */
export type FieldDraft = Omit<Field, 'enumType' | 'messageType'> & { readonly typeName: string | null };

interface MethodDraft extends Omit<MethodType, 'input' | 'output' | 'fullName'> {
  readonly input: string;
  readonly output: string;
}

/** Collects types by full name and links them once all are there: types may refer to each other in circles. */
export class SchemaBuilder {
  readonly #messages = new Map<string, FieldDraft[]>();
  readonly #enums = new Map<string, EnumType>();
  readonly #methods: MethodDraft[] = [];

  addMessage(fullName: string, fields: FieldDraft[]): void {
    this.#messages.set(fullName, fields);
  }

  addEnum(fullName: string, values: readonly (readonly [name: string, number: number])[]): void {
    const names = new Map<number, string>();
    for (const [name, number] of values) if (!names.has(number)) names.set(number, name);
    this.#enums.set(fullName, { fullName, names, numbers: new Map(values), first: values[0]?.[1] ?? 0 });
  }

  addMethod(method: MethodDraft): void {
    this.#methods.push(method);
  }

  /** @throws SchemaError where a type is missing */
  build(): Schema {
    const messages = new Map<string, MessageType>();
    const linked = new Map<string, Field[]>();
    for (const [fullName, drafts] of this.#messages) {
      const fields = drafts.map(({ typeName, ...field }) => ({
        ...field,
        enumType: field.type === 'enum' ? this.#enum(typeName, fullName) : null,
        messageType: null,
      }));
      linked.set(fullName, fields);
    }
    for (const [fullName, fields] of linked) {
      const drafts = this.#messages.get(fullName)!;
      for (const [index, field] of fields.entries()) {
        const typeName = drafts[index]!.typeName;
        if (field.type === 'message' && !linked.has(typeName ?? '')) {
          throw new SchemaError(`${fullName}.${field.name}: the message type ${typeName} is not defined`);
        }
      }
      messages.set(fullName, new MessageType(fullName, fields));
    }
    for (const [fullName, fields] of linked) {
      const drafts = this.#messages.get(fullName)!;
      for (const [index, field] of fields.entries()) {
        if (field.type === 'message') field.messageType = messages.get(drafts[index]!.typeName!)!;
      }
    }
    const methods = this.#methods.map((draft): MethodType => {
      const service = draft.package ? `${draft.package}.${draft.service}` : draft.service;
      const type = (name: string): MessageType => {
        const found = messages.get(name);
        if (!found) throw new SchemaError(`${service}.${draft.name}: the message type ${name} is not defined`);
        return found;
      };
      return { ...draft, fullName: `/${service}/${draft.name}`, input: type(draft.input), output: type(draft.output) };
    });
    return { messages, enums: this.#enums, methods };
  }

  #enum(name: string | null, owner: string): EnumType {
    const found = this.#enums.get(name ?? '');
    if (!found) throw new SchemaError(`${owner}: the enum type ${name} is not defined`);
    return found;
  }
}
