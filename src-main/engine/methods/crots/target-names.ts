// Under which name the labels of a target image are kept, and where they are found again.
import { readdir } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { inputErrorFrom } from "../../../files/read-input-file.ts";

/**
 * Paths of images below the folder that they have in common, with slashes: `aachen/aachen_000000_000019_leftImg8bit.png` for
 * Cityscapes, as its lists of images have them.
 */
export function namesBelowCommon(paths: readonly string[]): string[] {
  const folders = paths.map((path) => dirname(path).split(sep));
  const [first = []] = folders;
  const differs = first.findIndex((part, depth) => folders.some((folder) => folder[depth] !== part));
  const depth = differs < 0 ? first.length : differs;
  return paths.map((path) => path.split(sep).slice(depth).join("/"));
}

/** Of an image's labels: `x_gtFine_labelIds.png` for `x_leftImg8bit.png`, as the original replaces it. */
export function labelName(image: string): string {
  return `${image.replaceAll("leftImg8bit", "gtFine_labelIds").replace(/\.[^./]+$/, "")}.png`;
}

/** Where the original and `acclimate pseudo-labels` put labels below the folder that is named. */
const PLACES = ["", "train", join("label_ids", "train")] as const;
/** What label files have behind the name of the image that an image file has not. */
const ENDINGS = /(_gtFine_labelIds|_gtFine_labelTrainIds|_leftImg8bit|_labelTrainIds|_trainIds|_labelIds|_pred|_prob)$/;

/**
 * The file of each image, in their order: below the folder as the original keeps them, else wherever below it one file has the
 * image's name.
 *
 * @param images      names as of `namesBelowCommon`
 * @param extensions  of files that count, such as ".png"
 * @param what        they are, for messages: "pseudo-labels"
 * @throws AppError `input.missing`, `input.unreadable`; `input.option` for a folder of other images
 */
export async function filesOfImages(
  folder: string,
  images: readonly string[],
  extensions: readonly string[],
  what: string,
): Promise<string[]> {
  const files = (await filesBelow(folder)).filter((file) => extensions.some((ending) => file.endsWith(ending)));
  const known = new Set(files);
  const byKey = Map.groupBy(files, keyOf);
  const missing: string[] = [];
  const found = images.map((image) => {
    const original = PLACES.map((place) => join(place, labelName(image))).find((path) => known.has(path));
    const file = original ?? onlyOne(byKey.get(keyOf(image)) ?? [], image);
    if (file === undefined) missing.push(image);
    return join(folder, file ?? "");
  });
  const [first] = missing;
  if (first === undefined) return found;
  throw new AppError(
    "input.option",
    `"${folder}" holds ${what} of other images: ${missing.length} of ${images.length} have none, such as "${first}"; ` +
      `make the ${what} of these images.`,
  );
}

/** Of several files of one name that of the image's folder. */
function onlyOne(files: readonly string[], image: string): string | undefined {
  if (files.length < 2) return files[0];
  return files.find((file) => basename(dirname(file)) === basename(dirname(image)));
}

function keyOf(path: string): string {
  return basename(path)
    .replace(/\.[^.]+$/, "")
    .replace(ENDINGS, "");
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, { recursive: true });
    // Colours are for people.
    return found
      .filter((file) => !file.split(sep).some((part) => part.startsWith(".") || part === "label_color"))
      .toSorted();
  } catch (error) {
    throw inputErrorFrom(folder, error);
  }
}
