// What inspect says of alpha, which only some networks keep.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inspectionLines } from "../../../../src-main/cli/commands/inspect.ts";
import { safetensorsPieces } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateDict } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { inspectCheckpoint } from "../../../../src-main/engine/models/inspect-checkpoint.ts";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";

async function alphaIn(stateDict: StateDict) {
  const path = join(temporaryFolder(), "model.safetensors");
  writeFileSync(path, Buffer.concat([...safetensorsPieces(stateDict)]));
  const inspection = inspectCheckpoint(await loadCheckpoint(path));
  const line = inspectionLines(inspection, false).find((one) => one.startsWith("alpha"));
  return [inspection.checkpoint.alpha, line?.replace(/^alpha +/, "")];
}

const NONE = [0, "none stored; the images' own statistics do not count"];
const EXPECTED = { adaptive: [0.1, "0.1"], plain: NONE };
const TRANSFORMER = [
  0,
  "none stored; the images' own statistics do not count. " +
    "The encoder's layer norms have no statistics of a batch: alpha counts in the head's batch normalisation, if it has any",
];

it.each(Object.entries(TINY_ARCHITECTURES))(
  "%s: the alpha that all layers share, or that none is stored",
  async (_, network) => {
    expect(await alphaIn(tinyWeights(network))).toEqual(
      network.layersOption === "mitLayers" ? TRANSFORMER : EXPECTED[network.normalization],
    );
  },
);

it("says where layers differ, and of a file that lacks all alphas not that they do", async () => {
  const weights = [...tinyWeights(TINY_ARCHITECTURES.deeplab)];
  const isAlpha = (key: string) => key.endsWith(".alpha");
  const first = weights.findIndex(([key]) => isAlpha(key));
  const differing = new Map(
    weights.with(first, [weights[first]?.[0] ?? "", { dtype: "float32", shape: [1], data: Float32Array.of(0.5) }]),
  );
  expect(await alphaIn(differing)).toEqual([null, "not the same in all layers"]);
  expect(await alphaIn(new Map(weights.filter(([key]) => !isAlpha(key))))).toEqual(NONE);
});
