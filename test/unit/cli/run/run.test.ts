// Scores, documents and file names of a run.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { EXIT, exitCodeOf } from "../../../../src-main/cli/exit-codes.ts";
import { confusionOf, pooled, scoresOf } from "../../../../src-main/cli/run/evaluation.ts";
import { logitsPath, outputPaths } from "../../../../src-main/cli/run/image-files.ts";
import { jsonText } from "../../../../src-main/cli/run/json-text.ts";
import { createFolder } from "../../../../src-main/cli/run/output-folder.ts";
import { packageRoot, packageVersion } from "../../../../src-main/files/package-root.ts";
import { AppError, BugError, CancelledError } from "../../../../src-shared/contract/errors.ts";
import { runConfigSchema } from "../../../../src-shared/contract/results.ts";
import { temporaryFile, temporaryFolder } from "../../../helpers/pictures.ts";

const map = (...ids: readonly number[]) => ({ width: ids.length, height: 1, data: Uint8Array.from(ids) });

describe("scores", () => {
  it("have null for a class that is nowhere, and 0 for one that is only predicted", () => {
    const scores = scoresOf(confusionOf(map(0, 0, 255), map(0, 2, 1), 4));
    expect(scores).toEqual({ miou: 0.25, iou: [0.5, null, 0, null], miouPresent: 0.5, present: [0] });
  });

  it("of several images come from all their pixels together", () => {
    const matrices = [confusionOf(map(0, 0, 0, 1), map(0, 0, 0, 1), 2), null, confusionOf(map(1, 1), map(0, 0), 2)];
    const miou = (3 / 5 + 1 / 3) / 2;
    expect(scoresOf(pooled(matrices))).toEqual({ miou, iou: [3 / 5, 1 / 3], miouPresent: miou, present: [0, 1] });
    expect(scoresOf(pooled([null]))).toBeNull();
  });
});

describe("jsonText", () => {
  it("keeps lists of numbers on one line, and every value", () => {
    const document = { iou: [0.5, null, -1e-9], names: ["a", "[1,\n 2]"], empty: [], nested: [{ n: [1] }] };
    expect(JSON.parse(jsonText(document))).toEqual(document);
    expect(jsonText({ iou: [1, null] })).toBe('{\n  "iou": [1, null]\n}');
  });
});

describe("file names", () => {
  it("keep subfolders", () => {
    expect(outputPaths("out", "fog/000", true, "l.safetensors")).toEqual({
      trainIds: "out/fog/000_trainIds.png",
      labelIds: "out/fog/000_labelIds.png",
      color: "out/fog/000_color.png",
      overlay: "out/fog/000_overlay.png",
      losses: "out/fog/000_losses.csv",
      logits: "l.safetensors",
    });
  });

  it("tell the scores of several images apart", () => {
    expect(logitsPath("d/l.safetensors", "fog/000", 1)).toBe("d/l.safetensors");
    expect(logitsPath("d/l.safetensors", "fog/000", 2)).toBe("d/l_fog_000.safetensors");
  });
});

describe("runConfigSchema", () => {
  it("adds no parameter that the command does not have", () => {
    const window = { window: [512, 1024], overlap: 64, fit: [] };
    expect(runConfigSchema.parse({ alpha: null, ...window })).toEqual({ alpha: null, ...window });
    const views = { scales: [1], flips: true, grayscale: false, alpha: 0.5, ...window };
    expect(runConfigSchema.parse(views)).toEqual(views);
  });

  it("knows documents from before there were windows and boxes", () => {
    expect(runConfigSchema.parse({ alpha: null })).toEqual({ alpha: null, window: [], overlap: 128, fit: [] });
  });
});

describe("exit codes", () => {
  it.each([
    [new AppError("input.option", ""), EXIT.usage],
    [new CommanderError(1, "commander.unknownOption", ""), EXIT.usage],
    [new CommanderError(0, "commander.helpDisplayed", ""), EXIT.ok],
    [new AppError("checkpoint.hostile", ""), EXIT.input],
    [new AppError("output.diskFull", ""), EXIT.output],
    [new CancelledError(), EXIT.cancelled],
    [new BugError(""), EXIT.unexpected],
    ["anything", EXIT.unexpected],
  ])("%s", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});

describe("createFolder", () => {
  it("creates what is missing above it, and is content with what is there", async () => {
    const folder = join(temporaryFolder(), "a", "b", "c");
    await createFolder(folder);
    await createFolder(folder);
    writeFileSync(join(folder, "file"), "");
  });

  it("says that a file is in the way", async () => {
    const file = temporaryFile("file", "");
    for (const folder of [file, join(file, "below")]) {
      await expect(createFolder(folder)).rejects.toMatchObject({
        code: "output.unwritable",
        message: expect.stringContaining(`"${folder}" is not a folder`),
      });
    }
  });
});

describe("packageRoot", () => {
  it("is found from sources and from anywhere below", () => {
    expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+$/);
    const root = temporaryFolder();
    writeFileSync(join(root, "package.json"), '{ "name": "acclimate", "version": "9.9.9" }');
    mkdirSync(join(root, "dist", "inner"), { recursive: true });
    writeFileSync(join(root, "dist", "package.json"), '{ "type": "module" }');
    expect(packageRoot(join(root, "dist", "inner"))).toBe(root);
    expect(packageVersion(root)).toBe("9.9.9");
  });
});
