// The paths of everything that is not the typed interface: pixels and files, by plain GET.
import type { ViewsConfig } from "../adaptation-config.ts";
import type { Style } from "../style.ts";
import type { BenchmarkId, WeightsForm } from "./evaluations.ts";
import type { EvaluationId, ExportId, ImageId, RunId, TrainingId } from "./ids.ts";
import type { Plane, PlaneStop } from "./runs.ts";

/** Where the typed interface lives. */
export const API_PATH = "/api";

/** Side of a thumbnail's square, in pixels. */
export const THUMBNAIL_PX = 256;

/** Longer side of a stylized image, in pixels: small enough to be there at once. */
export const STYLIZED_PX = 640;

/** Every route answers 404 with one sentence when what it names is not there. */
export const routes = {
  /** The image in a format browsers show, at its own size, not rotated. */
  image: (id: ImageId): string => `/images/${id}`,
  /** The same for the viewer; of one that comes in tiles a `PhotoPyramid` as JSON. */
  photo: (id: ImageId): string => `/images/${id}/photo`,
  /** Answers once the tiles of a large image are there: PNG at `/LEVEL/COLUMN/ROW` below it. */
  photoTiles: (id: ImageId): string => `/images/${id}/tiles`,
  /** WebP, at most THUMBNAIL_PX wide and high. */
  thumbnail: (id: ImageId): string => `/images/${id}/thumbnail`,
  /** uint8 [H, W]: ground truth as train ids of this number of classes, 255 where ignored. */
  /** @param classes  key of a label set */
  groundTruth: (id: ImageId, classes: string): string => `/images/${id}/labels?classes=${classes}`,
  /** WebP: one augmented view of the image as the network gets it. */
  view: (id: ImageId, index: number, { scales, flips, grayscale }: ViewsConfig): string =>
    `/images/${id}/views/${index}?scales=${scales.join(",")}&flips=${flips}&grayscale=${grayscale}`,
  /** WebP: the image in the style of another. */
  stylized: (id: ImageId, styleId: ImageId, how: Style): string =>
    `/images/${id}/stylized/${styleId}?style=${how.style}${how.style === "fourier" ? `&beta=${how.beta}` : ""}`,
  /** uint8 [H, W], or [H, W, 4] for candidates. */
  plane: (id: RunId, stop: PlaneStop, plane: Plane): string => `/runs/${id}/iterations/${stop}/${plane}`,
  /** uint8 [H, W]: train ids, 255 where there is none. */
  pseudoLabel: (id: RunId): string => `/runs/${id}/pseudo-label`,
  /** uint8 [H, W]: the train ids that an evaluation predicted for an image. */
  evaluatedLabels: (id: EvaluationId, imageId: ImageId): string => `/evaluations/${id}/images/${imageId}`,
  /** The evaluation as one HTML page, for download. */
  evaluationReport: (id: EvaluationId): string => `/evaluations/${id}/report`,
  /** The .zip for a benchmark's server, once it has been prepared. */
  submission: (id: EvaluationId, benchmark: BenchmarkId): string => `/evaluations/${id}/submissions/${benchmark}`,
  /** Importance weights of its images, once they have been written. */
  importanceWeights: (id: EvaluationId, form: WeightsForm): string => `/evaluations/${id}/importance-weights/${form}`,
  /** uint8 [H, W]: train ids at a step of a training, of the preview of this name. */
  trainingPreview: (id: TrainingId, step: number, name: string): string => `/trainings/${id}/previews/${step}/${name}`,
  /** PNG: what that preview is of, where it has a picture of its own. */
  trainingPreviewPicture: (id: TrainingId, step: number, name: string): string =>
    `/trainings/${id}/previews/${step}/${name}/picture`,
  /** PNG: the picture that the previews of a training are of. */
  trainingPreviewImage: (id: TrainingId): string => `/trainings/${id}/previews/image`,
  /** A file of a finished export that was made for download; without a name all of them as a .zip. */
  exportFile: (id: ExportId, name?: string): string =>
    `/exports/${id}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`,
} as const;
