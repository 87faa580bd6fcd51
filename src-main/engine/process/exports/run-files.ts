// The content of each file that can be exported of a run; what several files need is made once.
import { AppError, BugError } from "../../../../src-shared/contract/errors.ts";
import type { ExportedRun, ExportJob } from "../../../../src-shared/contract/export-job.ts";
import type { ExportFormat } from "../../../../src-shared/contract/workbench/exports.ts";
import { labelSetOf } from "../../../../src-shared/labels/label-set-data.ts";
import type { LabelSet } from "../../../../src-shared/labels/label-sets.ts";
import type { Palette } from "../../../../src-shared/labels/palettes.ts";
import type { FileContent } from "../../../files/write-file-atomically.ts";
import { decodeImage } from "../../images/decode-image.ts";
import { encodeLabelPng } from "../../images/encode-png.ts";
import type { LabelMap, RgbImage } from "../../images/rgb-image.ts";
import { softmaxInPlace } from "../../images/softmax-in-place.ts";
import { triedOnnxModel } from "./adapted-onnx.ts";
import { adaptedCheckpoint } from "./adapted-weights.ts";
import { cocoJson } from "./coco-json.ts";
import { iterationsCsv } from "./iterations-csv.ts";
import { npzPieces } from "./npz-pieces.ts";
import { colorPng, labelIdsPng, overlayPng } from "./picture-files.ts";
import { readPlane } from "./read-plane.ts";
import type { RepeatedRun, RunRepeater } from "./repeat-run.ts";
import { reportPage } from "./report/report-page.ts";
import { reportPictures } from "./report/report-pictures.ts";

export class RunFiles {
  readonly #job: ExportJob;
  readonly #exported: ExportedRun;
  readonly #repeater: RunRepeater;
  readonly #signal: AbortSignal | undefined;
  readonly #labelSet: LabelSet;
  readonly #palette: Palette;
  #image: Promise<RgbImage> | undefined;
  #labels: Promise<LabelMap> | undefined;
  #repeated: Promise<RepeatedRun> | undefined;

  constructor(job: ExportJob, exported: ExportedRun, repeater: RunRepeater, signal: AbortSignal | undefined) {
    this.#job = job;
    this.#exported = exported;
    this.#repeater = repeater;
    this.#signal = signal;
    this.#labelSet = labelSetOf(exported.run.checkpoint);
    const { palette, colorBlindSafePalette } = this.#labelSet;
    this.#palette = job.palette === "cityscapes" ? palette : colorBlindSafePalette;
  }

  /** @throws AppError as `writeExport` says */
  async of(format: ExportFormat): Promise<FileContent> {
    switch (format) {
      case "trainIds":
        return encodeLabelPng(await this.#readLabels());
      case "labelIds":
        return labelIdsPng(await this.#readLabels(), this.#labelSet);
      case "color":
        return colorPng(await this.#readLabels(), this.#palette);
      case "overlay":
        return overlayPng(await this.#decode(), await this.#readLabels(), this.#palette, this.#job.overlayOpacity);
      case "probabilities":
        return this.#probabilities();
      case "coco":
        return this.#coco();
      case "csv":
        return utf8(iterationsCsv(this.#exported.run, this.#labelSet.names));
      case "json":
        return this.#json();
      case "report":
        return this.#report();
      case "weights":
        return this.#weights();
      case "onnx":
        return this.#onnx();
      default:
        format satisfies never;
        throw new BugError(`there is no export format ${String(format)}`);
    }
  }

  #decode(): Promise<RgbImage> {
    this.#image ??= decodeImage(this.#exported.imagePath);
    return this.#image;
  }

  #readLabels(): Promise<LabelMap> {
    this.#labels ??= readPlane(this.#exported.planes.labels, this.#size).then((labels) => this.#ofTheSet(labels));
    return this.#labels;
  }

  /** Every format names classes or turns them into other ids: what is none must not become one. */
  #ofTheSet(labels: LabelMap): LabelMap {
    const { numClasses } = this.#labelSet;
    const wrong = labels.data.find((trainId) => trainId >= numClasses);
    if (wrong === undefined) return labels;
    const { image } = this.#exported.run;
    throw new AppError(
      "label.ids",
      `The prediction of "${image.key}" holds the id ${wrong}, the model has ${numClasses} classes; repeat the run.`,
    );
  }

  async #repeat(): Promise<RepeatedRun> {
    const [image, labels] = [await this.#decode(), await this.#readLabels()];
    this.#repeated ??= this.#repeater.repeat(this.#exported, image, labels, this.#signal);
    return this.#repeated;
  }

  get #size(): { width: number; height: number } {
    const { size } = this.#exported.run;
    if (size === null) throw new BugError("a run that kept an iteration has no size");
    return size;
  }

  async #probabilities(): Promise<FileContent> {
    const { scores, kind } = await this.#repeat();
    const { numClasses } = this.#labelSet;
    const data = kind === "probabilities" ? scores : softmaxInPlace(scores.slice(), numClasses);
    const { width, height } = this.#size;
    return npzPieces(new Map([["probabilities", { data, shape: [numClasses, height, width] }]]));
  }

  async #coco(): Promise<FileContent> {
    const { run, iteration } = this.#exported;
    const description = `Prediction of "${run.checkpoint.name}" by Acclimate, ${run.method}, iteration ${iteration}`;
    const name = run.image.key.split("/").at(-1) ?? run.image.key;
    return utf8(cocoJson(await this.#readLabels(), name, this.#labelSet, description));
  }

  #json(): FileContent {
    const { run, command, iteration } = this.#exported;
    const { names, cityscapesIds } = this.#labelSet;
    const classes = names.map((name, trainId) => ({ trainId, name, cityscapesId: cityscapesIds?.[trainId] }));
    return utf8(`${JSON.stringify({ run, iteration, command, classes }, null, 2)}\n`);
  }

  async #report(): Promise<FileContent> {
    const { planes, run, command, iteration } = this.#exported;
    const [image, labels] = [await this.#decode(), await this.#readLabels()];
    const before = await readPlane(planes.before, this.#size);
    const confidence = await readPlane(planes.confidence, this.#size);
    const palette = this.#palette;
    const { overlayOpacity } = this.#job;
    const changed = labels.data.reduce((count, label, i) => count + (label === before.data[i] ? 0 : 1), 0);
    const { names: classNames, numClasses } = this.#labelSet;
    return utf8(
      reportPage({
        run,
        command,
        iteration,
        classNames,
        palette,
        sharesBefore: classShares(before, numClasses),
        sharesAfter: classShares(labels, numClasses),
        changedShare: changed / labels.data.length,
        pictures: await reportPictures({ image, before, labels, confidence, palette, overlayOpacity }),
      }),
    );
  }

  async #weights(): Promise<FileContent> {
    const { stateDict, weights } = await this.#repeat();
    return adaptedCheckpoint(stateDict, weights, this.#exported.iteration, this.#metadata());
  }

  async #onnx(): Promise<FileContent> {
    const { model, weights } = await this.#repeat();
    const metadata = { classes: this.#labelSet.names.join(", "), ...this.#metadata() };
    return triedOnnxModel(model, weights, await this.#decode(), await this.#readLabels(), metadata);
  }

  /** What made the weights, for the header of their file. */
  #metadata(): Record<string, string> {
    const { run, iteration } = this.#exported;
    const { provenance } = run;
    return {
      method: run.method,
      iteration: String(iteration),
      config: JSON.stringify(run.config),
      image: run.image.key,
      checkpoint: run.checkpoint.name,
      ...(provenance === null
        ? {}
        : {
            acclimate: provenance.acclimate,
            image_sha256: provenance.imageSha256,
            checkpoint_sha256: provenance.checkpointSha256,
          }),
    };
  }
}

function classShares({ data }: LabelMap, numClasses: number): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const label of data) counts[label] = (counts[label] ?? 0) + 1;
  return counts.slice(0, numClasses).map((count) => count / data.length);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
