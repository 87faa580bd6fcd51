// Trying a device in a process of its own.
import { expect, test } from "vitest";
import { probeInChild } from "../../../../src-main/engine/runtimes/probe-in-child.ts";

test("times the convolution in another process", async () => {
  expect(await probeInChild("cpu", 1)).toBeGreaterThan(0);
});

test("hands on what ONNX Runtime says against it", async () => {
  await expect(probeInChild("cpu", -1)).rejects.toThrow("intraOpNumThreads");
});
