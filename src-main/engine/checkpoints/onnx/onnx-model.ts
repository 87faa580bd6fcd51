// An ONNX file as plain data: nodes, attributes and tensors, with nothing of protobuf left.
import type { StateTensor } from "../state-dict.ts";

export type OnnxAttribute =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "numbers"; readonly value: readonly number[] }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "texts"; readonly value: readonly string[] }
  | { readonly kind: "tensor"; readonly value: StateTensor }
  | { readonly kind: "graph"; readonly value: OnnxGraph };

export interface OnnxNode {
  /** Empty where the exporter gives none. */
  readonly name: string;
  readonly op: string;
  /** Empty for the standard's own. */
  readonly domain: string;
  /** Names of values; empty for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

export interface OnnxInput {
  readonly name: string;
  /** null for a size that is open; null as a whole where no shape is declared. */
  readonly shape: readonly (number | null)[] | null;
}

export interface OnnxGraph {
  /** Each after those whose values it takes, as the standard demands. */
  readonly nodes: readonly OnnxNode[];
  /** Without those that have an initializer. */
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
  readonly initializers: ReadonlyMap<string, StateTensor>;
}

export interface OnnxModel {
  /** Version of the standard's operator set that the nodes follow. */
  readonly opset: number;
  readonly graph: OnnxGraph;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A node in a sentence. */
export function nodeText({ name, op, outputs }: OnnxNode): string {
  return name === "" ? `${op} of "${outputs[0] ?? ""}"` : `${op} "${name}"`;
}
