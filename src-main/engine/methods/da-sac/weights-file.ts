// Reads and writes importance weights: JSON, and the original's `.data` files.
import { basename, extname } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import type { PickleValue } from "../../checkpoints/pickle/pickle-values.ts";
import { type CheckpointFile, readCheckpointFile } from "../../checkpoints/read-file.ts";
import { looksLikePickle, readTorchLegacy } from "../../checkpoints/torch/read-torch-legacy.ts";
import { readTorchZip } from "../../checkpoints/torch/read-torch-zip.ts";
import { looksLikeZip } from "../../checkpoints/zip/read-zip.ts";
import type { ClassShares, ImportanceWeights } from "./importance-weights.ts";
import { weightsArchive } from "./write-weights-pickle.ts";

export const WEIGHTS_EXTENSIONS = [".data", ".json"] as const;

/** The largest file of the original's form that is read back has about so many shares. */
const MAX_PICKLED_SHARES = 70_000;

const share = z.number().gt(0).max(1);
const documentSchema = z.record(z.string().min(1), z.record(z.string().regex(/^\d{1,3}$/), share));

/**
 * Told apart by its first bytes, not by its extension.
 *
 * @throws AppError `input.missing`, `input.unreadable` for what is no file of importance weights
 */
export async function readWeightsFile(path: string): Promise<ImportanceWeights> {
  const file = await readCheckpointFile(path);
  const { bytes } = file;
  if (looksLikeZip(bytes) || looksLikePickle(bytes)) return weightsFromTorch(file);
  try {
    return weightsFromJson(documentSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8"))));
  } catch (cause) {
    throw stranger(path, cause);
  }
}

/**
 * The extension decides: `.json`, or `.data` in the original's form.
 *
 * @throws AppError `input.option` for another extension, and for more weights than the original's form can be read back with
 * @throws AppError `output.unwritable`, `output.diskFull`
 */
export async function writeWeightsFile(path: string, weights: ImportanceWeights): Promise<void> {
  requireWeightsExtension(path);
  if (extname(path) === ".json") return writeFileAtomically(path, Buffer.from(jsonOf(weights)));
  const shares = [...weights.values()].reduce((sum, ofImage) => sum + ofImage.size, 0);
  if (shares > MAX_PICKLED_SHARES) {
    throw new AppError(
      "input.option",
      `"${basename(path)}" would hold ${shares} shares, more than the ${MAX_PICKLED_SHARES} of this form; ` +
        "name a file that ends in .json.",
    );
  }
  return writeFileAtomically(path, weightsArchive(weights));
}

/** @throws AppError `input.option` */
export function requireWeightsExtension(path: string): void {
  const known: readonly string[] = WEIGHTS_EXTENSIONS;
  if (known.includes(extname(path))) return;
  throw new AppError("input.option", `"${basename(path)}": importance weights are files that end in .data or .json.`);
}

/** The same nested mapping as in the original's files, an image a line. */
function jsonOf(weights: ImportanceWeights): string {
  const lines = [...weights].map(([name, shares]) => {
    const entries = [...shares].map(([id, value]) => `"${id}": ${JSON.stringify(value)}`);
    return `  ${JSON.stringify(name)}: { ${entries.join(", ")} }`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

function weightsFromJson(document: z.infer<typeof documentSchema>): ImportanceWeights {
  return new Map(
    Object.entries(document).map(([name, shares]) => [
      name,
      new Map(Object.entries(shares).map(([id, value]) => [Number(id), value])),
    ]),
  );
}

function weightsFromTorch(file: CheckpointFile): ImportanceWeights {
  const root = rootOf(file);
  if (!(root instanceof Map)) throw stranger(file.path);
  return new Map(
    [...root].map(([name, shares]) => {
      if (typeof name !== "string" || !(shares instanceof Map)) throw stranger(file.path);
      return [name, classShares(shares, file.path)];
    }),
  );
}

function classShares(shares: ReadonlyMap<PickleValue, PickleValue>, path: string): ClassShares {
  const checked = new Map<number, number>();
  for (const [id, value] of shares) {
    if (typeof id !== "number" || !Number.isInteger(id) || !share.safeParse(value).success) throw stranger(path);
    checked.set(id, Number(value));
  }
  return checked;
}

/** What makes a bad checkpoint makes a bad file of weights; the words are others. */
function rootOf(file: CheckpointFile): PickleValue {
  try {
    return looksLikeZip(file.bytes) ? readTorchZip(file).root : readTorchLegacy(file).root;
  } catch (cause) {
    throw cause instanceof AppError ? stranger(file.path, cause) : cause;
  }
}

function stranger(path: string, cause?: unknown): AppError {
  return new AppError(
    "input.unreadable",
    `"${basename(path)}" holds no importance weights, or is damaged; make it anew with \`acclimate importance-weights\`.`,
    { cause },
  );
}
