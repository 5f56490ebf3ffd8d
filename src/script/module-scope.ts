// What joined text and the compiler know each other by.

/** What a joined script imports its part of the module system from. */
export const SCOPE_SPECIFIER = 'sixfold:module-scope';

/**
 * The export of it that a variable holds until the declaration it stands for has run: reading or assigning to it before is a
 * ReferenceError. As a statement by itself it says that the statement behind it is such a declaration.
 */
export const UNSET_EXPORT = 'unset';
