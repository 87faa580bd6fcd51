// Reads a command line as a Unix shell does, as far as ours have quotes.

/** The words as a POSIX shell gives them to the program. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(')/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );
}
