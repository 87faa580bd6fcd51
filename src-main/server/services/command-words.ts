// Words of command lines: flags, the machine, and quotes where a shell wants them.
import {
  adaptationConfigSchema,
  fitConfigSchema,
  type WindowConfig,
  windowConfigSchema,
} from "../../../src-shared/contract/adaptation-config.ts";
import { type ImageMethodConfig, METHOD_PARAMETERS } from "../../../src-shared/contract/image-methods.ts";
import { parameterFields } from "../../../src-shared/contract/parameter-field.ts";
import type { Machine } from "../../../src-shared/contract/workbench/runs.ts";

/** What it ran on, once that is known. */
export interface RanOn {
  readonly runtime: string;
  readonly provider: string;
  readonly threads: number;
}

/** Switches that are on unless they are switched off; all others are off. */
const ON_BY_DEFAULT: readonly string[] = parameterFields(adaptationConfigSchema)
  .filter(({ byDefault }) => byDefault === true)
  .map(({ name }) => name);

/** Lists of which each entry has its place: height x width. */
const SEQUENCES: readonly string[] = parameterFields(windowConfigSchema.extend(fitConfigSchema.shape))
  .filter(({ meta }) => meta.isSequence === true)
  .map(({ name }) => name);

/** A parameter as its flag. */
export function flagWords(name: string, value: unknown): string[] {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const separator = SEQUENCES.includes(name) ? "x" : ",";
  if (Array.isArray(value)) return [`--${words}`, value.length === 0 ? "none" : value.join(separator)];
  if (typeof value !== "boolean") return [`--${words}`, String(value)];
  if (value) return [`--${words}`];
  return ON_BY_DEFAULT.includes(name) ? [`--no-${words}`] : [];
}

/** Without an overlap of windows where there are none. */
export function withoutIdleWindow<Config extends WindowConfig>({ window, overlap, ...others }: Config) {
  return window.length === 0 ? others : { ...others, window, overlap };
}

function withoutIdleFit({ fit = [], ...others }: { readonly fit?: readonly number[] }) {
  return fit.length === 0 ? others : { ...others, fit };
}

/** The parameters that the method has. */
export function parametersOf(config: ImageMethodConfig): Readonly<Record<string, unknown>> {
  return withoutIdleFit(withoutIdleWindow(METHOD_PARAMETERS[config.method].parse(config)));
}

/** A switch that is off has no flag: without this, a checkpoint that recommends it on would switch it on. */
export const PUBLISHED_RECIPE: readonly string[] = ["--recipe", "published"];

/** Of all parameters; what is null has no flag: the default stands for it. */
export function flagsOf(parameters: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : flagWords(name, value)));
}

/** Another device or number of threads rounds otherwise. */
export function machineWords(machine: Machine, ranOn: RanOn | null): string[] {
  const words = ["--runtime", ranOn?.runtime ?? machine.runtime, "--provider", providerOf(machine, ranOn)];
  const threads = machine.threads ?? ranOn?.threads ?? 0;
  return threads > 0 ? [...words, "--threads", String(threads)] : words;
}

/** TensorFlow.js has backends that can't be asked for by name. */
function providerOf(machine: Machine, ranOn: RanOn | null): string {
  return ranOn === null || ranOn.runtime !== "onnx" ? machine.provider : ranOn.provider;
}

/** One line, to be pasted into the system's usual shell. */
export function shellLine(words: readonly string[], platform: NodeJS.Platform): string {
  return words.map((word) => quoted(word, platform)).join(" ");
}

const NEEDS_NO_QUOTES = /^[\w@%+=:,./-]+$/;

function quoted(word: string, platform: NodeJS.Platform): string {
  if (NEEDS_NO_QUOTES.test(word)) return word;
  if (platform === "win32") return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
