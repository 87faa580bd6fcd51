// Says which classes occur in a label file.
import { IGNORE_LABEL } from "../../../../src-shared/labels/ignore-label.ts";
import { readLabels } from "../../datasets/read-labels.ts";
import type { Handler } from "../handler.ts";

/** Of all train ids there are. */
const NUM_CLASSES = 19;

export const presentClasses: Handler<"presentClasses"> = async ({ imagePath, path, encoding }, { signal }) => {
  const source = { imagePath, labelPath: path, labelEncoding: encoding };
  const { labels, unknown, hints } = await readLabels(source, NUM_CLASSES, signal);
  const isPresent = new Uint8Array(IGNORE_LABEL + 1);
  for (const id of labels.data) isPresent[id] = 1;
  const trainIds = [...isPresent.keys()].filter((id) => id !== IGNORE_LABEL && isPresent[id] === 1);
  return { trainIds, pixels: labels.data.length, unknown: [...unknown], hints: [...hints] };
};
