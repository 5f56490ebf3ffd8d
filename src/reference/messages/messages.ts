import type { en } from './en.ts';

type Widened<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Widened<T[Key]> };

/** What a language has to say beside the texts of the catalogue: a key that is missing does not compile. */
export type Messages = Widened<typeof en>;
