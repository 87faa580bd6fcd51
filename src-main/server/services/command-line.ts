// The command line that gives the same result as a run: every parameter is written out, so that no default can change it.
import { adaptationConfigSchema, viewsConfigSchema } from "../../../src-shared/contract/adaptation-config.ts";
import type { Run } from "../../../src-shared/contract/workbench/runs.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";

export interface CommandFiles {
  readonly image: string;
  readonly checkpoint: string;
  readonly labels: { readonly path: string; readonly encoding: DatasetEncoding } | null;
}

/** Encodings that mean the same on the command line. */
const SHARED_ENCODINGS: readonly DatasetEncoding[] = ["trainIds", "cityscapes", "gta"];

export function commandLine(run: Run, files: CommandFiles, platform: NodeJS.Platform = process.platform): string {
  const words = ["acclimate", run.method, files.image, "--checkpoint", files.checkpoint];
  if (files.labels !== null && SHARED_ENCODINGS.includes(files.labels.encoding)) {
    words.push("--labels", files.labels.path, "--label-encoding", files.labels.encoding);
  }
  if (run.config.alpha !== null) words.push("--alpha", String(run.config.alpha));
  for (const [name, value] of Object.entries(parametersOf(run))) words.push(...flagWords(name, value));
  words.push(...machineWords(run));
  return words.map((word) => quoted(word, platform)).join(" ");
}

/** The parameters that the method has. */
function parametersOf({ method, config }: Run): Record<string, unknown> {
  switch (method) {
    case "predict":
      return {};
    case "tta":
      return viewsConfigSchema.parse(config);
    case "adapt":
      return adaptationConfigSchema.parse(config);
    default:
      return method satisfies never;
  }
}

/** Switches that are on unless they are switched off; all others are off. */
const ON_BY_DEFAULT: readonly string[] = ["flips", "grayscale"];

function flagWords(name: string, value: unknown): string[] {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (Array.isArray(value)) return [`--${words}`, value.length === 0 ? "none" : value.join(",")];
  if (typeof value !== "boolean") return [`--${words}`, String(value)];
  if (value) return [`--${words}`];
  return ON_BY_DEFAULT.includes(name) ? [`--no-${words}`] : [];
}

/** What it ran on, once that is known: another device or number of threads rounds otherwise. */
function machineWords({ machine, provenance }: Run): string[] {
  const words = ["--runtime", provenance?.runtime ?? machine.runtime, "--provider", providerOf(machine, provenance)];
  const threads = machine.threads ?? provenance?.threads ?? 0;
  return threads > 0 ? [...words, "--threads", String(threads)] : words;
}

/** TensorFlow.js has backends that can't be asked for by name. */
function providerOf(machine: Run["machine"], provenance: Run["provenance"]): string {
  return provenance === null || provenance.runtime !== "onnx" ? machine.provider : provenance.provider;
}

const NEEDS_NO_QUOTES = /^[\w@%+=:,./-]+$/;

function quoted(word: string, platform: NodeJS.Platform): string {
  if (NEEDS_NO_QUOTES.test(word)) return word;
  if (platform === "win32") return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
