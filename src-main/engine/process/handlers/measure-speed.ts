// Times a test convolution on the processor.
import { createRuntime } from "../../runtimes/create-runtime.ts";
import { PROBE_GFLOP, probeConvolution } from "../../runtimes/probe-convolution.ts";
import type { Handler } from "../handler.ts";

export const measureSpeed: Handler<"measureSpeed"> = async () => {
  const runtime = await createRuntime({ runtime: "onnx", provider: "cpu", threads: undefined });
  try {
    return { gigaflopsPerSecond: (1000 * PROBE_GFLOP) / (await probeConvolution(runtime)) };
  } finally {
    await runtime.dispose();
  }
};
