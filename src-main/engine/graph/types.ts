// What a graph is made of: tensor types, nodes, and the four rules that make an op.
import type { Tensor } from "@tensorflow/tfjs";
import type { OpName } from "./op-name.ts";

/** The TensorFlow.js namespace an op's lowering is given, whichever package it came from. */
export type Tfjs = typeof import("@tensorflow/tfjs");

/** float32 is what is computed with; int32 holds labels and indices; bool holds comparisons. */
export type DType = "float32" | "int32" | "bool";

/** Sizes of a tensor, outermost first; always known, never symbolic. */
export type Shape = readonly number[];

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The data of a constant, in C order; its kind follows the dtype. */
export type TensorData = Float32Array | Int32Array;

/** An attribute is plain data, so that a graph can be printed and two equal nodes can be found. */
export type Attribute = number | string | boolean | readonly number[] | TensorData;
export interface Attributes {
  readonly [name: string]: Attribute;
}

export type NoAttributes = Readonly<Record<never, Attribute>>;

/** What an op takes, by name, in order: a tuple, or a list where any number of inputs will do. */
export type InputNames = readonly string[];

/** One T for each input. It is a tuple where their number is fixed, so that a missing one does not compile. */
export type PerInput<T, I extends InputNames> = { readonly [K in keyof I]: T };

/** One value of the graph, and how it is computed from others. Immutable; a graph is whatever its outputs reach. */
export interface Node<A extends Attributes = Attributes, I extends InputNames = InputNames> extends TensorType {
  readonly op: Op<A, I>;
  readonly attrs: A;
  readonly inputs: PerInput<Node, I>;
}

/** Writes ONNX nodes; names of ONNX values are strings. */
export interface OnnxEmitter {
  /** Whether MaxPool may be asked for its second output, the indices of the largest elements. */
  readonly hasPoolIndices: boolean;
  /** Whether LayerNormalization takes the mean off before it squares: it loses digits where it does not. */
  readonly hasCentredNorm: boolean;
  /** Whether ops of ONNX Runtime's own domain may be asked for: in models that nothing else runs. */
  readonly hasMicrosoftOps: boolean;
  /** Adds one ONNX node with one output and returns the output's name. */
  node(type: string, inputs: readonly string[], attributes?: OnnxAttributes, domain?: string): string;
  /** Adds one ONNX node with several outputs and returns their names. */
  outputs(type: string, inputs: readonly string[], count: number, attributes?: OnnxAttributes): readonly string[];
  /** Names a constant; equal constants share one name. */
  constant(data: TensorData | BigInt64Array, shape: Shape): string;
}

/** What a model may ask of the program that runs it. */
export type OnnxAbilities = Pick<OnnxEmitter, "hasPoolIndices" | "hasCentredNorm" | "hasMicrosoftOps">;

/** Name for an input of an ONNX node that is left out on purpose. */
export const OMITTED = "";

/** ONNX attributes: integers, lists of integers, strings, and floats marked as such. */
export interface OnnxAttributes {
  readonly [name: string]: number | readonly number[] | string | { readonly float: number };
}

/**
 * The four rules of an op. Methods, so that an op of narrower attributes and
 * of fixed inputs fits where any op is asked for.
 */
export interface Op<A extends Attributes, I extends InputNames> {
  readonly name: OpName;
  /** The type of the result. Throws AppError `graph.shapeMismatch` when the inputs do not fit together. */
  infer(attrs: A, inputs: PerInput<TensorType, I>): TensorType;
  /** For each input the gradient of the loss, built as graph from the result's gradient; null where there is none. */
  gradient(node: Node<A, I>, outGrad: Node): PerInput<Node | null, I>;
  /** Emits ONNX nodes for the op and returns the name of the result. */
  onnx(emit: OnnxEmitter, node: Node<A, I>, inputs: PerInput<string, I>): string;
  /** Computes the op with TensorFlow.js. The caller disposes of the result and of nothing else. */
  tfjs(tf: Tfjs, node: Node<A, I>, inputs: PerInput<Tensor, I>): Tensor;
}

export type AnyOp = Op<Attributes, InputNames>;

/** A node that this op makes. */
export type NodeOf<O> = O extends Op<infer A, infer I> ? Node<A, I> : never;
