// Opens what a training learns from and validates on.
import type { LabelSetData } from "../../../src-shared/contract/label-set.ts";
import type { SampleDomain } from "../../../src-shared/contract/sample-domains.ts";
import { labelSetOf } from "../../../src-shared/labels/label-set-data.ts";
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import type { DatasetReport } from "../datasets/dataset-report.ts";
import type { LabelledImages } from "../datasets/labelled-images.ts";
import type { SplitChoice } from "../datasets/split-choice.ts";
import { type DataSource, type ListedImages, listImages, openLabelled, openListed } from "./data-source.ts";
import type { RoleImages } from "./samples/read-samples.ts";

/** Of the generator's scenes. */
export const SAMPLE_SIZE = { width: 512, height: 256 } as const;

/** Images as somebody asks for them. */
export type DataChoice =
  /** Scenes of the built-in generator, with the seed of the training; on a clear day unless domains are named. */
  | { readonly kind: "sample"; readonly count: number; readonly domains?: readonly SampleDomain[] | undefined }
  | ({ readonly kind: "folder"; readonly root: string } & SplitChoice);

export interface DataChoices {
  /** Labelled images to learn from; null: of a method that asks for no source. */
  readonly training: DataChoice | null;
  /** Images of the domain to adapt to, whose labels are not looked at; null: of a method that asks for none. */
  readonly target: DataChoice | null;
  /** Null: nothing is validated. */
  readonly validation: DataChoice | null;
}

/** In place of a source that nobody asks for. */
const NO_IMAGES: ListedImages = { kind: "unlabelled", paths: [] };

/** By role. */
export type ListedRoles = Readonly<{ source: ListedImages; target?: ListedImages }>;

export interface TrainingData {
  readonly images: RoleImages;
  /** The same for other threads. */
  readonly listed: ListedRoles;
  readonly validation: LabelledImages | undefined;
  /** What made it, folders included: for whoever trains. */
  readonly description: Readonly<Record<string, unknown>>;
  /** The same for the checkpoint's metadata, which may go anywhere: it names no folder of this machine. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

export interface TrainingDataOptions {
  /** Hears what was left out of the data sets. */
  readonly report: DatasetReport;
  /** Whether files that links lead out of a data set's folder to are refused, or followed. */
  readonly contained: boolean;
  /** What the classes are, where that is more than their number. */
  readonly labelSet?: LabelSetData | undefined;
}

/**
 * Of the sample no scene is in two roles: those of the validation follow those of the training, those of the target follow
 * both.
 *
 * @throws AppError those of the data sets
 */
export async function openTrainingData(
  { training, target, validation }: DataChoices,
  config: { readonly numClasses: number; readonly seed: number },
  { report, contained, labelSet }: TrainingDataOptions,
): Promise<TrainingData> {
  const scenes = (choice: DataChoice | null): number => (choice?.kind === "sample" ? choice.count : 0);
  const model = labelSetOf({ numClasses: config.numClasses, labelSet });
  const sourceOf = (choice: DataChoice, first: number): DataSource =>
    dataSource(choice, { model, seed: config.seed }, contained, first);
  const source = training === null ? null : sourceOf(training, 0);
  const validated = validation === null ? null : sourceOf(validation, scenes(training));
  const adapted = target === null ? null : sourceOf(target, scenes(training) + scenes(validation));
  const listed = source === null ? NO_IMAGES : await listImages(source, "required", report);
  const listedTarget = adapted === null ? null : await listImages(adapted, "ignored", report);
  const images: RoleImages = {
    source: source === null ? openListed(listed, report) : openLabelled(listed, report),
    ...(listedTarget === null ? {} : { target: openListed(listedTarget, report) }),
  };
  const validationImages =
    validated === null ? undefined : openLabelled(await listImages(validated, "required", report), report);
  const described = (name: string, from: DataSource | null) => (from === null ? {} : { [name]: from });
  const counted = (name: string, from: DataSource | null, count = 0) =>
    from === null ? {} : { [name]: withoutFolder(from, count) };
  return {
    images,
    listed: { source: listed, ...(listedTarget === null ? {} : { target: listedTarget }) },
    validation: validationImages,
    description: {
      ...described("training", source),
      ...described("target", adapted),
      ...described("validation", validated),
    },
    provenance: {
      ...counted("training", source, images.source.count),
      ...counted("target", adapted, images.target?.count),
      ...counted("validation", validated, validationImages?.count),
    },
  };
}

/** What can be said of the images without saying where they lie: of a folder, how many they are. */
function withoutFolder(source: DataSource, images: number): Readonly<Record<string, unknown>> {
  if (source.kind === "folder") return { kind: source.kind, split: source.split, images };
  return { ...source };
}

function dataSource(
  choice: DataChoice,
  { model, seed }: { readonly model: ModelClasses; readonly seed: number },
  contained: boolean,
  first: number,
): DataSource {
  if (choice.kind === "folder") return { ...choice, model, contained };
  const { count, domains = ["clear"] } = choice;
  const parts = domains.map((domain, k): DataSource => {
    // As many of each domain, no scene twice.
    const [from, to] = [Math.floor((k * count) / domains.length), Math.floor(((k + 1) * count) / domains.length)];
    return { kind: "sample", seed, domain, ...SAMPLE_SIZE, first: first + from, count: to - from };
  });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: "several", sources: parts };
}
