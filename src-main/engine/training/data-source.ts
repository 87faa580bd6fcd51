// Says where the images of a training come from, and lists them once, in plain data that other threads open as well.
import type { ModelClasses } from "../../../src-shared/labels/label-sets.ts";
import { DatasetReport } from "../datasets/dataset-report.ts";
import { listImageFolder, readImageFiles } from "../datasets/image-folder.ts";
import { type LabelledFiles, listLabelledFolder, readLabelledFiles } from "../datasets/labelled-folder.ts";
import type { LabelledImages, SourceImages } from "../datasets/labelled-images.ts";
import { type SampleScenesOptions, sampleScenes } from "../datasets/sample-scenes.ts";
import type { SplitChoice } from "../datasets/split-choice.ts";
import { decodeLabelMap } from "../images/decode-label-map.ts";

export type DataSource =
  | (SplitChoice & {
      readonly kind: "folder";
      readonly root: string;
      /** Whose train ids the labels become. */
      readonly model: ModelClasses;
      /** Whether files that links lead out of `root` to are refused, or followed. */
      readonly contained: boolean;
    })
  | ({ readonly kind: "sample" } & SampleScenesOptions)
  /** One after another. */
  | { readonly kind: "several"; readonly sources: readonly DataSource[] };

/** The same with all files listed. */
export type ListedImages =
  | { readonly kind: "labelled"; readonly files: LabelledFiles }
  | { readonly kind: "unlabelled"; readonly paths: readonly string[] }
  | { readonly kind: "sample"; readonly scenes: SampleScenesOptions; readonly hasLabels: boolean }
  | { readonly kind: "several"; readonly parts: readonly ListedImages[] }
  /** With labels from elsewhere: a file of train ids for each, whose size may be another. */
  | { readonly kind: "relabelled"; readonly images: ListedImages; readonly labels: readonly string[] };

/**
 * @param labels  "ignored": images of a domain that is to be adapted to; theirs are not looked at
 * @param report  hears what is wrong with a known data set
 * @throws AppError those of `listLabelledFolder` and `listImageFolder`
 */
export async function listImages(
  source: DataSource,
  labels: "required" | "ignored" = "required",
  report = new DatasetReport(),
): Promise<ListedImages> {
  switch (source.kind) {
    case "sample": {
      const { kind: _, ...scenes } = source;
      return { kind: "sample", scenes, hasLabels: labels === "required" };
    }
    case "several": {
      const parts: ListedImages[] = [];
      for (const part of source.sources) parts.push(await listImages(part, labels, report));
      return { kind: "several", parts };
    }
    case "folder": {
      const { root, model, kind: _, ...options } = source;
      if (labels === "ignored") {
        return { kind: "unlabelled", paths: await listImageFolder(root, { ...options, report }) };
      }
      return { kind: "labelled", files: await listLabelledFolder(root, model, { ...options, report }) };
    }
    default:
      return source satisfies never;
  }
}

/** Images that were listed with their labels. @throws RangeError for others */
export function openLabelled(listed: ListedImages, report = new DatasetReport()): LabelledImages {
  const images = openListed(listed, report);
  return {
    count: images.count,
    read: async (index) => {
      const { image, labels } = await images.read(index);
      if (labels === null) throw new RangeError(`image ${index} was listed without labels`);
      return { image, labels };
    },
  };
}

export function openListed(listed: ListedImages, report = new DatasetReport()): SourceImages {
  switch (listed.kind) {
    case "labelled":
      return readLabelledFiles(listed.files, report);
    case "unlabelled":
      return readImageFiles(listed.paths);
    case "sample":
      return listed.hasLabels ? sampleScenes(listed.scenes) : withoutLabels(sampleScenes(listed.scenes));
    case "several":
      return concatenated(listed.parts.map((part) => openListed(part, report)));
    case "relabelled":
      return relabelled(openListed(listed.images, report), listed.labels);
    default:
      return listed satisfies never;
  }
}

function relabelled({ count, read }: SourceImages, labels: readonly string[]): SourceImages {
  return {
    count,
    read: async (index) => {
      const path = labels[index];
      if (path === undefined) throw new RangeError(`labels ${index} of ${labels.length}`);
      const [{ image }, map] = await Promise.all([read(index), decodeLabelMap(path)]);
      return { image, labels: map };
    },
  };
}

function withoutLabels({ count, read }: SourceImages): SourceImages {
  return { count, read: async (index) => ({ image: (await read(index)).image, labels: null }) };
}

function concatenated(parts: readonly SourceImages[]): SourceImages {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return {
    count,
    read: (index) => {
      let left = index;
      for (const part of parts) {
        if (left < part.count) return part.read(left);
        left -= part.count;
      }
      throw new RangeError(`image ${index} of ${count}`);
    },
  };
}
