// The label set that `--label-set` names: one that comes with the program, or a JSON file.
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { LabelSetData } from "../../../src-shared/contract/label-set.ts";
import { BUILT_IN_LABEL_SETS } from "../../../src-shared/labels/built-in-label-sets.ts";
import { parsedLabelSet } from "../../../src-shared/labels/label-set-data.ts";
import { readInputFile } from "../../files/read-input-file.ts";

/** A file of 255 classes has some 20 kB. */
const MAX_FILE_BYTES = 2 ** 20;

/** @throws AppError `input.missing` for what is neither; `input.unreadable` for a file that is no label set */
export async function givenLabelSet(name: string | undefined): Promise<LabelSetData | undefined> {
  if (name === undefined) return undefined;
  const builtIn = BUILT_IN_LABEL_SETS.get(name);
  if (builtIn !== undefined) return builtIn;
  if (!name.toLowerCase().endsWith(".json")) {
    const names = [...BUILT_IN_LABEL_SETS.keys()].join(", ");
    throw new AppError("input.missing", `There is no label set "${name}"; choose one of ${names}, or a .json file.`);
  }
  return parsedLabelSet(new TextDecoder().decode(await readInputFile(name, MAX_FILE_BYTES)), name);
}
