// Opening runtimes by name and by luck; what is missing is said with what to do.
import { describe, expect, test } from "vitest";
import { createRuntime, listDevices } from "../../../../src-main/engine/runtimes/create-runtime.ts";
import { bundledProviders } from "../../../../src-main/engine/runtimes/onnx/onnx-providers.ts";
import { physicalCores } from "../../../../src-main/engine/runtimes/physical-cores.ts";
import { probeConvolution } from "../../../../src-main/engine/runtimes/probe-convolution.ts";

describe("createRuntime", () => {
  test("opens the processor by name, with as many threads as asked for", async () => {
    const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: 1 });
    expect(runtime.description).toMatchObject({ name: "onnx", provider: "cpu", threads: 1, note: "" });
    expect(await probeConvolution(runtime)).toBeGreaterThan(0);
  });

  test("opens something that computes when left to choose, and says what it passed over", async () => {
    const runtime = await createRuntime({ runtime: "auto", provider: "auto", threads: undefined });
    const { provider, threads, note } = runtime.description;
    expect(threads).toBe(physicalCores());
    const passedOver = bundledProviders().slice(0, bundledProviders().indexOf(provider as "cpu"));
    for (const name of passedOver) expect(note).toContain(`${name} is not used: `);
    expect(await probeConvolution(runtime)).toBeGreaterThan(0);
  });

  const isCudaThere = bundledProviders().includes("cuda");
  test.skipIf(isCudaThere)("refuses a provider that is not there, and says how to get it", async () => {
    await expect(createRuntime({ runtime: "onnx", provider: "cuda", threads: 1 })).rejects.toMatchObject({
      code: "runtime.unavailable",
      message: expect.stringContaining("npm run setup:cuda"),
    });
  });

  test("opens TensorFlow.js, and refuses a provider it has not got", async () => {
    const { description } = await createRuntime({ runtime: "tfjs", provider: "auto", threads: undefined });
    expect(description.name).toBe("tfjs");
    await expect(createRuntime({ runtime: "tfjs", provider: "coreml", threads: undefined })).rejects.toMatchObject({
      code: "runtime.unavailable",
      message: expect.stringContaining("TensorFlow.js has no coreml"),
    });
  });
});

describe("listDevices", () => {
  test("has every device, with a time where it computes and a reason where it does not", async () => {
    const devices = await listDevices(1);
    expect(devices.map(({ name, provider }) => `${name} ${provider}`)).toEqual(
      expect.arrayContaining(["onnx cuda", "onnx dml", "onnx coreml", "onnx webgpu", "onnx cpu"]),
    );
    expect(devices.some(({ name }) => name === "tfjs")).toBe(true);
    for (const { available, convolutionMs, note } of devices) {
      expect(available ? convolutionMs !== undefined : note.includes("to use it, ")).toBe(true);
    }
  });
});
