// Tries a device in a short-lived process of its own.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { OnnxProvider } from "./onnx/onnx-providers.ts";

export type ProbeResult = { readonly convolutionMs: number } | { readonly failure: string };

/** Emulated devices take seconds; one that takes longer is of no use. */
const TIMEOUT_MS = 30_000;

/** The program beside this file; in the built command line both are bundled, into one folder. */
const PROGRAM = new URL(import.meta.url.endsWith(".ts") ? "probe-device.ts" : "probe-device.js", import.meta.url);

/**
 * Runs `probeConvolution` on a device, in another process.
 *
 * @returns milliseconds
 * @throws  Error with the device's words, or when the process ends without a result
 */
export async function probeInChild(provider: OnnxProvider, threads: number): Promise<number> {
  const output = await outputOf([fileURLToPath(PROGRAM), provider, String(threads)]);
  const result = JSON.parse(output) as ProbeResult;
  if ("failure" in result) throw new Error(result.failure);
  return result.convolutionMs;
}

function outputOf(command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // A child whose driver crashes at the very end has printed its result, and would crash this process likewise.
    execFile(process.execPath, ["--no-warnings", ...command], { timeout: TIMEOUT_MS }, (error, output) => {
      if (error === null) resolve(output);
      else reject(new Error("its driver crashes or does not answer"));
    });
  });
}
