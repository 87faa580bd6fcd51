// A folder of images whose labels nobody asks for: those of a domain to adapt to.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { decodeImage } from "../images/decode-image.ts";
import { containedItems } from "./contained-items.ts";
import { DatasetReport } from "./dataset-report.ts";
import type { FolderOptions } from "./labelled-folder.ts";
import type { SourceImages } from "./labelled-images.ts";
import { listDataset } from "./list-dataset.ts";
import { chosenItems } from "./split-choice.ts";

/**
 * The paths of all images of a split, in the order of the data set, labelled or not.
 *
 * @throws AppError `input.missing`, `input.unreadable` when the folder is not there or holds no images; `input.option` for a
 *         split that is not there
 */
export async function listImageFolder(
  root: string,
  { report = new DatasetReport(), contained = false, ...choice }: FolderOptions,
): Promise<string[]> {
  const items = [];
  for await (const batch of listDataset(root, { report })) items.push(...batch);
  const chosen = chosenItems(items, choice, root, report);
  const usable = contained ? await containedItems(root, chosen, report) : chosen;
  if (usable.length > 0) return usable.map(({ imagePath }) => imagePath);
  throw new AppError("input.unreadable", `"${root}" holds no images; put PNG or JPEG files there.`);
}

/** @throws AppError those of the decoders, when an image is read */
export function readImageFiles(paths: readonly string[]): SourceImages {
  return {
    count: paths.length,
    read: async (index) => {
      const path = paths[index];
      if (path === undefined) throw new RangeError(`image ${index} of ${paths.length}`);
      return { image: await decodeImage(path), labels: null };
    },
  };
}
