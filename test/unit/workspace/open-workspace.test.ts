// The workspace opens whatever it finds: new, open elsewhere, damaged, newer, cut off in the middle.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { MIGRATIONS } from "../../../src-main/workspace/migrations.ts";
import { openDatabase } from "../../../src-main/workspace/open-database.ts";
import { openWorkspace, type Workspace } from "../../../src-main/workspace/open-workspace.ts";
import { imageQuerySchema } from "../../../src-shared/contract/workbench/datasets.ts";
import type { RunId } from "../../../src-shared/contract/workbench/ids.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { aRun, aTraining, keptAt } from "../../helpers/workbench-entities.ts";

const NOW = new Date("2026-01-31T09:30:00Z");

async function open(folder: string): Promise<Workspace> {
  return openWorkspace(folder, { now: () => NOW });
}

test("makes a folder that is not there, and remembers in it", async () => {
  const folder = join(temporaryFolder(), "deep", "workspace");
  const run = aRun();
  const first = await open(folder);
  first.runs.create({ ...run, status: "cancelled" });
  first.close();
  const second = await open(folder);
  expect(second.notices).toEqual([]);
  expect(second.runs.get(run.id).status).toBe("cancelled");
  second.close();
});

test("refuses a second server in one sentence with the first one's address", async () => {
  const folder = temporaryFolder();
  const first = await open(folder);
  await expect(open(folder)).rejects.toMatchObject({ code: "workspace.locked", message: /it is just starting/ });
  first.announce("http://127.0.0.1:4321/?token=abc");
  await expect(open(folder)).rejects.toMatchObject({
    code: "workspace.locked",
    message: `The workspace "${folder}" is open in another Acclimate (process ${process.pid}): it is at http://127.0.0.1:4321/?token=abc; open that address, or choose another folder with --workspace.`,
  });
  first.close();
  (await open(folder)).close();
});

test("takes over the lock of a server that is gone, whatever its files say", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "workspace.lock"), JSON.stringify({ pid: process.pid, url: "http://127.0.0.1:1" }));
  writeFileSync(join(folder, "lock.db"), "no database".repeat(100));
  (await open(folder)).close();
  expect(existsSync(join(folder, "workspace.lock"))).toBe(false);
});

test("keeps what was finished when the process is killed in the middle, and lets the next one in", async () => {
  const folder = temporaryFolder();
  const child = startWriter(folder);
  const written = await linesOf(child, 30);
  await expect(open(folder)).rejects.toMatchObject({ code: "workspace.locked" });
  child.kill("SIGKILL");
  await once(child, "exit");
  const workspace = await open(folder);
  const [runId = "", losses = "0"] = written.at(-1)?.split(" ") ?? [];
  const run = workspace.runs.get(runId as RunId);
  expect(workspace.notices).toEqual([]);
  expect(run).toMatchObject({
    status: "interrupted",
    error: {
      code: "engine.ended",
      message: "Acclimate ended in the middle of this run.",
    },
  });
  expect(run.losses.length).toBeGreaterThanOrEqual(Number(losses));
  expect(run.losses).toEqual(run.losses.map((_, i) => 1 / (i + 1)));
  workspace.close();
});

test("puts a damaged database aside, says so, and goes on with the last copy", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "workspace.db");
  const run = aRun({ status: "finished", kept: [keptAt(0, 0.5)] });
  const first = await open(folder);
  first.runs.create(run);
  first.close();
  writeFileSync(path, "this is no database ".repeat(1000));
  const second = await open(folder);
  expect(second.notices).toEqual([
    expect.stringMatching(
      /^The workspace's database was damaged and is kept as "workspace\.db\.damaged-2026-01-31T09-30-00"; the copy of .* took its place, and what came later is missing\.$/,
    ),
  ]);
  expect(second.runs.get(run.id).status).toBe("finished");
  second.close();
  expect(readFileSync(`${path}.damaged-2026-01-31T09-30-00`, "utf8")).toMatch(/^this is no database/);
});

test("starts anew when there is no copy, or that is damaged too; the files of runs stay", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "workspace.db");
  const first = await open(folder);
  const run = aRun();
  await first.artifacts.makeRunFolder(run.id);
  writeFileSync(first.artifacts.pseudoLabelPath(run.id), "");
  first.close();
  writeFileSync(path, "damaged".repeat(1000));
  writeFileSync(`${path}.backup`, "damaged".repeat(1000));
  const second = await open(folder);
  expect(second.notices).toEqual([expect.stringMatching(/starts anew\. Open your folders again/)]);
  expect(second.datasets.list()).toEqual([]);
  await expect(second.artifacts.pseudoLabel(run.id)).resolves.toBeTruthy();
  second.close();
});

test("tells a database that breaks off, and one damaged inside, from a whole one", async () => {
  for (const damage of [truncateTo(8192), overwriteMiddle]) {
    const folder = temporaryFolder();
    const path = join(folder, "workspace.db");
    const first = await open(folder);
    first.runs.createMany(Array.from({ length: 200 }, () => aRun()));
    first.close();
    damage(path);
    const second = await open(folder);
    expect(second.notices).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.includes("damaged"))).toHaveLength(1);
    second.close();
  }
});

test("leaves a workspace of a newer version as it is", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "workspace.db");
  (await open(folder)).close();
  const newer = new DatabaseSync(path);
  newer.exec("PRAGMA user_version = 99");
  newer.close();
  await expect(open(folder)).rejects.toMatchObject({ code: "workspace.newer", message: /version 99/ });
  await expect(open(folder)).rejects.toMatchObject({ code: "workspace.newer" }); // not "locked"
});

test("brings an older database up to date step by step, with a copy of it kept", () => {
  const path = join(temporaryFolder(), "test.db");
  const steps = ["CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "ALTER TABLE t ADD COLUMN b DEFAULT 2"];
  openDatabase(path, NOW, steps.slice(0, 1)).database.close();
  const { database } = openDatabase(path, NOW, steps);
  expect(database.all("SELECT a, b FROM t").map((row) => ({ ...row }))).toEqual([{ a: 1, b: 2 }]);
  database.close();
  const copy = new DatabaseSync(`${path}.backup`);
  expect(copy.prepare("SELECT * FROM t").all()).toEqual([]);
  copy.close();
  openDatabase(path, NOW, steps).database.close();
});

test("keeps the scores of images when a workspace of before evaluations had a part in them is opened", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "workspace.db");
  const { database } = openDatabase(path, NOW, MIGRATIONS.slice(0, 2));
  database.execute(`
    INSERT INTO dataset VALUES (1, 'dataset01', 'd', '/d', 'images', 'Images', 0, 1, '{"status":"complete"}', '[]', 1);
    INSERT INTO image (dataset, key, folded_key, tags, classes_read, scan, run, miou, entropy, confidence, gain)
      VALUES (1, 'a.png', 'a.png', '[]', 1, 1, 'run000001', 0.5, 0.25, 0.75, 0.125), (1, 'b.png', 'b.png', '[]', 1, 1, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO evaluation (id, status, body) VALUES ('evaluation1', 'finished', '{"datasetId":"dataset01","done":2}')`);
  database.close();
  const workspace = await open(folder);
  const { items } = workspace.datasets.images(imageQuerySchema.parse({ datasetId: "dataset01" }));
  expect(items.map(({ key, scores }) => [key, scores])).toEqual([
    ["a.png", { miou: 0.5, entropy: 0.25, confidence: 0.75, gain: 0.125 }],
    ["b.png", null],
  ]);
  expect(workspace.evaluations.unscored()).toEqual(["evaluation1"]);
  workspace.close();
});

test("keeps curves and previews of trainings when a workspace of before there were several metrics is opened", async () => {
  const folder = temporaryFolder();
  const { database } = openDatabase(join(folder, "workspace.db"), NOW, MIGRATIONS.slice(0, 7));
  const { status, target: _, ...body } = aTraining();
  const { id } = body;
  const { method: __, ...config } = body.config;
  const points = new Float64Array(512).fill(Number.NaN);
  points.set([0.5, 0.01, Number.NaN, Number.NaN, 1e300, 0.001]); // loss and learning rate of steps 1 and 3
  const insert = "INSERT INTO training (id, status, body) VALUES (?, ?, ?)";
  database.run(insert, id, status, JSON.stringify({ ...body, config }));
  database.run("INSERT INTO training_steps VALUES (1, 0, ?)", new Uint8Array(points.buffer));
  const scores = JSON.stringify({ epoch: 1, step: 3, scores: [{ alpha: 0.5, miou: 0.25 }] });
  database.run("INSERT INTO training_validation VALUES (1, 1, ?)", scores);
  database.run("INSERT INTO training_preview VALUES (1, 2, 64, 32)");
  database.close();
  const workspace = await open(folder);
  expect(workspace.trainings.get(id)).toMatchObject({ target: null, config: { method: "source-training" } });
  expect(workspace.trainings.curves(id, 100)).toEqual({
    steps: [1, 3],
    metrics: { loss: [0.5, 1e300], learningRate: [0.01, 0.001] },
    stepsPerPoint: 1,
    validations: [{ epoch: 1, step: 3, scores: [{ name: "alpha", value: 0.5, miou: 0.25 }] }],
    previews: [{ step: 2, name: "prediction", width: 64, height: 32, hasPicture: false }],
  });
  workspace.close();
});

test("says in one sentence that the folder can't be made", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  for (const path of [join(folder, "file"), join(folder, "file", "workspace")]) {
    const message = `"${path}" could not be written: "${path}" is not a folder; choose another.`;
    await expect(open(path)).rejects.toMatchObject({ code: "output.unwritable", message });
  }
});

test.skipIf(process.platform !== "linux")(
  "refuses a folder where the system makes none, instead of waiting",
  async () => {
    for (const path of ["/proc/acclimate", "/proc/acclimate/workspace"]) {
      await expect(open(path)).rejects.toMatchObject({ code: "output.unwritable" });
    }
  },
);

function truncateTo(bytes: number): (path: string) => void {
  return (path) => truncateSync(path, bytes);
}

function overwriteMiddle(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0x5a, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2));
  rmSync(path);
  writeFileSync(path, bytes);
}

/** A process that writes losses of a run as fast as it can, and tells of each. */
function startWriter(folder: string): ChildProcess {
  const sources = fileURLToPath(new URL("../../../", import.meta.url));
  const program = `
    import { openWorkspace } from ${JSON.stringify(`${sources}src-main/workspace/open-workspace.ts`)};
    import { aRun, aTraining } from ${JSON.stringify(`${sources}test/helpers/workbench-entities.ts`)};
    const { runs } = await openWorkspace(${JSON.stringify(folder)});
    const run = aRun();
    runs.create(run);
    runs.start(run.id, 1);
    for (let i = 1; ; i += 1) {
      runs.appendLoss(run.id, i, 1 / i);
      process.stdout.write(run.id + " " + i + "\\n");
      await new Promise(setImmediate);
    }`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Goes on reading: a process that writes to nobody ends by itself. */
function linesOf(child: ChildProcess, count: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (piece: Buffer) => {
      text += piece.toString();
      const lines = text.split("\n").slice(0, -1);
      if (lines.length >= count) resolve(lines);
    });
    child.once("exit", () => reject(new Error("the writer ended by itself")));
  });
}
