// Draws the scenes of all stages once; a scene that is on the disk is not drawn again.
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeLabelPng, encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import { renderSampleScene, type SampleDomain } from "../../src-main/engine/sample/render-sample-scene.ts";
import { writeFilesTogether } from "../../src-main/files/write-file-atomically.ts";
import { SCENES, SIZE, TARGETS } from "./plan.ts";

export interface SceneFolders {
  readonly training: string;
  readonly validation: string;
  readonly development: string;
  readonly test: readonly { readonly seed: number; readonly folder: string }[];
}

export function sceneFolders(work: string): SceneFolders {
  const folder = (name: string): string => join(work, "scenes", name);
  return {
    training: folder("training"),
    validation: folder("validation"),
    development: folder("development"),
    test: SCENES.test.seeds.map((seed) => ({ seed, folder: folder(`test-${seed}`) })),
  };
}

export async function drawScenes(work: string): Promise<void> {
  const folders = sceneFolders(work);
  const { training, validation, development, test } = SCENES;
  await draw(folders.training, training.seed, "clear", 0, training.count);
  await draw(folders.validation, validation.seed, "clear", validation.first, validation.count);
  for (const domain of TARGETS) await draw(folders.development, development.seed, domain, 0, development.count, domain);
  for (const { seed, folder } of folders.test) {
    for (const domain of ["clear", ...TARGETS] as const) await draw(join(folder, domain), seed, domain, 0, test.count);
  }
}

/** @param prefix  of the files' names, where several domains share a folder */
async function draw(
  folder: string,
  seed: number,
  domain: SampleDomain,
  first: number,
  count: number,
  prefix?: SampleDomain,
): Promise<void> {
  for (const kind of ["images", "labels"]) await mkdir(join(folder, kind), { recursive: true });
  for (let index = first; index < first + count; index += 1) {
    const number = String(index).padStart(3, "0");
    const name = prefix === undefined ? `${number}.png` : `${prefix}-${number}.png`;
    const [image, labels] = [join(folder, "images", name), join(folder, "labels", name)];
    if (existsSync(image) && existsSync(labels)) continue;
    const scene = renderSampleScene({ seed, index, domain, ...SIZE });
    await writeFilesTogether([
      { path: image, content: await encodeRgbPng(scene.image) },
      { path: labels, content: await encodeLabelPng(scene.labels) },
    ]);
  }
}
