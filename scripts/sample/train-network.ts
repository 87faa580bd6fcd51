// Trains the sample's network in two parts; a part that was stopped goes on, a finished one stays.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { trainingFiles } from "../../src-main/engine/training/training-store.ts";
import { acclimate } from "./acclimate.ts";
import { sceneFolders } from "./draw-scenes.ts";
import { FIRST_TRAINING, SECOND_TRAINING } from "./plan.ts";

/** @returns the checkpoint with the alpha that the development scenes chose */
export async function trainNetwork(work: string, machine: readonly string[]): Promise<string> {
  const { training, validation, development } = sceneFolders(work);
  const [first, second] = [join(work, "first.safetensors"), join(work, "second.safetensors")];
  const data = ["--dataset-root", training];
  await part(first, [...data, "--val-dataset-root", validation, ...FIRST_TRAINING, ...machine]);
  const start = ["--initial-weights", first];
  await part(second, [...data, "--val-dataset-root", development, ...SECOND_TRAINING, ...start, ...machine]);
  return second;
}

async function part(output: string, args: readonly string[]): Promise<void> {
  const isStopped = existsSync(trainingFiles(output).state);
  if (existsSync(output) && !isStopped) return;
  await acclimate(["train", ...args, "--output", output, ...(isStopped ? ["--resume"] : [])]);
}
