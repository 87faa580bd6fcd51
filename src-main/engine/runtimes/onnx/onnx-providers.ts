// Which of ONNX Runtime's execution providers this machine can use, best first.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { listSupportedBackends } from "onnxruntime-node";

export const ONNX_PROVIDERS = ["cuda", "dml", "coreml", "webgpu", "cpu"] as const;
export type OnnxProvider = (typeof ONNX_PROVIDERS)[number];

/** Providers in the installed package. Whether a device answers is known only once a session has run on it. */
export function bundledProviders(): OnnxProvider[] {
  const listed = new Set(
    listSupportedBackends()
      .filter((backend) => backend.bundled || isInstalled(backend.name))
      .map(({ name }) => name),
  );
  return ONNX_PROVIDERS.filter((provider) => listed.has(provider));
}

/** CUDA is listed on Linux without being there: it is there once its library lies beside ONNX Runtime's own. */
function isInstalled(provider: string): boolean {
  if (provider !== "cuda") return false;
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const folder = join(root, "bin", "napi-v6", process.platform, process.arch);
  return existsSync(join(folder, "libonnxruntime_providers_cuda.so"));
}
