// Opens the runtime that was asked for, or the fastest one that really runs on this machine.
import { env } from "onnxruntime-node";
import { AppError } from "../../../src-shared/contract/errors.ts";
import { hasGraphicsDevice } from "./has-graphics-device.ts";
import { bundledProviders, ONNX_PROVIDERS, type OnnxProvider } from "./onnx/onnx-providers.ts";
import { OnnxRuntime } from "./onnx/onnx-runtime.ts";
import { physicalCores } from "./physical-cores.ts";
import { probeConvolution } from "./probe-convolution.ts";
import { probeInChild } from "./probe-in-child.ts";
import type { Runtime, RuntimeDescription } from "./runtime.ts";
import { loadTfjs } from "./tfjs/load-tfjs.ts";
import { TfjsRuntime } from "./tfjs/tfjs-runtime.ts";

export interface RuntimeRequest {
  /** auto is onnx. */
  readonly runtime: "onnx" | "tfjs" | "auto";
  readonly provider: "auto" | OnnxProvider;
  /** Threads of one operation; one for each physical core when undefined. */
  readonly threads: number | undefined;
}

/** A runtime on one of its devices, for `doctor`: there or not, and why. */
export interface Device extends RuntimeDescription {
  readonly available: boolean;
  /** Of the convolution that `probeConvolution` describes; only where one has run. */
  readonly convolutionMs?: number;
}

const ONNX_VERSION = env.versions.node ?? "unknown";

/** What makes a provider available, in words that follow "…, or". */
const REMEDY: Readonly<Record<OnnxProvider, string>> = {
  cuda: "run `npm run setup:cuda` on a machine with an NVIDIA driver",
  dml: "use Windows with a DirectX 12 graphics driver",
  coreml: "use macOS",
  webgpu: "install a graphics driver with Vulkan, Metal or Direct3D 12",
  cpu: "install the dependencies again with `npm ci`",
};

/**
 * Opens a runtime. `auto` takes the first accelerator that computes a test convolution, and computes it faster than the
 * processor: drivers that draw in software offer themselves as graphics cards too. The description's note says what was
 * passed over.
 *
 * @throws AppError `runtime.unavailable` when what was asked for by name is not there
 */
export async function createRuntime(request: RuntimeRequest): Promise<Runtime> {
  if (request.runtime === "tfjs") return tfjsRuntime(request.provider);
  const threads = request.threads ?? physicalCores();
  if (request.provider === "auto") return fastestOnnxRuntime(threads);
  const runtime = new OnnxRuntime({ provider: request.provider, threads }, ONNX_VERSION);
  const { problem } = await tried(request.provider, () => probeConvolution(runtime));
  if (problem !== undefined) throw unavailable(request.provider, problem);
  return runtime;
}

/** Every runtime and device this build knows of, tried one after another. Takes seconds where a device is emulated. */
export async function listDevices(threads = physicalCores()): Promise<Device[]> {
  const devices: Device[] = [];
  for (const provider of ONNX_PROVIDERS) {
    const runtime = new OnnxRuntime({ provider, threads }, ONNX_VERSION);
    devices.push(deviceOf(runtime.description, await triedQuietly(provider, threads), REMEDY[provider]));
  }
  return [...devices, await tfjsDevice()];
}

type Trial = { readonly convolutionMs: number; readonly problem?: never } | { readonly problem: string };

/** WebGPU's libraries write to the error stream when they look for an adapter: they do it in another process. */
function triedQuietly(provider: OnnxProvider, threads: number): Promise<Trial> {
  return tried(provider, () =>
    provider === "webgpu"
      ? probeInChild(provider, threads)
      : probeConvolution(new OnnxRuntime({ provider, threads }, ONNX_VERSION)),
  );
}

async function tried(provider: OnnxProvider, probe: () => Promise<number>): Promise<Trial> {
  if (!bundledProviders().includes(provider)) return { problem: "it is not part of this installation" };
  try {
    return { convolutionMs: await probe() };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function fastestOnnxRuntime(threads: number): Promise<Runtime> {
  const notes: string[] = [];
  const accelerators = bundledProviders().filter((provider) => provider !== "cpu");
  let processorMs: number | undefined;
  for (const provider of accelerators) {
    const trial: Trial =
      provider === "webgpu" && !hasGraphicsDevice()
        ? { problem: "this machine has no graphics device" }
        : await triedQuietly(provider, threads);
    if (trial.problem !== undefined) {
      notes.push(`${provider} is not used: ${trial.problem}.`);
      continue;
    }
    processorMs ??= await probeConvolution(new OnnxRuntime({ provider: "cpu", threads }, ONNX_VERSION));
    if (trial.convolutionMs < processorMs) return new OnnxRuntime({ provider, threads }, ONNX_VERSION, notes.join(" "));
    const [its, ours] = [trial.convolutionMs, processorMs].map((time) => time.toFixed(1));
    notes.push(`${provider} is not used: a test convolution takes ${its} ms there and ${ours} ms on the processor.`);
  }
  return new OnnxRuntime({ provider: "cpu", threads }, ONNX_VERSION, notes.join(" "));
}

async function tfjsRuntime(provider: RuntimeRequest["provider"]): Promise<Runtime> {
  const loaded = await loadTfjs();
  const isWanted =
    provider === "auto" || provider === loaded.provider || (provider === "cpu" && loaded.provider === "javascript");
  if (isWanted) return new TfjsRuntime(loaded);
  const remedy =
    provider === "cuda"
      ? "install @tensorflow/tfjs-node-gpu with CUDA"
      : "ask for cuda, for cpu or for the onnx runtime";
  const because = [`TensorFlow.js has no ${provider} here, only ${loaded.provider}; ${remedy}.`, loaded.note];
  throw new AppError("runtime.unavailable", because.filter((text) => text !== "").join(" "));
}

async function tfjsDevice(): Promise<Device> {
  try {
    const runtime = new TfjsRuntime(await loadTfjs());
    return { ...runtime.description, available: true, convolutionMs: await probeConvolution(runtime) };
  } catch (error) {
    const unknown = { name: "tfjs", provider: "cpu", version: "", threads: 0 } as const;
    return { ...unknown, available: false, note: `${reasonOf(error)}.` };
  }
}

function deviceOf(description: RuntimeDescription, trial: Trial, remedy: string): Device {
  if (trial.problem === undefined) return { ...description, available: true, convolutionMs: trial.convolutionMs };
  return { ...description, available: false, note: `${trial.problem}; to use it, ${remedy}.` };
}

function unavailable(provider: OnnxProvider, problem: string): AppError {
  return new AppError(
    "runtime.unavailable",
    `ONNX Runtime cannot use ${provider}: ${problem}. Ask for another provider, or ${REMEDY[provider]}.`,
  );
}

/** ONNX Runtime's messages begin with source lines and conditions; the words for people come last. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const words = message.split(/ was false\. |refuses a graph: /).at(-1) ?? message;
  return words.trim().replace(/\.$/, "");
}
