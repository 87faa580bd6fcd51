// What the desktop shell decides without Electron: addresses, arguments, menu, progress, notifications.
import { describe, expect, test } from "vitest";
import { isAllowedOutside, isOwnPage } from "../../../src-main/desktop/allowed-addresses.ts";
import { menuTemplate } from "../../../src-main/desktop/menu-template.ts";
import { pathsInArguments } from "../../../src-main/desktop/paths-in-arguments.ts";
import { activityAfter, NO_ACTIVITY, notificationFor } from "../../../src-shared/contract/workbench/activity.ts";
import {
  checkpointIdSchema,
  datasetIdSchema,
  imageIdSchema,
  runIdSchema,
} from "../../../src-shared/contract/workbench/ids.ts";
import { type RunStatus, type RunSummary, runConfigFormSchema } from "../../../src-shared/contract/workbench/runs.ts";
import { anEvaluation, aTraining } from "../../helpers/workbench-entities.ts";

const ORIGIN = "http://127.0.0.1:4321";

describe("addresses", () => {
  test.each([
    [`${ORIGIN}/#/adapt`, true],
    ["http://127.0.0.1:4322/", false],
    ["http://127.0.0.1.evil.example:4321/", false],
    ["https://127.0.0.1:4321/", false],
    ["file:///etc/passwd", false],
    ["not an address", false],
  ])("navigation to %s is allowed: %s", (address, expected) => {
    expect(isOwnPage(address, ORIGIN)).toBe(expected);
  });

  test.each([
    ["https://github.com/visinf/self-adaptive", true],
    ["http://github.com/", false],
    ["https://github.com:8443/", false],
    ["https://github.com.evil.example/", false],
    ["javascript:alert(1)", false],
    ["file:///C:/Windows/System32/calc.exe", false],
  ])("%s may be opened outside: %s", (address, expected) => {
    expect(isAllowedOutside(address)).toBe(expected);
  });
});

describe("arguments", () => {
  test("a packaged program takes every argument that is no option as a path", () => {
    expect(pathsInArguments(["/opt/acclimate", "--foo", "night", "/data/a.pth"], true, "/home/me")).toEqual([
      "/home/me/night",
      "/data/a.pth",
    ]);
  });

  test("started from its sources, the program's folder is no path to open", () => {
    expect(pathsInArguments(["/usr/bin/electron", ".", "night"], false, "/home/me")).toEqual(["/home/me/night"]);
  });
});

describe("menu", () => {
  const actions = {
    ran: [] as string[],
    run(id: string) {
      this.ran.push(id);
    },
    openDocumentation: () => undefined,
    openWorkspaceFolder: () => undefined,
    openCrashDumps: () => undefined,
    copyDiagnostics: () => undefined,
  };

  test("the program's own menu is first on macOS and absent elsewhere", () => {
    expect(menuTemplate("darwin", "Acclimate", actions)[0]?.label).toBe("Acclimate");
    expect(menuTemplate("win32", "Acclimate", actions)[0]?.label).toBe("&File");
    expect(menuTemplate("linux", "Acclimate", actions)[0]?.label).toBe("&File");
  });

  test("an entry runs the page's command of the same id, and leaves its keys to the page", () => {
    const [file] = menuTemplate("linux", "Acclimate", actions);
    const entries = Array.isArray(file?.submenu) ? file.submenu : [];
    const open = entries.find(({ id }) => id === "datasets.open");
    expect(open?.registerAccelerator).toBe(false);
    open?.click?.call(undefined, {} as never, undefined, {} as never);
    expect(actions.ran).toEqual(["datasets.open"]);
  });
});

describe("activity", () => {
  const id = runIdSchema.parse("run00001");
  function run(status: RunStatus, more: Partial<RunSummary> = {}): { type: "runChanged"; run: RunSummary } {
    return {
      type: "runChanged",
      run: {
        id,
        groupId: null,
        status,
        method: "adapt",
        config: runConfigFormSchema.parse({}),
        image: {
          id: imageIdSchema.parse("image001"),
          datasetId: datasetIdSchema.parse("dataset1"),
          key: "night/1.png",
        },
        checkpoint: { id: checkpointIdSchema.parse("checkpt1"), name: "sample", numClasses: 19 },
        createdAt: 0,
        startedAt: null,
        endedAt: null,
        error: null,
        miouBefore: null,
        miouAfter: null,
        miouStored: null,
        lastLoss: null,
        notes: "",
        ...more,
      },
    };
  }
  const iteration = (done: number) =>
    ({
      type: "runProgressed",
      runId: id,
      event: { type: "iterationFinished", iteration: done, iterations: 10, loss: 1, elapsedMs: 1 },
    }) as const;

  test("progress follows the iterations and is gone when nothing is left to do", () => {
    const running = [run("queued"), run("running"), iteration(4)].reduce(activityAfter, NO_ACTIVITY);
    expect(running).toEqual({ active: new Set([id]), progress: 0.4 });
    expect(activityAfter(running, run("finished"))).toEqual(NO_ACTIVITY);
  });

  const active = { active: new Set([id]), progress: 0 };
  test("only ends of single runs are worth a notification", () => {
    expect(notificationFor(run("running"), active)).toBeNull();
    expect(notificationFor(run("cancelled"), active)).toBeNull();
    expect(notificationFor(run("finished"), active)).toEqual({ title: "Run finished", body: "night/1.png" });
    const error = { code: "output.diskFull", message: "the disk is full." };
    expect(notificationFor(run("failed", { error }), active)?.body).toBe("night/1.png: the disk is full.");
  });

  test("a run that ended long ago does not end again when its notes change", () => {
    expect(notificationFor(run("finished", { notes: "a good one" }), NO_ACTIVITY)).toBeNull();
  });

  test("evaluations and trainings count like runs, by their images and steps", () => {
    const evaluation = anEvaluation({ status: "running", done: 3, images: 4 });
    const training = aTraining({ status: "queued" });
    const busy = [
      { type: "evaluationChanged", evaluation } as const,
      { type: "trainingChanged", training } as const,
    ].reduce(activityAfter, NO_ACTIVITY);
    expect(busy).toEqual({ active: new Set([evaluation.id, training.id]), progress: 0.75 });
    const ended = { type: "evaluationChanged", evaluation: { ...evaluation, status: "finished" } } as const;
    expect(notificationFor(ended, busy)).toEqual({ title: "Evaluation finished", body: "one.pth on streets" });
    const next = activityAfter(busy, ended);
    const step = { type: "trainingChanged", training: { ...training, status: "running", step: 1, steps: 8 } } as const;
    expect(activityAfter(next, step)).toEqual({ active: new Set([training.id]), progress: 0.125 });
    const failed = {
      ...training,
      name: "street",
      status: "failed",
      error: { code: "bug", message: "It broke." },
    } as const;
    const last = { type: "trainingChanged", training: failed } as const;
    expect(notificationFor(last, next)).toEqual({ title: "Training ended early", body: "street: It broke." });
    expect(activityAfter(next, last)).toEqual(NO_ACTIVITY);
    expect(activityAfter(next, { type: "trainingRemoved", trainingId: training.id })).toEqual(NO_ACTIVITY);
  });
});
