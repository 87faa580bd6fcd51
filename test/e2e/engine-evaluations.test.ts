// An evaluation through the real engine process: its figures, killed and taken up again, beside the command line's own.
import { readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeLabelMap } from "../../src-main/engine/images/decode-label-map.ts";
import type { Child } from "../../src-main/jobs/child.ts";
import { evaluationHeaderPath } from "../../src-main/jobs/job-files.ts";
import { type Jobs, openJobs } from "../../src-main/jobs/open-jobs.ts";
import { forkEngines } from "../../src-main/jobs/start-engines.ts";
import { Evaluations } from "../../src-main/server/services/evaluation-service.ts";
import { type Evaluation, startEvaluationSchema } from "../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import type { EvaluationId, ImageId } from "../../src-shared/contract/workbench/ids.ts";
import { openPreflight } from "../helpers/open-preflight.ts";
import { runCli } from "../helpers/run-cli.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../helpers/run-workspace.ts";
import { shellWords } from "../helpers/shell-words.ts";
import { until } from "../helpers/until.ts";

const IMAGES = 8;

let fixture: RunWorkspaceFixture;
let jobs: Jobs;
let evaluations: Evaluations;
const events: WorkbenchEvent[] = [];
/** The engine process, as it was started last. */
let child: Child | undefined;

beforeAll(async () => {
  fixture = await openRunWorkspace(IMAGES);
  const forked = forkEngines();
  const engine = (): Child => {
    child = forked.engine();
    return child;
  };
  const publish = (event: WorkbenchEvent): void => {
    events.push(event);
  };
  const parts = { workspace: fixture.workspace, publish, now: () => Date.now() };
  jobs = openJobs({ ...parts, start: { ...forked, engine } });
  const { estimator, preflight } = openPreflight({ workspace: fixture.workspace, jobs });
  evaluations = new Evaluations({ ...parts, jobs, estimator, preflight });
});
afterAll(async () => {
  jobs.close();
  await fixture.close();
});

function request(config: object) {
  const [image] = fixture.images;
  return startEvaluationSchema.parse({
    datasetId: fixture.workspace.datasets.image(image as ImageId).datasetId,
    checkpointId: fixture.checkpoint.id,
    config,
    machine: { provider: "cpu", threads: 1 },
  });
}

const now = (id: EvaluationId): Evaluation => fixture.workspace.evaluations.get(id);
const ended = async (id: EvaluationId): Promise<Evaluation> => {
  await until(() => now(id).endedAt !== null);
  return now(id);
};
const endsOf = (id: EvaluationId): string[] =>
  events.flatMap((event) =>
    event.type === "evaluationChanged" && event.evaluation.id === id && event.evaluation.endedAt !== null
      ? [event.evaluation.status]
      : [],
  );

const SLOW = { method: "adapt", numEpochs: 40, threshold: 0.5, scales: [0.5, 1] };

describe("an evaluation", () => {
  it("killed in the middle is interrupted, goes on, and ends with the figures of the command line", async () => {
    const { id } = await evaluations.start(request(SLOW));
    await until(() => now(id).done >= 2);
    child?.kill();
    const interrupted = await ended(id);
    expect(interrupted).toMatchObject({ status: "interrupted", error: { code: "engine.ended" }, images: IMAGES });
    expect(interrupted.done).toBeLessThan(IMAGES);
    const soFar = await evaluations.get(id);
    expect(soFar.summary?.images).toBeGreaterThanOrEqual(2);

    expect((await evaluations.resume(id)).status).toBe("queued");
    await expect(evaluations.resume(id)).rejects.toThrow("is under way");
    const finished = await ended(id);
    expect(finished).toMatchObject({ status: "finished", done: IMAGES, images: IMAGES, failed: 0, error: null });
    expect(endsOf(id)).toEqual(["interrupted", "finished"]);
    await expect(evaluations.resume(id)).rejects.toThrow("has finished");

    const { summary, imageIds, failures } = await evaluations.get(id);
    expect(failures).toEqual([]);
    expect(Object.values(imageIds).toSorted()).toEqual(fixture.images.toSorted());
    expect(finished.miou).toBeCloseTo(summary?.pooled?.miou ?? Number.NaN, 12);
    expect(finished.ece).toBeCloseTo(summary?.calibration?.ece ?? Number.NaN, 12);

    const [, ...words] = shellWords(await evaluations.command(id));
    const { code, stderr } = await runCli(words, fixture.folder);
    expect(stderr).not.toContain("Error");
    expect(code).toBe(0);
    const output = words[words.indexOf("--output") + 1] ?? "";
    const whole = JSON.parse(await readFile(join(fixture.folder, output, "summary.json"), "utf8"));
    expect(summary).toEqual(whole.summary);
  }, 120_000);

  it("shows what was predicted, which images a cell of the confusion matrix is about, and its page", async () => {
    const { id } = await evaluations.start(request({ method: "predict" }));
    await expect(evaluations.report(id)).rejects.toThrow("when it finishes");
    await ended(id);
    const { summary, imageIds } = await evaluations.get(id);
    const [imageId] = fixture.images;
    const labels = await evaluations.labels(id, imageId as ImageId);
    const path = join(fixture.workspace.evaluationFolders.path(id), "predictions", "images", "0.png");
    const { data } = await decodeLabelMap(path);
    expect(labels).toEqual({ kind: "bytes", bytes: data, type: "application/octet-stream" });

    const confusion = summary?.pooled?.confusion ?? [];
    const cell = confusion.indexOf(Math.max(...confusion));
    const confused = await evaluations.confused(id, { label: Math.floor(cell / 19), predicted: cell % 19 });
    expect(confused.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(confusion[cell]);
    expect(confused.map(({ pixels }) => pixels)).toEqual(
      confused.map(({ pixels }) => pixels).toSorted((a, b) => b - a),
    );
    expect(confused.every((image) => Object.values(imageIds).includes(image.imageId))).toBe(true);

    const report = await evaluations.report(id);
    expect(report.kind === "file" ? await readFile(report.path, "utf8") : "").toContain("<!doctype html>");
  }, 60_000);

  it("is cancelled between two images, while it waits too, and removed with its files", async () => {
    const running = await evaluations.start(request(SLOW));
    const waiting = await evaluations.start(request(SLOW));
    await until(() => now(running.id).done >= 1);
    await evaluations.cancel(waiting.id);
    await evaluations.cancel(running.id);
    expect(await ended(running.id)).toMatchObject({ status: "cancelled", error: null });
    expect(await ended(waiting.id)).toMatchObject({ status: "cancelled", done: 0, images: null });
    await evaluations.remove(running.id);
    await expect(evaluations.get(running.id)).rejects.toThrow("No evaluation has the id");
    await expect(
      readFile(join(fixture.workspace.evaluationFolders.path(running.id), "images.jsonl")),
    ).rejects.toThrow();
    expect(events.at(-1)).toEqual({ type: "evaluationRemoved", evaluationId: running.id });
  }, 60_000);

  it.each(["image", "labels"])(
    "records an image as failed whose %s a link leads out of the folder to",
    async (kind) => {
      const image = fixture.imagePath(0);
      const path = kind === "image" ? image : image.replace("images", "labels");
      const outside = join(fixture.folder, "private.png");
      await rename(path, outside);
      await symlink(outside, path);
      const { id } = await evaluations.start(request({ method: "predict" }));
      expect(await ended(id)).toMatchObject({ status: "finished", done: IMAGES, failed: 1 });
      const message = `"${path}" leads out of the opened folder to "${outside}"; open the folder that the file is really in.`;
      expect((await evaluations.get(id)).failures).toEqual([{ key: "images/0.png", code: "input.outside", message }]);
      await rm(path);
      await rename(outside, path);
    },
    60_000,
  );

  it("that another version began says what differs, and to start anew", async () => {
    const { id } = await evaluations.start(request(SLOW));
    await until(() => now(id).done >= 1);
    await evaluations.cancel(id);
    await ended(id);
    const path = evaluationHeaderPath(fixture.workspace.evaluationFolders.path(id));
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), acclimate: "0.0.1" }));
    await evaluations.resume(id);
    const { status, error } = await ended(id);
    expect({ status, code: error?.code }).toEqual({ status: "failed", code: "input.option" });
    expect(error?.message).toContain("it differs in the version of Acclimate");
    expect(error?.message).toContain("start anew");
    expect(error?.message).not.toContain("--");
  }, 60_000);

  it("says in one sentence what it can't use", async () => {
    const split = { ...request(SLOW), split: "night" };
    await expect(evaluations.start(split)).rejects.toThrow('has no images in the split "night"; it has none.');
  });
});
