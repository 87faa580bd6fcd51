// HTML from parts, with everything escaped that is not markup itself.

/** Text that is HTML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Markup[];

/** html`<p>${anything}</p>`: strings and numbers are escaped, markup is put in as it is, lists one after another. */
export function html(literal: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(literal.reduce((text, piece, i) => `${text}${markupOf(parts[i - 1] ?? "")}${piece}`));
}

function markupOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("");
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
