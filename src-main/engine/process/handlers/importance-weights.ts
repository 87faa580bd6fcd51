// DA-SAC's importance weights: counted over an evaluation's predictions, and held against the images that they are to be of.
import { stat } from "node:fs/promises";
import { writeEvaluationWeights } from "../../evaluation/write-weights.ts";
import { imageDistributions } from "../../methods/da-sac/image-distributions.ts";
import { sharesFromFile } from "../../methods/da-sac/target-shares.ts";
import { listImages } from "../../training/data-source.ts";
import type { Handler } from "../handler.ts";

export const writeImportanceWeights: Handler<"writeImportanceWeights"> = async ({ folder, output }, { signal }) => {
  const { images, unseen } = await writeEvaluationWeights(folder, output, signal);
  return { images, unseen: [...unseen], sizeBytes: (await stat(output)).size };
};

export const checkImportanceWeights: Handler<"checkImportanceWeights"> = async ({ file, target, settings }) => {
  const { numClasses } = settings;
  const images = await listImages({ kind: "folder", ...target, model: numClasses, contained: true }, "ignored");
  const shares = await sharesFromFile(file, images, target.root);
  imageDistributions(shares, shares.length, settings);
  return { images: shares.length };
};
