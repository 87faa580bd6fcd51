// Trying a device in a process of its own.
import { expect, test } from "vitest";
import type { OnnxProvider } from "../../../../src-main/engine/runtimes/onnx/onnx-providers.ts";
import { probeInChild } from "../../../../src-main/engine/runtimes/probe-in-child.ts";

test("times the convolution in another process", async () => {
  expect(await probeInChild("cpu", 1)).toBeGreaterThan(0);
});

test("hands on what ONNX Runtime says of a device that it does not know", async () => {
  await expect(probeInChild("abacus" as OnnxProvider, 1)).rejects.toThrow("abacus");
});
