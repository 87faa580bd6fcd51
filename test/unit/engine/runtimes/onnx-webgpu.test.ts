// The WebGPU provider of ONNX Runtime, where there is an adapter: a graphics card, or a driver that draws in software.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundledProviders } from "../../../../src-main/engine/runtimes/onnx/onnx-providers.ts";

interface ChildResult {
  readonly values?: Readonly<Record<string, readonly number[]>>;
  readonly problem?: string;
}

/** Chromium's software Vulkan driver, for machines without a graphics card. */
const SOFTWARE_DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";

const result = bundledProviders().includes("webgpu") ? resultOnAnyDriver() : undefined;
const reason = result === undefined ? " (skipped: no WebGPU adapter on this machine)" : "";

test.skipIf(result === undefined)(`a graph computes on webgpu, the gradient of pooling included${reason}`, () => {
  // Windows of the pooling: all four pixels, the right two, the lower two, the last one alone.
  expect(result).toEqual({ values: { convolved: [2, 0, 6, 0, 0, 2, 0, 4], poolGradient: [0, 2, 4, 4] } });
});

function resultOnAnyDriver(): ChildResult | undefined {
  return (
    resultOfChild({}) ??
    (existsSync(SOFTWARE_DRIVER) ? resultOfChild({ VK_ICD_FILENAMES: SOFTWARE_DRIVER }) : undefined)
  );
}

/**
 * What a child process computed; undefined when it found no adapter, or its driver took it down by a signal. A child that
 * ends with a code of its own has a fault of ours.
 */
function resultOfChild(environment: NodeJS.ProcessEnv): ChildResult | undefined {
  const script = join(import.meta.dirname, "../../../helpers/webgpu-child.ts");
  const child = spawnSync(process.execPath, ["--no-warnings", script], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
    timeout: 600_000,
  });
  if (child.signal !== null) return undefined;
  if (child.status !== 0) return { problem: child.stderr };
  const found = JSON.parse(child.stdout) as ChildResult;
  return found.problem?.includes("WebGPU adapter") ? undefined : found;
}
