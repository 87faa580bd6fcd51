// Finds the label file of each image.
import { stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { LabelEncodingChoice } from "../../../src-shared/labels/label-encoding-option.ts";
import { imageStemOfMask } from "../../engine/datasets/folder-roles.ts";
import { imageKey, type LabelFileKind, labelKey } from "../../engine/datasets/label-file-names.ts";
import { isLosslessName } from "../../engine/images/image-formats.ts";
import { inputErrorFrom } from "../../files/read-input-file.ts";
import { filesBelow } from "./files-below.ts";

interface LabelFile {
  readonly path: string;
  readonly kind: LabelFileKind;
}

/**
 * The label files of images, in the images' order; null for an image that has none.
 *
 * @param images  paths
 * @param labels  a label file for a single image, or a folder that is searched by name with all its subfolders
 * @throws AppError `input.missing` when no image has one, `input.unreadable`, `input.option` when it is not clear which
 */
export async function matchLabels(
  images: readonly string[],
  labels: string,
  encoding: LabelEncodingChoice,
): Promise<(string | null)[]> {
  const isFolder = await stat(labels).then(
    (found) => found.isDirectory(),
    (error) => {
      throw inputErrorFrom(labels, error);
    },
  );
  if (!isFolder) {
    if (images.length === 1) return [labels];
    throw new AppError(
      "input.option",
      `--labels: "${labels}" is one file, but there are ${images.length} images; give the folder of their label files.`,
    );
  }
  const byKey = await labelFilesByKey(labels, new Set(images.map((image) => resolve(image))));
  const matched = images.map((image) =>
    choose(image, labels, byKey.get(imageKey(image).toLowerCase()) ?? [], encoding),
  );
  if (matched.some((path) => path !== null)) return matched;
  throw noneMatched(images, labels, byKey);
}

async function labelFilesByKey(folder: string, images: ReadonlySet<string>): Promise<Map<string, LabelFile[]>> {
  const byKey = new Map<string, LabelFile[]>();
  for (const path of await filesBelow(folder)) {
    const { key, kind } = labelKey(path);
    if (!isLosslessName(path) || kind === "other" || images.has(resolve(path))) continue;
    for (const name of namesOfImage(key)) byKey.set(name, [...(byKey.get(name) ?? []), { path, kind }]);
  }
  return byKey;
}

/** What the image of a label file may be called, in lower case. */
function namesOfImage(key: string): readonly string[] {
  return [...new Set([key, imageStemOfMask(key) ?? key].map((name) => name.toLowerCase()))];
}

/** The kinds of files that an encoding is kept in, the preferred one first: of IDD there are two. */
function wantedKinds(encoding: LabelEncodingChoice): readonly LabelFileKind[] {
  if (encoding === "idd") return ["trainIds", "labelIds", "unsaid"];
  return [encoding === "trainIds" || encoding === "bdd" ? "trainIds" : "labelIds", "unsaid"];
}

function choose(
  image: string,
  folder: string,
  candidates: readonly LabelFile[],
  encoding: LabelEncodingChoice,
): string | null {
  const byKind = wantedKinds(encoding).map((kind) => candidates.filter((candidate) => candidate.kind === kind));
  const fitting = byKind.find((files) => files.length > 0) ?? [];
  if (fitting.length <= 1) return fitting[0]?.path ?? null;
  // The same name in several subfolders: the one whose folder is called as the image's is meant, else the nearest one.
  const alike = fitting.filter(({ path }) => endsAlike(dirname(relative(folder, path)), dirname(image)));
  const meant = alike.length === 1 ? alike : nearestTo(image, fitting);
  if (meant.length === 1) return meant[0]?.path ?? null;
  throw new AppError(
    "input.option",
    `--labels: several files could belong to "${image}", such as "${meant[0]?.path}" and "${meant[1]?.path}"; ` +
      "give a folder that holds one of them.",
  );
}

function endsAlike(labelFolder: string, imageFolder: string): boolean {
  return labelFolder !== "" && `${sep}${imageFolder}`.endsWith(`${sep}${labelFolder}`);
}

/** Those that share the most folders with the image, counted from the root. */
function nearestTo(image: string, candidates: readonly LabelFile[]): LabelFile[] {
  const imageFolders = resolve(image).split(sep);
  const shared = candidates.map(({ path }) => {
    const folders = resolve(path).split(sep);
    return folders.findIndex((folder, depth) => folder !== imageFolders[depth]);
  });
  const most = Math.max(...shared);
  return candidates.filter((_, index) => shared[index] === most);
}

function noneMatched(
  images: readonly string[],
  folder: string,
  byKey: ReadonlyMap<string, readonly LabelFile[]>,
): AppError {
  const [first] = [...byKey.values()].flat();
  const such = first === undefined ? "there is none" : `there is "${first.path}"`;
  const other = images.flatMap((image) => byKey.get(imageKey(image).toLowerCase()) ?? [])[0];
  const advice =
    other === undefined
      ? `label files are called as their image, with an ending such as _mask or _gtFine_labelIds or without; ${such}.`
      : `"${other.path}" has other ids; is --label-encoding ${other.kind === "labelIds" ? "cityscapes" : "trainIds"} meant?`;
  return new AppError("input.missing", `"${folder}" holds no label file for "${images[0]}"; ${advice}`);
}
