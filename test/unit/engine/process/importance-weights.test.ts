// Importance weights of an evaluation, and what is said of a file before anything is trained by it.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { encodeRgbPng } from "../../../../src-main/engine/images/encode-png.ts";
import {
  checkImportanceWeights,
  writeImportanceWeights,
} from "../../../../src-main/engine/process/handlers/importance-weights.ts";
import { PauseSwitch } from "../../../../src-main/engine/training/pause-switch.ts";
import { weightsSettingsSchema } from "../../../../src-shared/contract/training/da-sac.ts";
import { evaluationOf } from "../../../helpers/evaluation-folder.ts";
import { temporaryFolder } from "../../../helpers/pictures.ts";

const SEEN = ["berlin/a.png", "berlin/b.png"];
const size = { width: 4, height: 2 };
const context = {
  signal: new AbortController().signal,
  pause: new PauseSwitch(),
  isAlone: () => true,
  tell: () => undefined,
};
/** All classes but the two that are predicted. */
const ignoredClasses = Array.from({ length: 19 }, (_, id) => id).filter((id) => id !== 0 && id !== 13);
const settings = weightsSettingsSchema.parse({ ignoredClasses });

async function folderOf(keys: readonly string[]): Promise<string> {
  const root = temporaryFolder();
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), await encodeRgbPng({ ...size, data: new Uint8Array(3 * 4 * 2) }));
  }
  return root;
}

async function weightsOf(keys: readonly string[], form: "data" | "json" = "data"): Promise<string> {
  const folder = await evaluationOf(keys.map((key, k) => ({ key, ...size, trainId: k === 0 ? 0 : 13 })));
  const output = join(folder, `weights.${form}`);
  const { images, unseen } = await writeImportanceWeights({ folder, output }, context);
  expect({ images, unseen }).toEqual({ images: keys.length, unseen: ignoredClasses });
  return output;
}

test.each(["data", "json"] as const)("weights of an evaluation in .%s are those of its images", async (form) => {
  const file = await weightsOf(SEEN, form);
  const target = { root: await folderOf(SEEN), split: null };
  expect(await checkImportanceWeights({ file, target, settings }, context)).toEqual({ images: 2 });
});

test("weights of another number of images, of other images, and without a class are refused", async () => {
  const file = await weightsOf(SEEN);
  const check = async (keys: readonly string[], given = settings) =>
    checkImportanceWeights({ file, target: { root: await folderOf(keys), split: null }, settings: given }, context);
  await expect(check([...SEEN, "berlin/c.png"])).rejects.toThrow(/weights of 2 images, and the target has 3; make/);
  await expect(check(["berlin/a.png", "berlin/c.png"])).rejects.toThrow(
    /is of other images: it has no weights of "c.png"/,
  );
  await expect(check(SEEN, weightsSettingsSchema.parse({}))).rejects.toThrow(/Class 1 is predicted in none/);
});

test("an evaluation that has not come to its end gives no weights", async () => {
  const folder = await evaluationOf([{ key: "a.png", ...size, trainId: 0 }], 2);
  const output = join(folder, "weights.json");
  await expect(writeImportanceWeights({ folder, output }, context)).rejects.toThrow(/results of 1 of 2 images; finish/);
});
