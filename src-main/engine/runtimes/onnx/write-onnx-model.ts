// Writes a graph as an ONNX model: every node by its op's lowering, constants as initializers.
import onnxProto from "onnx-proto";
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Graph } from "../../graph/graph.ts";
import { topologicalOrder } from "../../graph/graph.ts";
import { ONNX_TYPE } from "../../graph/ops/cast.ts";
import { inputOp } from "../../graph/ops/input.ts";
import type { Node, OnnxAbilities, OnnxAttributes, OnnxEmitter, Shape, TensorData } from "../../graph/types.ts";

const { onnx } = onnxProto;
type NodeProto = onnxProto.onnx.INodeProto;
type AttributeProto = onnxProto.onnx.IAttributeProto;
type TensorProto = onnxProto.onnx.ITensorProto;
type ValueInfoProto = onnxProto.onnx.IValueInfoProto;

/** The ONNX operator set that the lowerings are written for. */
export const ONNX_OPSET = 18;
const IR_VERSION = 8;
const INT64 = 7;

/** An ONNX model keeps inputs and outputs in one name space, a graph does not: a parameter comes in and goes out. */
export const outputName = (name: string): string => `out:${name}`;

/**
 * The bytes of an ONNX model that computes the graph; inputs carry the graph's names, outputs those of `outputName`.
 *
 * @param device  what the model may ask for
 */
export function writeOnnxModel(graph: Graph, device: OnnxAbilities): Uint8Array {
  return write(graph, device, { given: new Map(), metadata: {}, outputName });
}

/** What makes a model that other programs run. */
export interface StandaloneModel {
  /** Values of graph inputs by name: they become initializers of these names, and the others stay inputs. */
  readonly given: ReadonlyMap<string, TensorData>;
  /** The model's `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the ONNX standard has, and other programs with it. */
const EVERYWHERE: OnnxAbilities = { hasPoolIndices: true, hasCentredNorm: true, hasMicrosoftOps: false };

/** An ONNX model with its weights inside; outputs carry the graph's names, too, which no input may have. */
export function writeStandaloneOnnxModel(graph: Graph, model: StandaloneModel): Uint8Array {
  return write(graph, EVERYWHERE, { ...model, outputName: (name) => name });
}

interface ModelParts extends StandaloneModel {
  readonly outputName: (name: string) => string;
}

function write(graph: Graph, device: OnnxAbilities, parts: ModelParts): Uint8Array {
  const writer = new ModelWriter(device);
  const names = new Map<Node, string>();
  for (const node of frugalOrder(graph)) {
    names.set(node, lowered(node, writer, names));
  }
  for (const [name, node] of graph.outputs) writer.output(written(node, names), parts.outputName(name));
  return writer.finish(graph, parts);
}

/**
 * The order that lets ONNX Runtime hold little at a time. It runs backwards through what it is given: from the last node that
 * nothing uses, into the last-written input first. Outputs come in the order of a network's layers; so the gradients of the
 * last layer are the first to be done with, if the input that has most before it, such as the gradient from the layer
 * behind, is written after those that are computed anew for it alone.
 */
function frugalOrder({ outputs }: Graph): Node[] {
  const roots = [...outputs.values()];
  const depths = new Map<Node, number>();
  const depthOf = (node: Node): number => depths.get(node) ?? 0;
  for (const node of topologicalOrder(roots)) depths.set(node, 1 + Math.max(0, ...node.inputs.map(depthOf)));
  return topologicalOrder(roots, ({ inputs }) => inputs.toSorted((a, b) => depthOf(a) - depthOf(b)));
}

function lowered(node: Node, writer: ModelWriter, names: ReadonlyMap<Node, string>): string {
  if (node.op.name === inputOp.name) return String(node.attrs.name);
  return node.op.onnx(
    writer,
    node,
    node.inputs.map((one) => written(one, names)),
  );
}

function written(node: Node, names: ReadonlyMap<Node, string>): string {
  const name = names.get(node);
  if (name === undefined) throw new BugError(`${node.op.name} is used before it is written`);
  return name;
}

class ModelWriter implements OnnxEmitter {
  readonly hasPoolIndices: boolean;
  readonly hasCentredNorm: boolean;
  readonly hasMicrosoftOps: boolean;
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #constants = new Map<string, string>();
  readonly #renamed = new Map<string, string>();
  /** The node that computes a value: looking through all of them for every output would take longer than all else here. */
  readonly #makers = new Map<string, NodeProto>();
  #count = 0;

  constructor({ hasPoolIndices, hasCentredNorm, hasMicrosoftOps }: OnnxAbilities) {
    this.hasPoolIndices = hasPoolIndices;
    this.hasCentredNorm = hasCentredNorm;
    this.hasMicrosoftOps = hasMicrosoftOps;
  }

  node(type: string, inputs: readonly string[], attributes: OnnxAttributes = {}, domain = ""): string {
    const output = this.#fresh(type);
    this.#add(type, inputs, [output], attributes, domain);
    return output;
  }

  outputs(type: string, inputs: readonly string[], count: number, attributes: OnnxAttributes = {}): string[] {
    const names = Array.from({ length: count }, () => this.#fresh(type));
    this.#add(type, inputs, names, attributes, "");
    return names;
  }

  constant(data: TensorData | BigInt64Array, shape: Shape): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dataType =
      data instanceof BigInt64Array ? INT64 : data instanceof Int32Array ? ONNX_TYPE.int32 : ONNX_TYPE.float32;
    const key = bytes.length <= MAX_KEYED_BYTES ? `${dataType}:${shape}:${Buffer.from(bytes).toString("base64")}` : "";
    const known = key === "" ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#fresh("const");
    this.#initializers.push({ name, dims: [...shape], dataType, rawData: bytes });
    if (key !== "") this.#constants.set(key, name);
    return name;
  }

  /**
   * Makes a value a graph output: under its new name where a node computes it, else (an input, a second output) by a copy. The
   * copy is written where the value is, as places matter: see `frugalOrder`.
   */
  output(from: string, to: string): void {
    const maker = this.#makers.get(from);
    if (maker !== undefined && !this.#renamed.has(from)) {
      this.#renamed.set(from, to);
      return;
    }
    const place = maker === undefined ? -1 : this.#nodes.indexOf(maker);
    this.#nodes.splice(place + 1, 0, { opType: "Identity", name: to, input: [from], output: [to] });
  }

  finish(graph: Graph, { given, metadata, outputName }: ModelParts): Uint8Array {
    const isGiven = ([name]: [string, Node]): boolean => given.has(name);
    const model = onnx.ModelProto.create({
      irVersion: IR_VERSION,
      producerName: "acclimate",
      opsetImport: [{ domain: "", version: ONNX_OPSET }, ...this.#ownDomains()],
      graph: {
        name: "graph",
        node: this.#nodes.map((node) => ({
          ...node,
          input: node.input?.map((name) => this.#renamed.get(name) ?? name) ?? [],
          output: node.output?.map((name) => this.#renamed.get(name) ?? name) ?? [],
        })),
        initializer: [
          ...this.#initializers,
          ...[...graph.inputs].filter(isGiven).map((input) => initializer(input, given)),
        ],
        input: [...graph.inputs].filter((input) => !isGiven(input)).map(valueInfo),
        output: [...graph.outputs].map(([name, node]) => valueInfo([outputName(name), node])),
      },
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
    return onnx.ModelProto.encode(model).finish();
  }

  /** Domains beside ONNX's own that nodes are of; ONNX Runtime counts versions of its own from 1, and has no other. */
  #ownDomains(): { domain: string; version: number }[] {
    const domains = new Set(this.#nodes.flatMap(({ domain }) => (domain ? [domain] : [])));
    return [...domains].map((domain) => ({ domain, version: 1 }));
  }

  #add(type: string, inputs: readonly string[], outputs: string[], attributes: OnnxAttributes, domain: string): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    const name = outputs[0] ?? type;
    const node: NodeProto = { opType: type, name, input: [...inputs], output: outputs, attribute, domain };
    this.#nodes.push(node);
    for (const output of outputs) this.#makers.set(output, node);
  }

  #fresh(type: string): string {
    this.#count += 1;
    return `${type}_${this.#count}`;
  }
}

/** Constants up to this size are compared by content; larger ones are rarely equal and slow to compare. */
const MAX_KEYED_BYTES = 4096;

function attributeProto(name: string, value: OnnxAttributes[string]): AttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === "number") return { name, type: AttributeType.INT, i: value };
  if (typeof value === "string") return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function initializer([name, node]: [string, Node], given: ReadonlyMap<string, TensorData>): TensorProto {
  const data = given.get(name) ?? new Float32Array();
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...node.shape], dataType: ONNX_TYPE[node.dtype], rawData };
}

function valueInfo([name, node]: [string, Node]): ValueInfoProto {
  const dim = node.shape.map((size) => ({ dimValue: size }));
  return { name, type: { tensorType: { elemType: ONNX_TYPE[node.dtype], shape: { dim } } } };
}
