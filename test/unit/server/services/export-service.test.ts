// The export service: what is found out before anything is written, and how an export goes on and ends.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ExportParts, Exports } from "../../../../src-main/server/services/export-service.ts";
import { Preflight, type PreflightParts } from "../../../../src-main/server/services/preflight.ts";
import { AppError, CancelledError } from "../../../../src-shared/contract/errors.ts";
import {
  type Export,
  type ExportRequest,
  exportRequestSchema,
} from "../../../../src-shared/contract/workbench/exports.ts";
import type { ExportId, RunId } from "../../../../src-shared/contract/workbench/ids.ts";
import type { Run } from "../../../../src-shared/contract/workbench/runs.ts";
import { exampleRun } from "../../../helpers/example-run.ts";

let folder: string;
let told: Export[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-exports-"));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const IMAGE = { id: "imageimage", datasetId: "datasetdataset", key: "night/000.png", split: null, tags: [] };
const CHECKPOINT = { path: "/models/tiny.safetensors", isAvailable: true, sizeBytes: 1000 };

interface World {
  readonly runs?: readonly Run[];
  readonly checkpoint?: Partial<typeof CHECKPOINT>;
  readonly size?: { width: number; height: number };
  readonly imagePath?: ExportParts["sources"]["imagePath"];
  readonly write?: ExportParts["write"];
}

/** Writes an empty file for every one it is told to. */
const writeEmpty: ExportParts["write"] = async (job, onFile) => {
  for (const { name } of job.runs.flatMap(({ files }) => files)) onFile({ name, sizeBytes: 0 });
};

function exportsOf({
  runs = [exampleRun()],
  checkpoint,
  size,
  imagePath,
  write = writeEmpty,
}: World = {}): Promise<Exports> {
  const sources = {
    runs: {
      get: (id: RunId) => {
        const run = runs.find((one) => one.id === id);
        if (run === undefined) throw new AppError("workspace.unknown", `No run has the id ${id}.`);
        return run;
      },
    },
    datasets: { image: () => ({ ...IMAGE, size: size ?? { width: 8, height: 4 } }) },
    checkpoints: { get: () => ({ ...CHECKPOINT, ...checkpoint }), find: () => ({ ...CHECKPOINT, ...checkpoint }) },
    artifacts: { planePath: (id: RunId, iteration: number, plane: string) => `/planes/${id}/${iteration}-${plane}.gz` },
    imagePath: imagePath ?? (async () => "/images/night/000.png"),
    command: async () => "acclimate adapt",
  };
  return Exports.open({
    sources: sources as unknown as ExportParts["sources"], // entities in them have just the fields that are looked at
    downloads: join(folder, "downloads"),
    preflight: new Preflight({
      estimator: { memoryNeeds: async () => [], evaluatedRun: () => null },
      trainingEstimator: { memoryNeeds: async () => [], keptBytes: async () => 0 },
      // Of no concern to exports.
      workspace: {} as PreflightParts["workspace"],
      jobs: { background: { memoryBytes: 0 } },
    }),
    write,
    publish: (event) => event.type === "exportChanged" && told.push(event.export),
  });
}

function request(changes: Partial<ExportRequest> = {}): ExportRequest {
  return exportRequestSchema.parse({
    runIds: ["runrunrunrun"],
    formats: ["trainIds"],
    folder: join(folder, "out"),
    ...changes,
  });
}

/** Once the export has ended. */
async function ended(exports: Exports, id: ExportId): Promise<Export> {
  for (;;) {
    const state = await exports.get(id);
    if (state.status !== "running") return state;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe("plan", () => {
  test("names every file and says which would be replaced; writes nothing", async () => {
    mkdirSync(join(folder, "out", "night"), { recursive: true });
    writeFileSync(join(folder, "out", "night", "000_color.png"), "old");
    const { files, problems } = await (await exportsOf()).plan(request({ formats: ["trainIds", "color"] }));
    expect(problems).toEqual([]);
    expect(files).toEqual([
      { name: "night/000_trainIds.png", format: "trainIds", runId: "runrunrunrun", exists: false },
      { name: "night/000_color.png", format: "color", runId: "runrunrunrun", exists: true },
    ]);
    await (await exportsOf()).plan(request({ folder: join(folder, "new") }));
    expect(existsSync(join(folder, "new"))).toBe(false);
  });

  test.each<[string, World, Partial<ExportRequest>, string]>([
    ["a run that is not there", { runs: [] }, {}, "No run has the id runrunrunrun."],
    [
      "a run without a result",
      { runs: [exampleRun({ changes: { kept: [], status: "queued" } })] },
      {},
      '"night/000.png": the run is queued and has no result; choose one that has.',
    ],
    ["an iteration that was not kept", {}, { iteration: 7 }, "iteration 7 was not kept; choose one of 0, 1, 2."],
    [
      "weights of a prediction",
      { runs: [exampleRun({ method: "tta" })] },
      { formats: ["weights", "onnx", "color"] },
      "a run of tta changes no weights; leave out weights and onnx.",
    ],
    [
      "a run without its record",
      { runs: [exampleRun({ changes: { provenance: null } })] },
      { formats: ["probabilities"] },
      "the run ended before it had recorded what made it",
    ],
    [
      "more classes than label maps hold",
      { runs: [exampleRun({ changes: { checkpoint: { ...exampleRun().checkpoint, numClasses: 700 } } })] },
      {},
      "The model has 700 classes",
    ],
    [
      "an image of another size",
      { size: { width: 9, height: 4 } },
      { formats: ["overlay"] },
      "the image has 9 x 4 pixels now, the run has 8 x 4; repeat the run.",
    ],
    [
      "an image that is gone",
      { imagePath: () => Promise.reject(new AppError("input.missing", '"/images/a.png" is not there.')) },
      { formats: ["report"] },
      '"/images/a.png" is not there.',
    ],
    [
      "a checkpoint that is gone",
      { checkpoint: { isAvailable: false } },
      { formats: ["weights"] },
      'the checkpoint "/models/tiny.safetensors" is not there; bring it back first.',
    ],
    ["a path that begins nowhere", {}, { folder: "results" }, '"results" is not a whole path'],
  ])("%s is a problem", async (_, world, changes, sentence) => {
    const exports = await exportsOf(world);
    const { problems } = await exports.plan(request(changes));
    expect(problems).toEqual([expect.stringContaining(sentence)]);
    // Not the very sentence of the plan: it tells what is free at the moment.
    await expect(exports.start(request(changes))).rejects.toMatchObject({
      code: "input.option",
      message: expect.stringContaining(sentence),
    });
  });

  test("a disk that is too small is told, refused, and written to when that is insisted on", async () => {
    const exports = await exportsOf({ checkpoint: { sizeBytes: 1e18 } });
    const weights = request({ formats: ["weights"] });
    const { problems, warnings } = await exports.plan(weights);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("of disk")]);
    await expect(exports.start(weights)).rejects.toMatchObject({
      code: "machine.short",
      message: expect.stringContaining("choose another folder, or start it anyway."),
    });
    const { id } = await exports.start(weights, true);
    expect(await ended(exports, id)).toMatchObject({ status: "finished" });
  });

  test("a file, and a folder that may not be written, are no folders to export to", async () => {
    writeFileSync(join(folder, "file"), "");
    const exports = await exportsOf();
    expect((await exports.plan(request({ folder: join(folder, "file", "below") }))).problems).toEqual([
      `"${join(folder, "file")}" is a file, not a folder; choose another.`,
    ]);
    if (process.getuid?.() === 0) return; // root may write everywhere
    const locked = join(folder, "locked");
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect((await exports.plan(request({ folder: join(locked, "new") }))).problems).toEqual([
      `The folder "${locked}" may not be written; check its permissions, or choose another.`,
    ]);
  });
});

describe("an export", () => {
  test("hands the background process everything by path, and ends with its files", async () => {
    const jobs: Parameters<ExportParts["write"]>[0][] = [];
    const exports = await exportsOf({
      write: async (job, ...rest) => {
        jobs.push(job);
        await writeEmpty(job, ...rest);
      },
    });
    const { id, status, total } = await exports.start(request({ formats: ["trainIds", "weights"], iteration: 1 }));
    expect([status, total]).toEqual(["running", 2]);
    const end = await ended(exports, id);
    expect(end).toMatchObject({ status: "finished", error: null, files: [{ name: "night/000_trainIds.png" }, {}] });
    expect(told.at(-1)).toEqual(end);
    expect(jobs).toMatchObject([
      {
        folder: join(folder, "out"),
        archive: null,
        runs: [
          {
            imagePath: "/images/night/000.png",
            checkpointPath: CHECKPOINT.path,
            iteration: 1,
            planes: { before: "/planes/runrunrunrun/0-labels.gz", labels: "/planes/runrunrunrun/1-labels.gz" },
          },
        ],
      },
    ]);
    await expect(exports.file(id, null)).rejects.toMatchObject({ code: "input.missing" });
  });

  test("for download is kept by the program: file by file, or all in one archive", async () => {
    const exports = await exportsOf();
    const { id } = await exports.start(request({ folder: null }));
    await expect(exports.file(id, null)).rejects.toMatchObject({ code: "input.missing" });
    await ended(exports, id);
    const own = join(folder, "downloads", id);
    expect(await exports.file(id, null)).toEqual({
      kind: "file",
      path: join(own, "acclimate-export.zip"),
      type: "application/zip",
    });
    expect(await exports.file(id, "night/000_trainIds.png")).toMatchObject({ type: "image/png" });
    for (const name of ["../../secret", "night/000_color.png", "/etc/passwd"]) {
      await expect(exports.file(id, name)).rejects.toMatchObject({ code: "input.missing" });
    }
  });

  test("only the last downloads are kept", async () => {
    const exports = await exportsOf();
    const ids: ExportId[] = [];
    for (let i = 0; i < 7; i += 1) {
      const { id } = await exports.start(request({ folder: null }));
      ids.push(id);
      await ended(exports, id);
    }
    await expect(exports.get(ids[0] as ExportId)).rejects.toMatchObject({ code: "workspace.unknown" });
    expect((await exports.get(ids[6] as ExportId)).status).toBe("finished");
  });

  test("that fails keeps what was written and says why", async () => {
    const exports = await exportsOf({
      write: async (_, onFile) => {
        onFile({ name: "night/000_trainIds.png", sizeBytes: 3 });
        throw new AppError("output.diskFull", "no space is left.");
      },
    });
    const { id } = await exports.start(request());
    expect(await ended(exports, id)).toMatchObject({
      status: "failed",
      files: [{ sizeBytes: 3 }],
      error: { code: "output.diskFull", message: "no space is left." },
    });
  });

  test("can be cancelled while it runs and while it waits; closing cancels all", async () => {
    const exports = await exportsOf({
      write: (_, __, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new CancelledError()));
        }),
    });
    const [first, second, third] = [
      await exports.start(request()),
      await exports.start(request()),
      await exports.start(request()),
    ];
    await exports.cancel(second.id);
    await exports.cancel(first.id);
    expect(await ended(exports, second.id)).toMatchObject({ status: "cancelled", error: null });
    await exports.close();
    expect((await exports.get(third.id)).status).toBe("cancelled");
  });
});
