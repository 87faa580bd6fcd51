// Compares a state dict with what an architecture wants, key by key.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { sameShape, shapeText } from "../graph/node.ts";
import { type Architecture, modelName } from "./architecture.ts";
import type { KeyShapes } from "./detect-architecture.ts";

export interface KeyProblem {
  readonly key: string;
  readonly kind: "missing" | "unexpected" | "shape";
  /** Shapes as text, empty where there is none. */
  readonly expected: string;
  readonly found: string;
}

/** Every key that is missing, unexpected or of another shape; empty when the state dict fits exactly. */
export function keyProblems(keys: KeyShapes, architecture: Architecture): KeyProblem[] {
  const problems: KeyProblem[] = [];
  for (const [key, shape] of architecture.keys) {
    const found = keys.get(key);
    const expected = shapeText(shape);
    if (found === undefined) problems.push({ key, kind: "missing", expected, found: "" });
    else if (!sameShape(found.shape, shape))
      problems.push({ key, kind: "shape", expected, found: shapeText(found.shape) });
  }
  for (const [key, { shape }] of keys) {
    if (!architecture.keys.has(key)) problems.push({ key, kind: "unexpected", expected: "", found: shapeText(shape) });
  }
  return problems;
}

/** As many rows as an error message shows; `inspect` shows all. */
const ROWS_IN_MESSAGE = 12;

/** @throws AppError `checkpoint.mismatch` with the table of problems when the keys do not fit exactly */
export function requireMatch(keys: KeyShapes, architecture: Architecture, source: string): void {
  const problems = keyProblems(keys, architecture);
  if (problems.length === 0) return;
  const count = (kind: KeyProblem["kind"]) => problems.filter((problem) => problem.kind === kind).length;
  const more = problems.length > ROWS_IN_MESSAGE ? [`  … and ${problems.length - ROWS_IN_MESSAGE} more`] : [];
  throw new AppError(
    "checkpoint.mismatch",
    [
      `"${source}" does not fit ${modelName(architecture)}: ${count("missing")} ${count("missing") === 1 ? "key" : "keys"} missing, ` +
        `${count("unexpected")} unexpected, ${count("shape")} of another shape; see all with \`acclimate inspect\`.`,
      ...problemTable(problems.slice(0, ROWS_IN_MESSAGE)),
      ...more,
    ].join("\n"),
  );
}

/** The problems as aligned text, one a line. */
export function problemTable(problems: readonly KeyProblem[]): string[] {
  const width = Math.max(...problems.map(({ key }) => key.length));
  return problems.map(({ key, kind, expected, found }) => {
    const what =
      kind === "missing"
        ? `missing, wants ${expected}`
        : kind === "unexpected"
          ? `unexpected, ${found}`
          : `is ${found}, wants ${expected}`;
    return `  ${key.padEnd(width)}  ${what}`;
  });
}
