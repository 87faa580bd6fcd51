// What a checkpoint's classes are, wherever that is said: metadata, mmsegmentation's meta, hyper parameters, a file beside it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeSafetensors } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import {
  checkpointClasses,
  LABEL_SET_KEY,
  labelSetFileOf,
  trainedClasses,
} from "../../../../src-main/engine/models/checkpoint-classes.ts";
import { loadCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { readModel } from "../../../../src-main/engine/process/open-model.ts";
import type { LabelSetData } from "../../../../src-shared/contract/label-set.ts";
import { CITYSCAPES_19 } from "../../../../src-shared/labels/label-sets.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { tinyStateDict } from "../../../helpers/tiny-checkpoint.ts";
import { PyCall, PyGlobal, type PyValue } from "../../../helpers/write-pickle.ts";
import { writeTorchCheckpoint } from "../../../helpers/write-torch-checkpoint.ts";

const DRIVABLE: LabelSetData = {
  name: "Drivable",
  classes: [{ name: "other" }, { name: "drivable", color: [0, 200, 0] }],
  ignored: [7],
};
const NAMES = ["road", "shoulder", "verge"];
const PALETTE = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];

const dict = (entries: Readonly<Record<string, PyValue>>) => new Map<PyValue, PyValue>(Object.entries(entries));

async function torchFile(beside: Readonly<Record<string, PyValue>>, numClasses = 3): Promise<string> {
  const path = join(temporaryFolder(), "model.pth");
  await writeTorchCheckpoint(path, tinyStateDict(numClasses), { wrap: (all) => dict({ ...beside, state_dict: all }) });
  return path;
}

describe("classes that a file says", () => {
  it.each<[string, Readonly<Record<string, PyValue>>]>([
    ["mmsegmentation before 1.0", { meta: dict({ CLASSES: NAMES, PALETTE }) }],
    ["mmsegmentation since", { meta: dict({ dataset_meta: dict({ classes: NAMES, palette: PALETTE }) }) }],
    ["somebody's own", { class_names: NAMES, palette: PALETTE }],
    [
      "a namespace of hyper parameters",
      {
        args: new PyCall(
          new PyGlobal("argparse", "Namespace"),
          [],
          new Map(),
          dict({ classes: NAMES, colors: PALETTE }),
        ),
      },
    ],
    [
      "id2label",
      { config: dict({ id2label: new Map<PyValue, PyValue>(NAMES.map((name, id) => [id, name])), palette: PALETTE }) },
    ],
  ])("are found: %s", async (_, beside) => {
    const { labelSet, summary } = await readModel(await torchFile(beside));
    expect(labelSet.names).toEqual(NAMES);
    expect(labelSet.palette).toEqual(PALETTE);
    expect(summary.labelSet?.classes).toHaveLength(3);
  });

  it("of another number are of something else", async () => {
    const { labelSet } = await readModel(await torchFile({ classes: [...NAMES, "more"] }));
    expect(labelSet.name).toBeNull();
  });

  it("that are Cityscapes' are what their number says", async () => {
    const { labelSet, summary } = await readModel(await torchFile({ classes: [...CITYSCAPES_19.names] }, 19));
    expect(labelSet).toBe(CITYSCAPES_19);
    expect(summary.labelSet).toBeUndefined();
  });

  it("are in the metadata of what is trained here, and of a copy", async () => {
    const path = join(temporaryFolder(), "two.safetensors");
    await writeSafetensors(path, tinyStateDict(2), { [LABEL_SET_KEY]: JSON.stringify(DRIVABLE) });
    expect((await readModel(path)).labelSet).toMatchObject({
      name: "Drivable",
      names: ["other", "drivable"],
      ignoredIds: [7],
    });
    expect(await trainedClasses(await loadCheckpoint(path), 2)).toEqual(DRIVABLE);
    expect(await trainedClasses(await loadCheckpoint(path), 5)).toBeUndefined();
  });

  it("stand in a file beside it", async () => {
    const path = await torchFile({}, 2);
    await writeFile(labelSetFileOf(path), JSON.stringify(DRIVABLE));
    expect((await readModel(path)).labelSet.names).toEqual(["other", "drivable"]);
  });
});

describe("classes that somebody says", () => {
  it("go before all others", async () => {
    const given = { name: "mine", classes: NAMES.map((name) => ({ name: `my ${name}` })), ignored: [] };
    const { labelSet } = await readModel(await torchFile({ classes: NAMES }), { labelSet: given });
    expect(labelSet.names[0]).toBe("my road");
  });

  it("have to be as many as the model's", async () => {
    const checkpoint = await loadCheckpoint(await torchFile({}));
    await expect(checkpointClasses(checkpoint, 3, DRIVABLE)).rejects.toMatchObject({
      code: "checkpoint.classes",
      message: '"model.pth" has 3 classes, the label set "Drivable" 2; choose one with as many.',
    });
  });
});
