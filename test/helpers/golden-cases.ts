// The recorded cases of one letter, found by listing its folder: more of them run unchanged.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A folder with a `case.json`, and what that says. */
export interface GoldenCase<T> {
  /** Ends with a slash. */
  readonly folder: string;
  /** Below the listed folder; "" where it is a case itself. */
  readonly name: string;
  readonly json: T;
}

/**
 * Every folder with a `case.json` at or below a folder, in the order of names.
 *
 * @throws Error when there is none: a test without cases would prove nothing
 */
export function goldenCases<T>(folder: string): GoldenCase<T>[] {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path === "case.json" || path.endsWith("/case.json") || path.endsWith("\\case.json"))
    .toSorted();
  if (found.length === 0) throw new Error(`no case.json below ${folder}`);
  return found.map((path) => {
    const name = path.slice(0, -"case.json".length).replace(/[\\/]$/, "");
    const at = join(folder, name, "/");
    return { folder: at, name, json: JSON.parse(readFileSync(join(at, "case.json"), "utf8")) as T };
  });
}
