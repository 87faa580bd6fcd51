// Refuses a run that would write over what it reads, or twice to one file, before anything is computed.
import { join, resolve } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { RunInput } from "../inputs/run-input.ts";
import type { RunFlags } from "../options/run-options.ts";
import { logitsPath, outputPaths } from "./image-files.ts";
import { RESULTS_FILE } from "./output-folder.ts";

/**
 * Output files are called after images, so one may have the name of a label file or of another image.
 *
 * @param checkpoint  path of the model's file
 * @throws AppError `input.option`
 */
export function requireInputsStay(
  inputs: readonly RunInput[],
  checkpoint: string,
  flags: Pick<RunFlags, "output" | "saveLogits">,
): void {
  const read = new Set(
    [checkpoint, ...inputs.flatMap(({ path, labelPath }) => (labelPath === null ? [path] : [path, labelPath]))].map(
      (path) => resolve(path),
    ),
  );
  const written = new Set<string>();
  const write = (path: string, flag: string): void => {
    const file = resolve(path);
    if (read.has(file)) {
      throw new AppError("input.option", `${flag}: "${path}" is read by this run and would be lost; choose another.`);
    }
    if (written.has(file)) {
      throw new AppError("input.option", `${flag}: "${path}" would be written twice; choose another.`);
    }
    written.add(file);
  };
  write(join(flags.output, RESULTS_FILE), "--output");
  for (const { name } of inputs) {
    const paths = Object.values(outputPaths(flags.output, name, true, null)).filter((path) => path !== undefined);
    for (const path of paths) write(path, "--output");
    if (flags.saveLogits !== undefined) write(logitsPath(flags.saveLogits, name, inputs.length), "--save-logits");
  }
}
