// The devices that can be chosen, and what they are called.
import type { Device, Settings } from "../../../src-shared/contract/workbench/system.ts";

const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  cpu: "CPU",
  cuda: "CUDA",
  webgpu: "WebGPU",
  dml: "DirectML",
  coreml: "CoreML",
  javascript: "JavaScript",
};

export function providerName(provider: string): string {
  return PROVIDER_NAMES[provider] ?? provider;
}

/** Devices that can be chosen with a runtime: each once, and the chosen one even where it is not there now. */
export function providerChoices(devices: readonly Device[], runtime: Settings["runtime"], chosen: string): string[] {
  const offered = devices.filter((device) => device.isAvailable && (runtime === "auto" || device.runtime === runtime));
  return [...new Set(["auto", ...offered.map(({ provider }) => provider), chosen])];
}
