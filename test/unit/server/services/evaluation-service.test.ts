// What an evaluation found of its images becomes their scores in the grid, with a queue and a background that do as the test says.
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EvaluationParts, Evaluations } from "../../../../src-main/server/services/evaluation-service.ts";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { type Evaluation, startEvaluationSchema } from "../../../../src-shared/contract/workbench/evaluations.ts";
import type { WorkbenchEvent } from "../../../../src-shared/contract/workbench/events.ts";
import type { ImageId } from "../../../../src-shared/contract/workbench/ids.ts";
import { openRunWorkspace, type RunWorkspaceFixture } from "../../../helpers/run-workspace.ts";
import { settled, until } from "../../../helpers/until.ts";
import { anEvaluation } from "../../../helpers/workbench-entities.ts";

let fixture: RunWorkspaceFixture;
let events: WorkbenchEvent[];
/** What the background answers. */
let figures: () => Promise<unknown>;
/** Ends the evaluation that was started last. */
let end: () => void;
let evaluations: Evaluations;

beforeEach(async () => {
  fixture = await openRunWorkspace();
  events = [];
  figures = () => Promise.resolve(foundOf([0.5, 0.25, null]));
  const ended = Promise.withResolvers<void>();
  end = ended.resolve;
  const queue = { add: () => {}, cancel: () => {}, stopped: async () => {}, ended: () => ended.promise };
  const jobs = { engine: { state: { status: "ready" } }, background: { request: () => figures() }, queue };
  evaluations = new Evaluations({
    estimator: { estimateEvaluation: async () => null },
    preflight: { ofEvaluation: async () => [] },
    workspace: fixture.workspace,
    jobs: jobs as unknown as EvaluationParts["jobs"], // of one command only
    publish: (event) => events.push(event),
    now: () => 1000,
  });
});
afterEach(() => fixture.close());

function foundOf(mious: readonly (number | null)[]) {
  const perImage = mious.map((miou, i) => ({ key: `images/${i}.png`, miou, iou: [], entropy: 0.25, confidence: 0.75 }));
  return { summary: { perImage }, failures: [] };
}

const ofDataset = () => {
  const [image] = fixture.images;
  const { datasetId } = fixture.workspace.datasets.image(image as ImageId);
  return { datasetId, checkpointId: fixture.checkpoint.id };
};
const mious = () => fixture.images.map((id) => fixture.workspace.datasets.image(id).scores?.miou);
const toldOf = (type: WorkbenchEvent["type"]) => events.filter((event) => event.type === type);

const untilTold = (type: WorkbenchEvent["type"]): Promise<void> => until(() => toldOf(type).length > 0);

/** An evaluation in the store that has stopped, unscored. */
function stopped(different: Partial<Evaluation> = {}): Evaluation {
  const evaluation = anEvaluation({ ...ofDataset(), status: "finished", endedAt: 5, done: 3, ...different });
  fixture.workspace.evaluations.create(evaluation);
  return evaluation;
}

test("scores the images of one that stopped, however it did, tells windows of it, and takes it back on removal", async () => {
  const { id } = await evaluations.start(startEvaluationSchema.parse({ ...ofDataset(), config: { method: "adapt" } }));
  fixture.workspace.evaluations.update(id, { status: "cancelled", endedAt: 5, done: 3 });
  end();
  await untilTold("datasetChanged");
  expect(mious()).toEqual([0.5, 0.25, null]);
  events = [];
  await evaluations.remove(id);
  expect(mious()).toEqual([undefined, undefined, undefined]);
  expect(events.map(({ type }) => type)).toEqual(["datasetChanged", "evaluationRemoved"]);
});

test("catches up at the start with those that nobody scored", async () => {
  const { id } = stopped();
  stopped({ done: 0 });
  evaluations.catchUp();
  await untilTold("datasetChanged");
  expect(mious()).toEqual([0.5, 0.25, null]);
  expect(fixture.workspace.evaluations.unscored()).toEqual([]);
  figures = () => Promise.reject(new Error("asked again"));
  evaluations.catchUp();
  await evaluations.get(id); // still known
  expect(toldOf("noticed")).toEqual([]);
});

test("one without a single result is not tried again and again", async () => {
  stopped();
  figures = () => Promise.resolve(foundOf([]));
  evaluations.catchUp();
  await untilTold("datasetChanged");
  expect(fixture.workspace.evaluations.unscored()).toEqual([]);
});

test("says that records can't be read and leaves it for the next start; says nothing when the program ends", async () => {
  const { id } = stopped();
  figures = () => Promise.reject(new AppError("engine.ended", "The program is about to end."));
  evaluations.catchUp();
  await settled();
  expect(events).toEqual([]);
  figures = () => Promise.reject(new AppError("input.unreadable", '"images.jsonl" can\'t be read.'));
  evaluations.catchUp();
  await untilTold("noticed");
  expect(toldOf("noticed")).toMatchObject([{ level: "warning", message: /the next start tries it again: "images/ }]);
  expect(fixture.workspace.evaluations.unscored()).toEqual([id]);
});

test("nothing is told of one that is removed while its records are read", async () => {
  const { id } = stopped();
  const reading = Promise.withResolvers<unknown>();
  figures = () => reading.promise;
  evaluations.catchUp();
  await evaluations.remove(id);
  events = [];
  reading.resolve(foundOf([0.5]));
  await settled();
  expect(events).toEqual([]);
  expect(mious()).toEqual([undefined, undefined, undefined]);
});
