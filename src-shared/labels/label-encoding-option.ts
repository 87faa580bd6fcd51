// What `--label-encoding` can say, and what it means for a label file.
import { DATASET_ENCODINGS, type DatasetEncoding } from "./dataset-tables.ts";

/** All encodings, and the names of data sets whose labels the original program converts to train ids. */
export const LABEL_ENCODING_CHOICES = [...DATASET_ENCODINGS, "bdd", "idd"] as const;
export type LabelEncodingChoice = (typeof LABEL_ENCODING_CHOICES)[number];

/** What IDD's tools call files of its own ids. */
const IDD_OWN_IDS = /_labelids\.\w+$/i;

/** The encoding of one file: of IDD there are files of two kinds, which their names tell apart. */
export function encodingOfFile(choice: LabelEncodingChoice, path: string): DatasetEncoding {
  if (choice === "bdd") return "trainIds";
  // Whoever names train ids means those of the model.
  if (choice === "trainIds") return "ownIds";
  if (choice !== "idd") return choice;
  return IDD_OWN_IDS.test(path) ? "iddIds" : "trainIds";
}
