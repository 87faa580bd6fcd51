// Aligned columns of text.

/** Rows under a header; the first column is flush left, the others flush right, two spaces between. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? "")].map((cell) => [...cell].length)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? "";
        const space = " ".repeat(width - [...cell].length);
        return column === 0 ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd();
  return [line(header), ...rows.map(line)];
}
