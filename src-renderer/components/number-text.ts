// What a number field makes of what was typed into it, and how it writes a number.

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** A whole step means whole numbers. */
  readonly step: number;
}

export interface Entry {
  /** What the field may hold; null where the text is no number. */
  readonly value: number | null;
  /** What was wrong with the text, or why the value is another than the typed one. */
  readonly problem: string | null;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BEGINNING = /^[+-]?\d*\.?\d*(e[+-]?\d*)?$/i;
/** "1,500" is 1500 to some and 1.5 to others; "0,005" is clear. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2}(,\d{3})+$/;
/** Steps such as 0.1 + 0.2 leave noise behind the digits that anybody sets. */
const DIGITS = 12;

/** One way of writing for minus signs, decimal commas and blanks around. */
function normalised(text: string): string {
  const plain = text.trim().replace("−", "-");
  return plain.includes(".") ? plain : plain.replace(",", ".");
}

/** "1e-4", ".5", "1,5" and "−2" as numbers; null for everything that is none or that could be two. */
export function parseNumber(text: string): number | null {
  const plain = normalised(text);
  if (AMBIGUOUS.test(text.trim()) || !NUMBER.test(plain)) return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : null;
}

/** Shortest form that reads back as the same number: "0.0001", "1e-7". */
export function formatNumber(value: number | null): string {
  return value === null ? "" : String(value);
}

/** Numbers with commas or spaces between them; "none" and nothing are no number at all. Null where one is none. */
export function parseNumbers(text: string): number[] | null {
  if (text.trim() === "none") return [];
  const numbers = text
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map(parseNumber);
  return numbers.every((number) => number !== null) ? numbers : null;
}

/** As `parseNumbers` reads them back. */
export function listText(numbers: readonly number[]): string {
  return numbers.map(formatNumber).join(", ");
}

/** Whether more signs could make a number of it, so that nobody is told off while typing. */
export function mayBecomeNumber(text: string): boolean {
  return BEGINNING.test(normalised(text));
}

/** The number typed, moved into the range where it is outside, with a sentence wherever something was wrong. */
export function enteredNumber(text: string, range: NumberRange): Entry {
  const typed = parseNumber(text);
  if (typed === null) return { value: null, problem: problemOf(text, range) };
  const { min, max, step } = range;
  const allowed = Math.min(Math.max(typed, min), max);
  const value = Number.isInteger(step) ? Math.round(allowed) : allowed;
  return { value, problem: value === typed ? null : `${rule(range)}; "${text.trim()}" became ${formatNumber(value)}.` };
}

/** One step from the typed number, or from the one kept where the text is none. */
export function steppedText(text: string, kept: number | null, direction: 1 | -1, range: NumberRange): string {
  const from = parseNumber(text) ?? kept;
  const { min, max, step } = range;
  const to = from === null ? min : Math.min(Math.max(from + direction * step, min), max);
  return formatNumber(Number(to.toPrecision(Math.max(DIGITS, String(Math.trunc(to)).length))));
}

function problemOf(text: string, range: NumberRange): string {
  const trimmed = text.trim();
  if (trimmed === "") return `${rule(range)}, not empty.`;
  if (!AMBIGUOUS.test(trimmed)) return `"${trimmed}" is no number.`;
  const [thousands, decimal] = [trimmed.replaceAll(",", ""), trimmed.replace(",", ".")];
  return `"${trimmed}" could be ${thousands} or ${decimal}: write it without a comma.`;
}

function rule({ min, max, step }: NumberRange): string {
  return `${Number.isInteger(step) ? "A whole number" : "A number"} from ${formatNumber(min)} to ${formatNumber(max)}`;
}
