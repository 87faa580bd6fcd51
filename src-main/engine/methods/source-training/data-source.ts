// Says where training images come from, in plain data that another thread can open as well.
import { DatasetReport } from "../../datasets/dataset-report.ts";
import { openLabelledFolder } from "../../datasets/labelled-folder.ts";
import type { LabelledImages } from "../../datasets/labelled-images.ts";
import { type SampleScenesOptions, sampleScenes } from "../../datasets/sample/sample-scenes.ts";

export type DataSource =
  | {
      readonly kind: "folder";
      readonly root: string;
      readonly numClasses: number;
      /** Of a data set that has splits; null: all images. */
      readonly split: string | null;
      /** Whether files that links lead out of `root` to are refused, or followed. */
      readonly contained: boolean;
    }
  | ({ readonly kind: "sample" } & SampleScenesOptions);

/**
 * @param report  hears what is wrong with a known data set
 * @throws AppError those of `openLabelledFolder`
 */
export async function openDataSource(source: DataSource, report = new DatasetReport()): Promise<LabelledImages> {
  if (source.kind === "sample") return sampleScenes(source);
  const { root, numClasses, split, contained } = source;
  return openLabelledFolder(root, numClasses, { split, report, contained });
}
