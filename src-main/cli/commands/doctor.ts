// `acclimate doctor`: what this machine can compute with, how fast, and what to install for more.
import { cpus, freemem, totalmem } from "node:os";
import type { Command } from "commander";
import { type Device, listDevices } from "../../engine/runtimes/create-runtime.ts";
import { physicalCores } from "../../engine/runtimes/physical-cores.ts";
import { PROBE_GFLOP } from "../../engine/runtimes/probe-convolution.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { checkedFlags, numberFrom } from "../options/flag-values.ts";
import { runFlagsSchema } from "../options/run-options.ts";
import { jsonText } from "../run/json-text.ts";
import { nodeAdvice } from "../run/node-advice.ts";
import { sizeText } from "../terminal/format.ts";
import { tableLines } from "../terminal/table.ts";

const ABOUT = `Shows the runtimes and devices that this machine has, each timed by a small convolution, and what to install for those
that are missing.`;

export function doctorCommand(program: Command, context: CliContext): void {
  const command = program
    .command("doctor")
    .summary("show what this machine can compute with")
    .description(paragraphs(ABOUT))
    .option("--threads <n>", "processor threads (default: one a core)", numberFrom("--threads"))
    .option("--json", "print one JSON document and nothing else");
  examples(command, [["acclimate doctor", ""]]);
  command.action(async (values: Record<string, unknown>) => {
    const { threads, json } = checkedFlags(runFlagsSchema.pick({ threads: true, json: true }), values);
    context.terminal.progress("trying the devices …");
    const diagnosis = diagnose(await listDevices(threads ?? physicalCores()), context.version);
    context.terminal.print(...(json ? [jsonText(diagnosis)] : diagnosisLines(diagnosis)));
  });
}

interface Diagnosis {
  readonly acclimate: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly physicalCores: number;
  readonly memoryBytes: { readonly total: number; readonly free: number };
  readonly devices: readonly (Device & { readonly gigaflopsPerSecond: number | null })[];
  /** What would give more, a sentence each. */
  readonly advice: readonly string[];
}

function diagnose(devices: readonly Device[], version: string): Diagnosis {
  return {
    acclimate: version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? "unknown",
    physicalCores: physicalCores(),
    memoryBytes: { total: totalmem(), free: freemem() },
    devices: devices.map((device) => ({ ...device, gigaflopsPerSecond: speedOf(device) })),
    advice: adviceFor(devices),
  };
}

/** Three digits: the probe is too short for more. */
function speedOf({ convolutionMs }: Device): number | null {
  return convolutionMs === undefined ? null : Number(((PROBE_GFLOP / convolutionMs) * 1000).toPrecision(3));
}

function adviceFor(devices: readonly Device[]): string[] {
  const has = (name: Device["name"], provider: string) =>
    devices.some((device) => device.available && device.name === name && device.provider === provider);
  const advice = [nodeAdvice(process.env.ACCLIMATE_STARTED_BY)].filter((sentence) => sentence !== null);
  if (!has("onnx", "cuda") && (process.platform === "linux" || process.platform === "win32")) {
    advice.push("With an NVIDIA card: `npm run setup:cuda` adds CUDA to ONNX Runtime.");
  }
  if (!has("tfjs", "cuda") && !has("tfjs", "cpu")) {
    advice.push("For the tfjs runtime: `npm install @tensorflow/tfjs-node-gpu` adds TensorFlow's native library.");
  }
  return advice;
}

function diagnosisLines({ devices, advice, memoryBytes, ...machine }: Diagnosis): string[] {
  const rows = devices.map(({ name, provider, version, available, threads, gigaflopsPerSecond }) => [
    `${name} ${provider}`,
    version,
    available ? "yes" : "no",
    threads === 0 ? "–" : String(threads),
    gigaflopsPerSecond === null ? "–" : String(gigaflopsPerSecond),
  ]);
  const notes = devices
    .filter(({ note }) => note !== "")
    .map(({ name, provider, note }) => `${name} ${provider}: ${note}`);
  return [
    `Acclimate ${machine.acclimate} on Node ${machine.node}, ${machine.platform}`,
    `${machine.processor}, ${machine.physicalCores} cores`,
    `${sizeText(memoryBytes.total)} of memory, ${sizeText(memoryBytes.free)} free`,
    "",
    ...tableLines(["runtime", "version", "here", "threads", "GFLOP/s"], rows),
    ...(notes.length > 0 ? ["", ...notes] : []),
    ...(advice.length > 0 ? ["", ...advice] : []),
  ];
}
