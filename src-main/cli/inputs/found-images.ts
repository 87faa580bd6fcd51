// Images that a command line names as files, and what their results are called.
import type { Stats } from "node:fs";
import { basename } from "node:path";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import type { RunInput } from "./run-input.ts";
import { stemOf } from "./stem-of.ts";

export function fileInput(path: string): RunInput {
  return { path, name: stemOf(basename(path)), labelPath: null, labelEncoding: null };
}

/** @throws AppError `input.missing`, `input.unreadable` */
export async function requireFound(looking: Promise<Stats>, path: string): Promise<Stats> {
  try {
    return await looking;
  } catch (error) {
    throw inputErrorFrom(path, error);
  }
}

/** The inputs with names that are unique in the run: some file systems do not tell cases apart. */
export function unusedNames(inputs: readonly RunInput[]): RunInput[] {
  const names = new Set<string>();
  return inputs.map((input) => {
    let { name } = input;
    for (let i = 2; names.has(name.toLowerCase()); i += 1) name = `${input.name}-${i}`;
    names.add(name.toLowerCase());
    return { ...input, name };
  });
}
