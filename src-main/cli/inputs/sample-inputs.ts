// The built-in sample: a few labelled images of each domain and a checkpoint trained on the first domain.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { SampleDomain } from "../../engine/sample/render-sample-scene.ts";
import { packageRoot } from "../../files/package-root.ts";
import { filesBelow } from "./files-below.ts";
import type { RunInput } from "./run-input.ts";
import { stemOf } from "./stem-of.ts";

/** Where the sample lies in the package: `<domain>/images/NNN.png`, `<domain>/labels/NNN.png`, and the checkpoint. */
export function sampleFolder(root: string = packageRoot()): string {
  return join(root, "resources", "sample");
}

export function sampleCheckpoint(folder: string = sampleFolder()): string {
  return join(folder, "checkpoint.safetensors");
}

/** @throws AppError `input.missing` when the package is incomplete */
export async function sampleInputs(
  domains: readonly SampleDomain[],
  folder: string = sampleFolder(),
): Promise<RunInput[]> {
  const perDomain = await Promise.all(
    domains.map(async (domain) => {
      const images = join(folder, domain, "images");
      if (!existsSync(images)) {
        throw new AppError("input.missing", `"${images}" is not there: the package is incomplete; install it again.`);
      }
      return (await filesBelow(images)).map((path): RunInput => {
        const labelPath = join(folder, domain, "labels", basename(path));
        return { path, name: `${domain}/${stemOf(basename(path))}`, labelPath, labelEncoding: "trainIds", domain };
      });
    }),
  );
  return perDomain.flat();
}
