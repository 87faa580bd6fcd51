// A workspace with one small dataset and a tiny checkpoint in it, in a folder of its own that goes with the test.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeLabelPng, encodeRgbPng } from "../../src-main/engine/images/encode-png.ts";
import { newId } from "../../src-main/workspace/new-id.ts";
import { openWorkspace, type Workspace } from "../../src-main/workspace/open-workspace.ts";
import type { Checkpoint } from "../../src-shared/contract/workbench/checkpoints.ts";
import { imageQuerySchema } from "../../src-shared/contract/workbench/datasets.ts";
import type { CheckpointId, DatasetId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import { writeTinyCheckpoint } from "./tiny-checkpoint.ts";
import { blockImage } from "./tiny-model.ts";

export interface RunWorkspaceFixture {
  readonly folder: string;
  readonly workspace: Workspace;
  readonly images: readonly ImageId[];
  readonly imagePath: (index: number) => string;
  readonly checkpoint: Checkpoint;
  close(): Promise<void>;
}

const WIDTH = 64;
const HEIGHT = 48;

/** @param count  of images; every one has labels */
export async function openRunWorkspace(count = 3): Promise<RunWorkspaceFixture> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "acclimate runs ")));
  const root = join(folder, "data set");
  await mkdir(join(root, "images"), { recursive: true });
  await mkdir(join(root, "labels"), { recursive: true });
  const keys = Array.from({ length: count }, (_, index) => `images/${index}.png`);
  for (const [index, key] of keys.entries()) {
    await writeFile(join(root, key), await encodeRgbPng(blockImage(WIDTH, HEIGHT, index + 1)));
    const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i >> 3) % 19);
    await writeFile(join(root, `labels/${index}.png`), await encodeLabelPng({ width: WIDTH, height: HEIGHT, data }));
  }
  const workspace = await openWorkspace(join(folder, "workspace"));
  const datasetId = newId<DatasetId>();
  const names = { name: "data set", layout: "labelled-images", layoutName: "Images and labels" };
  workspace.datasets.add({ id: datasetId, path: root, isSample: false, ...names });
  workspace.datasets.beginListing(datasetId);
  workspace.datasets.addItems(
    datasetId,
    keys.map((key) => ({
      key,
      labelPath: key.replace("images", "labels"),
      labelEncoding: "trainIds",
      split: null,
      tags: [],
    })),
  );
  workspace.datasets.completeListing(datasetId, []);
  const checkpoint = await addTinyCheckpoint(workspace, join(folder, "tiny model.safetensors"));
  return {
    folder,
    workspace,
    images: workspace.datasets.imageIds(imageQuerySchema.parse({ datasetId })),
    imagePath: (index) => join(root, keys[index] ?? ""),
    checkpoint,
    close: async () => {
      workspace.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function addTinyCheckpoint(workspace: Workspace, path: string): Promise<Checkpoint> {
  await writeTinyCheckpoint(path);
  const checkpoint: Checkpoint = {
    id: newId<CheckpointId>(),
    name: "tiny",
    path,
    isSample: false,
    isAvailable: true,
    format: "safetensors",
    sizeBytes: 1,
    sha256: "0".repeat(64),
    arch: "deeplab",
    backbone: "resnet18",
    numClasses: 19,
    alpha: 0.1,
    recommended: null,
    recommendedProblem: null,
    problem: null,
  };
  workspace.checkpoints.save(checkpoint, []);
  return checkpoint;
}
