// Picks the fastest TensorFlow.js that is installed and loads, and says so when that is the slow one.
import { createRequire } from "node:module";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import type { Tfjs } from "../../graph/types.ts";
import { restoreNodeUtil } from "./restore-node-util.ts";

/** Environment variable with the path of a TensorFlow.js package to use, such as one built against a newer TensorFlow. */
export const TFJS_MODULE_VARIABLE = "ACCLIMATE_TFJS_MODULE";

export interface LoadedTfjs {
  readonly tf: Tfjs;
  /** cuda or cpu for TensorFlow's native library, javascript for the package without one. */
  readonly provider: "cuda" | "cpu" | "javascript";
  readonly version: string;
  /** What was passed over and why, and what would be faster; empty when there is nothing to say. */
  readonly note: string;
}

/** Where packages come from; tests put their own. */
export interface TfjsSource {
  readonly modulePath: string | undefined;
  import(specifier: string): Promise<unknown>;
}

const INSTALLED: TfjsSource = {
  modulePath: process.env[TFJS_MODULE_VARIABLE],
  // The specifier is computed: the native packages are optional, and neither compiler nor bundler should look for them.
  import: async (specifier) => import(/* @vite-ignore */ isPath(specifier) ? urlOfModule(specifier) : specifier),
};

const isPath = (specifier: string): boolean => isAbsolute(specifier) || specifier.startsWith(".");

/** The file behind a path, which may be a package's folder, as an import wants it. */
function urlOfModule(path: string): string {
  return pathToFileURL(createRequire(import.meta.url).resolve(resolve(path))).href;
}

const NATIVE_PACKAGES = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
const PURE_PACKAGE = "@tensorflow/tfjs";
const SLOW =
  "TensorFlow.js runs in plain JavaScript here, about a hundred times slower than with its native library; " +
  "install @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node.";

/**
 * Loads TensorFlow.js: the package that ACCLIMATE_TFJS_MODULE names, else tfjs-node-gpu, else tfjs-node, else the one in
 * plain JavaScript.
 *
 * @throws AppError `runtime.unavailable` when the named package does not load, or no package does
 */
export async function loadTfjs(source: TfjsSource = INSTALLED): Promise<LoadedTfjs> {
  restoreNodeUtil();
  // TensorFlow's library greets on the error stream unless told otherwise before it loads.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const { modulePath } = source;
  if (modulePath !== undefined && modulePath !== "") return loadNamed(source, modulePath);

  const failures: string[] = [];
  for (const name of NATIVE_PACKAGES) {
    try {
      return described(await imported(source, name), failures);
    } catch (error) {
      if (!isNotInstalled(error, name)) failures.push(`${name} is installed but does not load: ${firstLine(error)}.`);
    }
  }
  try {
    return described(await imported(source, PURE_PACKAGE), failures);
  } catch (error) {
    throw new AppError("runtime.unavailable", `TensorFlow.js does not load: ${firstLine(error)}.`, { cause: error });
  }
}

async function loadNamed(source: TfjsSource, path: string): Promise<LoadedTfjs> {
  try {
    return described(await imported(source, path), []);
  } catch (error) {
    throw new AppError(
      "runtime.unavailable",
      `${TFJS_MODULE_VARIABLE} names "${path}", which does not load as TensorFlow.js: ${firstLine(error)}.`,
      { cause: error },
    );
  }
}

async function imported(source: TfjsSource, name: string): Promise<Tfjs> {
  const module = (await source.import(name)) as { default?: Tfjs } & Tfjs;
  const tf = module.default ?? module;
  if (typeof tf.tensor !== "function") throw new Error("it exports no tensors");
  // Silences the advice that the plain JavaScript backend prints at its first operation; the note says it instead.
  tf.enableProdMode();
  await tf.ready();
  return tf;
}

function described(tf: Tfjs, failures: readonly string[]): LoadedTfjs {
  const provider = providerOf(tf);
  const versions: { readonly [name: string]: string | undefined } = tf.version;
  return {
    tf,
    provider,
    version: versions["tfjs-node"] ?? versions.tfjs ?? "unknown",
    note: [...failures, ...(provider === "javascript" ? [SLOW] : [])].join(" "),
  };
}

function providerOf(tf: Tfjs): LoadedTfjs["provider"] {
  if (tf.getBackend() !== "tensorflow") return "javascript";
  const backend = tf.backend() as { readonly isUsingGpuDevice?: boolean };
  return backend.isUsingGpuDevice === true ? "cuda" : "cpu";
}

function isNotInstalled(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : "";
  // A package of that name may be there and miss one of its own dependencies: that is worth telling.
  return (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") && error.message.includes(`'${name}'`);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").trim().replace(/\.$/, "");
}
