// A recommendation goes into a copy, whatever the format: the checkpoint stays as it was.
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inspectCheckpoint } from "../../../../src-main/engine/models/inspect-checkpoint.ts";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { storeRecommended } from "../../../../src-main/engine/models/store-recommended.ts";
import {
  PUBLISHED_PARAMETERS,
  type RecommendedParameters,
} from "../../../../src-shared/contract/recommended-parameters.ts";
import { FIXTURES } from "../../../helpers/fixtures-root.ts";
import { temporaryFolder } from "../../../helpers/pictures.ts";
import { writeTinyCheckpoint } from "../../../helpers/tiny-checkpoint.ts";

const PTH = join(FIXTURES, "G-pth/state_dict_with_metadata.pth");
const RECOMMENDED: RecommendedParameters = {
  method: "self-adaptation",
  parameters: { ...PUBLISHED_PARAMETERS, baseLr: 0.02 },
  foundOn: "Best of 4.",
};

it("a .pth gets a copy in .safetensors that holds the same tensors, its metadata and the recommendation", async () => {
  const folder = temporaryFolder();
  const [path, copy] = [join(folder, "model.pth"), join(folder, "copy.safetensors")];
  await copyFile(PTH, path);
  await storeRecommended(path, copy, RECOMMENDED, null);
  expect(readFileSync(path)).toEqual(readFileSync(PTH));
  const [before, after] = [await loadCheckpoint(path), await loadCheckpoint(copy)];
  expect(new Map([...after.stateDict].toSorted())).toEqual(new Map([...before.stateDict].toSorted()));
  for (const [name, value] of Object.entries(before.metadata)) expect(after.metadata[name]).toBe(String(value));
  expect(inspectCheckpoint(after)).toMatchObject({ recommended: RECOMMENDED, recommendedProblem: null });
});

it("replaces an older recommendation, and takes over the alpha that the parameters were found with", async () => {
  const folder = temporaryFolder();
  const [first, second] = [join(folder, "first.safetensors"), join(folder, "second.safetensors")];
  await writeTinyCheckpoint(first);
  await storeRecommended(first, second, RECOMMENDED, 0.5);
  const newer = { ...RECOMMENDED, foundOn: "Best of 9." };
  await storeRecommended(second, second, newer, null);
  const { checkpoint, recommended, metadata } = inspectCheckpoint(await loadCheckpoint(second));
  expect(checkpoint.alpha).toBe(0.5);
  expect(recommended).toEqual(newer);
  expect(metadata.note).toBe("random weights");
});

it("what can't be read is told by inspection, and stands in the way of nothing else", async () => {
  const path = join(temporaryFolder(), "odd.safetensors");
  await writeTinyCheckpoint(path);
  const checkpoint = await loadCheckpoint(path);
  const odd = inspectCheckpoint({ ...checkpoint, metadata: { recommended: "lr = 3" } });
  expect(odd).toMatchObject({ recommended: null, refusal: null, recommendedProblem: { code: "checkpoint.format" } });
});
