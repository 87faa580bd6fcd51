// `acclimate export`: the model it writes is one that other programs run.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../helpers/run-cli.ts";
import { writeTinyCheckpoint } from "../helpers/tiny-checkpoint.ts";

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "acclimate-export-"));
  await writeTinyCheckpoint(join(folder, "tiny.safetensors"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("writes a model of one input and one output, for images of the size that was asked for", async () => {
  const { code, stdout } = await runCli(
    ["export", "tiny.safetensors", "--onnx", "tiny.onnx", "--size", "96x64"],
    folder,
  );
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^"tiny.onnx": .* for images of 96 x 64 pixels\.\n$/)]);
  const session = await InferenceSession.create(join(folder, "tiny.onnx"));
  const image = new Tensor("float32", new Float32Array(3 * 64 * 96), [1, 3, 64, 96]);
  const { logits } = await session.run({ image });
  expect(logits?.dims).toEqual([1, 19, 64, 96]);
  await session.release();
});

test.each([
  [["tiny.safetensors"], "--onnx: name the file to write."],
  [["tiny.safetensors", "--onnx", "a.txt"], '--onnx: name a file that ends in .onnx, not "a.txt".'],
  [["tiny.safetensors", "--onnx", "a.onnx", "--size", "8x8"], "--size: a side has at least 32 pixels, not 8."],
  [["missing.pth", "--onnx", "a.onnx"], '"missing.pth" does not exist; check the path of the checkpoint.'],
  [["tiny.safetensors", "--onnx", "nowhere/a.onnx"], 'the folder "nowhere" does not exist'],
])("%j is refused in one sentence, and writes nothing", async (args, sentence) => {
  const { code, stderr } = await runCli(
    ["export", ...args, ...(args.includes("--size") ? [] : ["--size", "64x64"])],
    folder,
  );
  expect(code).not.toBe(0);
  expect(stderr).toContain(sentence);
  expect(existsSync(join(folder, "a.onnx"))).toBe(false);
});
