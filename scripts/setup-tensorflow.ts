// Builds TensorFlow.js's native addon against a TensorFlow library that is already on this machine.
// Usage: npm run setup:tensorflow -- --library DIR [--into out/tensorflow]
// DIR holds include/tensorflow/c/c_api.h and the libraries, beside it or in lib/: TensorFlow's C library unpacked, or the
// `tensorflow` folder of a Python environment.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** Node-API version of the addon: the newest that the package looks for. */
const NAPI_VERSION = 8;

class SetupError extends Error {}

try {
  const { values } = parseArgs({
    options: { library: { type: "string" }, into: { type: "string", default: "out/tensorflow" } },
  });
  const packageFolder = setUp(values.library, resolve(values.into));
  console.log(`\nTensorFlow.js is built. Use it with\n  export ACCLIMATE_TFJS_MODULE="${packageFolder}"`);
  console.log("  npx acclimate doctor");
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`setup:tensorflow: ${error.message}`);
  process.exitCode = 1;
}

/** @returns the folder of the package with its addon */
function setUp(library: string | undefined, into: string): string {
  if (process.platform === "win32") throw new SetupError("the addon is built on Linux and macOS only.");
  if (library === undefined) throw new SetupError("name the folder of a TensorFlow library: --library DIR.");
  const libraries = librariesIn(resolve(library));
  const packageFolder = installPackage(into);
  linkLibrary(resolve(library), libraries, join(packageFolder, "deps"));
  buildAddon(packageFolder);
  return packageFolder;
}

/** The folder that holds libtensorflow, or libtensorflow_cc, which has the same C functions. */
function librariesIn(library: string): string {
  if (!existsSync(join(library, "include", "tensorflow", "c", "c_api.h"))) {
    throw new SetupError(`"${library}" has no include/tensorflow/c/c_api.h; name the folder of a TensorFlow library.`);
  }
  const folder = [join(library, "lib"), library].find((path) => fileIn(path, "libtensorflow_framework") !== undefined);
  if (folder === undefined)
    throw new SetupError(`"${library}" has no libtensorflow_framework, nor has its lib folder.`);
  return folder;
}

/** The first file of that library, whatever its version: libtensorflow.so.2, libtensorflow.2.dylib. */
function fileIn(folder: string, library: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .sort()
    .find((name) => name.startsWith(`${library}.so`) || (name.startsWith(`${library}.`) && name.endsWith(".dylib")));
}

/** Without its install script, which would download a TensorFlow of 2022. */
function installPackage(into: string): string {
  const { version } = createRequire(import.meta.url)("@tensorflow/tfjs/package.json") as { version: string };
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `@tensorflow/tfjs-node@${version}`], into);
  return join(into, "node_modules", "@tensorflow", "tfjs-node");
}

/** Puts links where the addon's build and its loader look: deps/include, and deps/lib with every name a library goes by. */
function linkLibrary(library: string, libraries: string, deps: string): void {
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, "lib"), { recursive: true });
  symlinkSync(join(library, "include"), join(deps, "include"));
  const isLibrary = (name: string) => name.startsWith("libtensorflow");
  for (const name of readdirSync(libraries).filter(isLibrary)) {
    symlinkSync(join(libraries, name), join(deps, "lib", name));
  }
  const suffix = process.platform === "darwin" ? ".2.dylib" : ".so";
  for (const name of ["libtensorflow", "libtensorflow_framework"]) {
    const wanted = join(deps, "lib", `${name}${suffix}`);
    const found = fileIn(libraries, name) ?? fileIn(libraries, "libtensorflow_cc");
    if (found === undefined) throw new SetupError(`"${libraries}" has no ${name}.`);
    if (!existsSync(wanted)) symlinkSync(join(libraries, found), wanted);
  }
}

function buildAddon(packageFolder: string): void {
  const folder = join(packageFolder, "lib", `napi-v${NAPI_VERSION}`);
  run(
    process.execPath,
    [
      nodeGyp(),
      "rebuild",
      "--module_name=tfjs_binding",
      `--module=${join(folder, "tfjs_binding.node")}`,
      `--module_path=${folder}`,
      `--napi_version=${process.versions.napi}`,
      `--napi_build_version=${NAPI_VERSION}`,
      `--node_napi_label=napi-v${NAPI_VERSION}`,
    ],
    packageFolder,
  );
}

/** The node-gyp that comes with npm, which starts this script. */
function nodeGyp(): string {
  const npm = process.env.npm_execpath;
  const found = npm && join(dirname(npm), "..", "node_modules", "node-gyp", "bin", "node-gyp.js");
  if (!found || !existsSync(found))
    throw new SetupError("start it with npm: npm run setup:tensorflow -- --library DIR.");
  return found;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) throw new SetupError(`"${command} ${args.slice(0, 2).join(" ")}" failed: see above.`);
}
