// From the text behind a flag to a checked value; whatever is wrong is one sentence that begins with the flag.
import type { z } from "zod";
import { AppError } from "../../../src-shared/contract/errors.ts";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite number. @throws AppError `input.option` */
export function numberFrom(flag: string): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isFinite(value)) return value;
    throw refused(flag, `"${text}" is not a number.`);
  };
}

/** Numbers with commas or spaces between them. @throws AppError `input.option` for an empty list too */
export function numbersFrom(flag: string): (text: string) => number[] {
  return (text) => {
    const parts = text.split(/[\s,]+/).filter((part) => part !== "");
    if (parts.length === 0) throw refused(flag, "the list is empty; give at least one number.");
    return parts.map(numberFrom(flag));
  };
}

/** The same, where `none` stands for the empty list. @throws AppError `input.option` */
export function numbersOrNoneFrom(flag: string): (text: string) => number[] {
  const numbers = numbersFrom(flag);
  return (text) => (text.trim() === "none" ? [] : numbers(text));
}

/** What `one` makes of each part between slashes. @throws AppError `input.option` */
export function alternativesFrom<Value>(one: (text: string) => Value): (text: string) => Value[] {
  return (text) => text.split("/").map(one);
}

/** Shares of the image's own statistics, and `stored` for the checkpoint's: null. @throws AppError `input.option` */
export function alphasFrom(flag: string): (text: string) => (number | null)[] {
  return (text) => {
    const parts = text.split(/[\s,]+/).filter((part) => part !== "");
    if (parts.length === 0) throw refused(flag, "the list is empty; give at least one number.");
    return parts.map((part) => (part === "stored" ? null : numberFrom(flag)(part)));
  };
}

/** Of what `sizeFrom` gives; a network's width is a flag of its own. */
const SIDES = ["width", "height"];

/** Width and height as 512x256. @throws AppError `input.option` */
export function sizeFrom(flag: string): (text: string) => { width: number; height: number } {
  return (text) => {
    const [, width, height] = /^(\d{1,6})x(\d{1,6})$/i.exec(text.trim()) ?? [];
    if (width === undefined || height === undefined) {
      throw refused(flag, `"${text}" is no size; give width x height, such as 512x256.`);
    }
    return { width: Number(width), height: Number(height) };
  };
}

/**
 * What the schema makes of the values; defaults are filled in.
 *
 * @throws AppError `input.option` with the first problem, naming the flag whose value it is
 */
export function checkedFlags<S extends z.ZodType>(schema: S, values: Readonly<Record<string, unknown>>): z.infer<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // Parameters of objects have flags of their own, the numbers of a list and the sides of a size have none.
  const key = issue?.path.findLast((step, place) => typeof step === "string" && (place === 0 || !SIDES.includes(step)));
  const found = issue?.path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)?.[step], values);
  const shown = typeof found === "number" || typeof found === "string" ? `, not ${JSON.stringify(found)}` : "";
  throw refused(flagOf(String(key)), `${issue?.message ?? "the value makes no sense"}${shown}.`);
}

/** baseLr → --base-lr */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Lets `--scales 0.25 0.5 street.png` be written as the original program has it: the numbers behind a list flag are
 * joined into one value, and what follows them is left alone.
 */
export function joinNumberLists(args: readonly string[], listFlags: readonly string[]): string[] {
  const joined: string[] = [];
  let isInList = false;
  for (const arg of args) {
    const last = joined.length - 1;
    const isNumber = arg.split(",").every((part) => NUMBER.test(part));
    if (isInList && isNumber) joined[last] = `${joined[last]},${arg}`;
    else joined.push(arg);
    isInList = isNumber && (isInList || listFlags.includes(joined[last] ?? ""));
  }
  return joined;
}

function refused(flag: string, why: string): AppError {
  return new AppError("input.option", `${flag}: ${why}`);
}
