// Which package of a node_modules folder a file belongs to.

const FOLDER = /^(.*[\\/]node_modules[\\/])(@[^\\/]+[\\/][^\\/]+|[^\\/]+)/;

/** `lodash` or `@faker-js/faker` for a file under node_modules (the innermost one), else null. */
export function packageOf(file: string): string | null {
  const match = FOLDER.exec(file);
  return match ? match[2]!.replaceAll('\\', '/') : null;
}

/** Whether an import is of a package: neither relative, absolute nor an address. */
export function isBareSpecifier(specifier: string): boolean {
  return !/^(?:\.{0,2}[\\/]|\.{1,2}$|[a-z][a-z0-9+.-]*:|[a-zA-Z]:[\\/])/.test(specifier);
}
