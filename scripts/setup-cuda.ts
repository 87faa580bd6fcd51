// Adds CUDA to ONNX Runtime: runs onnxruntime-node's own install script, which downloads the libraries from NuGet.
// Usage: npm run setup:cuda
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The only platform that onnxruntime-node has CUDA libraries for: of CUDA 12. */
const PLATFORM = "linux-x64";

const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
const library = join(root, "bin", "napi-v6", "linux", "x64", "libonnxruntime_providers_cuda.so");

const problem = install();
if (problem === undefined) {
  console.log(
    "CUDA is added to ONNX Runtime. It needs an NVIDIA driver, CUDA 12 and cuDNN 9: see `npx acclimate doctor`.",
  );
} else {
  console.error(`setup:cuda: ${problem}`);
  process.exitCode = 1;
}

function install(): string | undefined {
  const platform = `${process.platform}-${process.arch}`;
  if (platform !== PLATFORM) {
    return `ONNX Runtime's package has CUDA for ${PLATFORM} only, this is ${platform}; Windows has DirectML, macOS CoreML.`;
  }
  console.log("Downloading ONNX Runtime's CUDA libraries from api.nuget.org, some hundred megabytes …");
  const { status, stderr } = spawnSync(process.execPath, [join(root, "script", "install.js")], {
    cwd: root,
    // Everything there is for this platform. Its other value, "cuda12", does nothing in version 1.30 when npm starts it.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "true" },
    stdio: ["ignore", "inherit", "pipe"],
    encoding: "utf8",
  });
  if (status === 0 && existsSync(library)) return undefined;
  const reason = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? "its install script put no CUDA library there";
  return (
    `the libraries could not be downloaded from api.nuget.org (${reason}); ` +
    "run it where that host can be reached, or behind a proxy with GLOBAL_AGENT_HTTPS_PROXY=http://host:port."
  );
}
