// One node of an imported network on its way into our graph: its inputs and attributes, each asked for by what it has to be.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { nodeText, type OnnxAttribute, type OnnxGraph, type OnnxNode } from "../../checkpoints/onnx/onnx-model.ts";
import type { StateTensor } from "../../checkpoints/state-dict.ts";
import type { Node, Shape } from "../../graph/types.ts";
import type { ModelScope } from "../model-scope.ts";
import { type Known, knownTensor, nodeOf, shapeOf, type Value } from "./value.ts";

export class OperatorCall {
  readonly node: OnnxNode;
  readonly opset: number;
  readonly scope: ModelScope;
  /** undefined for one that is left out. */
  readonly inputs: readonly (Value | undefined)[];
  /** Runs a graph in an attribute: nodes of the branch that a condition takes. */
  readonly runGraph: (graph: OnnxGraph) => readonly Value[];

  constructor(
    node: OnnxNode,
    inputs: readonly (Value | undefined)[],
    context: Pick<OperatorCall, "opset" | "scope" | "runGraph">,
  ) {
    this.node = node;
    this.inputs = inputs;
    this.opset = context.opset;
    this.scope = context.scope;
    this.runGraph = context.runGraph;
  }

  has(k: number): boolean {
    return this.inputs[k] !== undefined;
  }

  value(k: number): Value {
    const value = this.inputs[k];
    if (value === undefined) throw this.refusal(`lacks its input ${k + 1}`);
    return value;
  }

  /** In our graph. */
  live(k: number): Node {
    return this.nodeOf(this.value(k));
  }

  nodeOf(value: Value): Node {
    return nodeOf(value, this.scope);
  }

  shape(k: number): Shape {
    return shapeOf(this.value(k));
  }

  /** Numbers that have to be known before an image is. */
  known(k: number): Known {
    const value = this.value(k);
    if (value.kind === "known") return value;
    if (value.kind === "weight") return knownTensor(value.tensor);
    throw this.refusal(`has an input ${k + 1} that depends on the pixels of the image`);
  }

  numbers(k: number): number[] {
    return [...this.known(k).data];
  }

  /** Numbers that older operator sets have as an attribute, and newer ones as an input; undefined where there is neither. */
  numbersAt(k: number, attribute: string): readonly number[] | undefined {
    if (this.has(k)) return this.numbers(k);
    return this.#attribute(attribute, "numbers")?.value;
  }

  number<T extends number | undefined>(name: string, otherwise: T): number | T {
    return this.#attribute(name, "number")?.value ?? otherwise;
  }

  list<T extends readonly number[] | undefined>(name: string, otherwise: T): readonly number[] | T {
    return this.#attribute(name, "numbers")?.value ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    return this.#attribute(name, "text")?.value ?? otherwise;
  }

  tensor(name: string): StateTensor | undefined {
    return this.#attribute(name, "tensor")?.value;
  }

  graph(name: string): OnnxGraph {
    const graph = this.#attribute(name, "graph")?.value;
    if (graph === undefined) throw this.refusal(`lacks its graph ${name}`);
    return graph;
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) throw this.refusal(`has the axis ${axis} of a value of ${rank} axes`);
    return counted;
  }

  refusal(what: string): AppError {
    return new AppError("checkpoint.operator", `The node ${nodeText(this.node)} ${what}, which Acclimate can't read.`);
  }

  #attribute<K extends OnnxAttribute["kind"]>(name: string, kind: K): Extract<OnnxAttribute, { kind: K }> | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute === undefined) return undefined;
    if (attribute.kind !== kind) throw this.refusal(`has an attribute ${name} of an unexpected kind`);
    return attribute as Extract<OnnxAttribute, { kind: K }>;
  }
}

/** How an operator is read: the values of the node's outputs, in their order. */
export type Operator = (call: OperatorCall) => readonly Value[];
