// Embeddings are computed once for each file, kept, stopped, and order the grid by likeness.
import { utimes } from "node:fs/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { EngineProcess } from "../../../../src-main/jobs/engine-process.ts";
import { Embeddings } from "../../../../src-main/server/services/embedding-service.ts";
import { CancelledError } from "../../../../src-shared/contract/errors.ts";
import { imageQuerySchema } from "../../../../src-shared/contract/workbench/datasets.ts";
import type { EmbeddingState } from "../../../../src-shared/contract/workbench/embeddings.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../../../helpers/run-workspace.ts";

let fixture: RunWorkspaceFixture;
let service: Embeddings;
let asked: string[];
let waitsForStop = false;
let ended: PromiseWithResolvers<EmbeddingState>;

/** Directions in a plane: image 2 lies nearer to image 0 than image 1 does. */
const ANGLES: Readonly<Record<string, number>> = { "images/0.png": 0, "images/1.png": 1.2, "images/2.png": 0.3 };

interface Request {
  readonly images?: readonly { readonly key: string }[];
}
interface Options {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: object) => void;
}

const request = (async (command: string, input: Request, { signal, onEvent }: Options = {}) => {
  if (command !== "embedImages") return null;
  for (const { key } of input.images ?? []) {
    asked.push(key);
    const angle = ANGLES[key] ?? 0;
    const vector = new Uint8Array(Float32Array.of(Math.cos(angle), Math.sin(angle)).buffer);
    onEvent?.({ type: "embedded", key, vector });
  }
  if (!waitsForStop) return null;
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new CancelledError())));
}) as unknown as EngineProcess["request"];

beforeEach(async () => {
  fixture = await openRunWorkspace();
  [asked, waitsForStop, ended] = [[], false, Promise.withResolvers()];
  service = new Embeddings({
    workspace: fixture.workspace,
    jobs: { engine: { state: { status: "ready" } }, background: { request } },
    publish: (event) => {
      if (event.type === "embeddingsChanged" && !event.state.isRunning) ended.resolve(event.state);
    },
  });
});
afterEach(async () => {
  await service.close();
  await fixture.close();
});

function keyOf() {
  const [image] = fixture.images;
  if (image === undefined) throw new Error("no image");
  return { datasetId: fixture.workspace.datasets.files(image).datasetId, checkpointId: fixture.checkpoint.id };
}

async function compute(): Promise<EmbeddingState> {
  ended = Promise.withResolvers();
  await service.start(keyOf());
  return ended.promise;
}

it("every image is looked at once, and again when its file has changed", async () => {
  expect(await service.state(keyOf())).toMatchObject({ embedded: 0, images: 3, isRunning: false });
  expect(await compute()).toMatchObject({ embedded: 3, failed: 0, problem: null });
  expect(asked).toHaveLength(3);
  await compute();
  expect(asked).toHaveLength(3);
  await utimes(fixture.imagePath(1), new Date(1000), new Date(1000));
  await compute();
  expect(asked.slice(3)).toEqual(["images/1.png"]);
});

it("the grid is ordered by likeness, the image itself first", async () => {
  await compute();
  const [first] = fixture.images;
  const keysBy = (descending: boolean) =>
    fixture.workspace.datasets
      .images(
        imageQuerySchema.parse({
          datasetId: keyOf().datasetId,
          sort: {
            by: "similarity",
            descending,
            similarTo: { imageId: first, checkpointId: fixture.checkpoint.id },
          },
        }),
      )
      .items.map(({ key }) => key);
  expect(keysBy(true)).toEqual(["images/0.png", "images/2.png", "images/1.png"]);
  expect(keysBy(false)).toEqual(["images/1.png", "images/2.png", "images/0.png"]);
});

it("without embeddings the order is that of the names", () => {
  const [, second] = fixture.images;
  const query = {
    by: "similarity",
    descending: true,
    similarTo: { imageId: second, checkpointId: fixture.checkpoint.id },
  };
  const { items } = fixture.workspace.datasets.images(
    imageQuerySchema.parse({ datasetId: keyOf().datasetId, sort: query }),
  );
  expect(items.map(({ key }) => key)).toEqual(["images/0.png", "images/1.png", "images/2.png"]);
});

it("stops when it is told to, which is no failure", async () => {
  waitsForStop = true;
  const state = await service.start(keyOf());
  expect(state.isRunning).toBe(true);
  await service.cancel(keyOf());
  expect(await ended.promise).toMatchObject({ isRunning: false, problem: null });
});
