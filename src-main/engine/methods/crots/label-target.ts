// Labels all target images, image by image: pseudo-labels and hard patches from the same label map, so that whoever gives labels
// is asked once. Source: spec of CROTS, "5. Step 1", "8. Step 4", "14. Black-box versus white-box".
import { basename, join } from "node:path";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { Palette } from "../../../../src-shared/labels/palettes.ts";
import { writeFileAtomically } from "../../../files/write-file-atomically.ts";
import type { SourceImages } from "../../datasets/labelled-images.ts";
import { decodeLabelMap } from "../../images/decode-label-map.ts";
import type { RgbImage } from "../../images/rgb-image.ts";
import { prefetched } from "../../training/prefetched.ts";
import { stopIfCancelled } from "../shared/cancellation.ts";
import { classThresholds, confidencesOf, thresholded } from "./class-thresholds.ts";
import type { TargetLabels } from "./predicted-labels.ts";
import { preparedImage, type Size } from "./prepared.ts";
import {
  CONFIDENCE,
  confidenceSteps,
  finalFiles,
  labelFiles,
  PREDICTED,
  patchFiles,
  RecordedFolder,
  type TargetFolders,
  type TargetRecord,
} from "./target-folder.ts";
import { labelName } from "./target-names.ts";

export interface LabelTargetRequest {
  readonly images: SourceImages;
  /** As of `namesBelowCommon`. */
  readonly names: readonly string[];
  /** Labels of an image in the size; of whatever model, or of none. */
  readonly label: (image: RgbImage, index: number) => Promise<TargetLabels>;
  readonly size: Size;
  /** Of pictures of labels. */
  readonly palette: Palette;
  readonly folders: TargetFolders;
  readonly rareClasses: readonly number[];
  /** See `classThresholds`; null: every pixel keeps its label. */
  readonly classShare: number | null;
  /** What labels follow from besides these: the checkpoint's hash. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface LabelTargetOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears how many images are done. */
  readonly onImage?: (done: number, images: number) => void;
  /** Hears a sentence about classes that no patch has. */
  readonly onNotice?: (message: string) => void;
}

/** Images that are decoded while one is labelled. */
const READ_AHEAD = 2;

/**
 * @returns how many hard patches there are
 * @throws AppError `input.option` for an empty target, for folders that were begun otherwise, and for
 *         thresholds without confidences; those of reading images and of `label`
 * @throws CancelledError; what is done stays, and the next call goes on there
 */
export async function labelTarget(
  request: LabelTargetRequest,
  options: LabelTargetOptions = {},
): Promise<{ readonly patches: number }> {
  const { images, names, folders, rareClasses, classShare, size, palette } = request;
  if (images.count === 0)
    throw new AppError("input.option", "The target has no images; name a folder that holds some.");
  const settings = { ...request.settings, size };
  const open = (folder: string | null, more: Readonly<Record<string, unknown>>) =>
    folder === null ? null : RecordedFolder.open(folder, { ...settings, ...more });
  const labels = await open(folders.pseudoLabels, { classShare });
  const patches = await open(folders.hardPatches, { rareClasses });
  const both = [labels, patches].filter((folder) => folder !== null);
  const left = [...names.keys()].filter((index) => both.some((folder) => !folder.has(names[index] ?? "")));
  const stems = patchStems(names);
  let done = names.length - left.length;
  options.onImage?.(done, names.length);
  const read = async (index: number) => ({ index, image: (await images.read(index)).image });
  for await (const { index, image } of prefetched(left, read, READ_AHEAD)) {
    stopIfCancelled(options.signal);
    const name = names[index] ?? "";
    const found = await request.label(image, index);
    if (labels !== null && !labels.has(name)) await addLabels(labels, name, found, request);
    if (patches !== null && !patches.has(name)) {
      const stem = stems[index] ?? name;
      const made = await patchFiles(
        patches.folder,
        stem,
        { image: preparedImage(image, size), labels: found.labels },
        { rareClasses, palette },
      );
      await patches.add(made.files, { name, entropy: null, confidences: [], patches: made.patches });
    }
    done += 1;
    options.onImage?.(done, names.length);
  }
  if (labels !== null) await finishLabels(labels, names, request, options.signal);
  if (patches === null) return { patches: 0 };
  const records = patches.recordsOf(names);
  const missing = missingClasses(records, rareClasses);
  const count = records.reduce((sum, record) => sum + record.patches.length, 0);
  if (missing.length > 0 && count > 0) {
    const which = missing.join(", ");
    options.onNotice?.(`No hard patch has a pixel of the classes ${which}: patches will teach nothing of them.`);
  }
  return { patches: count };
}

async function addLabels(
  folder: RecordedFolder,
  name: string,
  found: TargetLabels,
  { classShare, palette }: Pick<LabelTargetRequest, "classShare" | "palette">,
): Promise<void> {
  if (classShare !== null && found.confidence === null) {
    throw new AppError(
      "input.option",
      "--class-share: class-balanced thresholds need confidences, and maps of classes have none; give probabilities, or leave it out.",
    );
  }
  const confidences =
    found.confidence === null || classShare === null
      ? []
      : confidencesOf(found.labels, confidenceSteps(found.confidence));
  const files = await labelFiles(folder.folder, name, found, classShare === null ? palette : null);
  await folder.add(files, { name, entropy: found.entropy, confidences, patches: [] });
}

/** Thresholds over all images, and the lists of easy and hard ones. */
async function finishLabels(
  labels: RecordedFolder,
  names: readonly string[],
  { classShare, palette }: Pick<LabelTargetRequest, "classShare" | "palette">,
  signal: AbortSignal | undefined,
): Promise<void> {
  const records = labels.recordsOf(names);
  if (classShare !== null) {
    const thresholds = classThresholds(records, classShare);
    for (const { name } of records) {
      stopIfCancelled(signal);
      const file = labelName(name);
      const predicted = await decodeLabelMap(join(labels.folder, PREDICTED, file));
      const { data: steps } = await decodeLabelMap(join(labels.folder, CONFIDENCE, file));
      await labels.write(await finalFiles(labels.folder, file, thresholded(predicted, steps, thresholds), palette));
    }
  }
  await writeLists(labels.folder, records);
}

/** The half whose entropy is lower, and the other; where any is not known, neither. Source: spec "5. Step 1", files. */
async function writeLists(folder: string, records: readonly TargetRecord[]): Promise<void> {
  const known = records.flatMap(({ name, entropy }) => (entropy === null ? [] : [{ name, entropy }]));
  if (known.length < records.length) return;
  const rising = known.toSorted((a, b) => a.entropy - b.entropy);
  const half = Math.floor(rising.length / 2);
  for (const [file, part] of [
    ["easy.txt", rising.slice(0, half)],
    ["hard.txt", rising.slice(half)],
  ] as const) {
    const lines = part.map(({ name, entropy }) => `${name} ${entropy}\n`);
    await writeFileAtomically(join(folder, file), Buffer.from(lines.join("")));
  }
}

/** Classes that no patch has. */
function missingClasses(records: readonly TargetRecord[], rareClasses: readonly number[]): number[] {
  const seen = new Set(
    records.flatMap(({ patches }) => patches.flatMap(({ pixels }) => Object.keys(pixels).map(Number))),
  );
  return rareClasses.filter((id) => !seen.has(id));
}

/** Names of images without folders, as the original's patches have them; with folders where two would be the same. */
function patchStems(names: readonly string[]): string[] {
  const timesOf = new Map<string, number>();
  for (const name of names) timesOf.set(basename(name), (timesOf.get(basename(name)) ?? 0) + 1);
  return names.map((name) => (timesOf.get(basename(name)) === 1 ? basename(name) : name.replaceAll("/", "_")));
}
