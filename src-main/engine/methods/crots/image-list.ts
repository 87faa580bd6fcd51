// The original's lists of images: one relative path a line, of which what stands before the first space counts.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";

/** Where listed images lie below the folder that is named: Cityscapes', or at once. */
const PLACES = [join("leftImg8bit", "train"), "", "train", "leftImg8bit"] as const;

/** Source: spec of CROTS, "3. Data conventions". */
export function namesInList(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [name = ""] = line.trim().split(" ");
    return name === "" ? [] : [name];
  });
}

/**
 * @param file  the list, for messages
 * @throws AppError `input.missing` for an image that is not there, `input.option` for an empty list
 */
export function imagesOfList(text: string, folder: string, file: string) {
  const names = namesInList(text);
  const [first] = names;
  if (first === undefined) throw new AppError("input.option", `"${file}" lists no images; name another list.`);
  const root = PLACES.map((place) => join(folder, place)).find((place) => existsSync(join(place, first)));
  if (root !== undefined) return { names, paths: names.map((name) => join(root, name)) };
  throw new AppError("input.missing", `"${first}" of "${file}" is not below "${folder}"; correct --data-dir.`);
}
