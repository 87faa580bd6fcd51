// A program of its own: times the test convolution on one device of ONNX Runtime and prints the result as JSON.
// Drivers write to the error stream, and some crash; in here neither reaches the user.

import type { OnnxProvider } from "./onnx/onnx-providers.ts";
import { OnnxRuntime } from "./onnx/onnx-runtime.ts";
import { probeConvolution } from "./probe-convolution.ts";
import type { ProbeResult } from "./probe-in-child.ts";

const [, , provider, threads] = process.argv;
const runtime = new OnnxRuntime({ provider: provider as OnnxProvider, threads: Number(threads) }, "");
const result: ProbeResult = await probeConvolution(runtime).then(
  (convolutionMs) => ({ convolutionMs }),
  (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
);
process.stdout.write(JSON.stringify(result));
