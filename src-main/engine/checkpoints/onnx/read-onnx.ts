// Reads an ONNX file as data, within bounds; external tensors come from the model's own folder and nowhere else.
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import onnxProto from "onnx-proto";
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { damaged, quoted, wrongFormat } from "../checkpoint-error.ts";
import type { CheckpointFile } from "../read-file.ts";
import {
  bytesOfTensor,
  elementBytes,
  elementCount,
  type StateTensor,
  type TensorDType,
  tensorDataFromBytes,
} from "../state-dict.ts";
import { boundedMessages } from "./bounded-messages.ts";
import type { OnnxAttribute, OnnxGraph, OnnxInput, OnnxModel, OnnxNode } from "./onnx-model.ts";

const { onnx } = onnxProto;
type TensorProto = onnxProto.onnx.ITensorProto;
type GraphProto = onnxProto.onnx.IGraphProto;
type NodeProto = onnxProto.onnx.INodeProto;
type AttributeProto = onnxProto.onnx.IAttributeProto;
type Long = number | { toNumber(): number };

/** Data types of the standard by number, as far as networks have them. */
const DTYPES: Readonly<Record<number, TensorDType>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  5: "int16",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float16",
  11: "float64",
  16: "bfloat16",
};
/** Source: ONNX, `TensorProto.DataLocation`. */
const EXTERNAL = 1;
/** Source: ONNX, `AttributeProto.AttributeType`. */
const KIND = { float: 1, int: 2, text: 3, tensor: 4, graph: 5, floats: 6, ints: 7, texts: 8 } as const;
/** Operator sets before and after are not those of the table of operators. */
export const OPSETS = { first: 9, last: 23 } as const;

/** Whether bytes begin as every ONNX file does that a known exporter writes: with the version of its format. */
export function looksLikeOnnx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && (bytes[1] ?? 0) > 0 && (bytes[1] ?? 0x80) < 0x40 && (bytes[2] ?? 0) > 0x10;
}

/**
 * Takes over `file.bytes`: tensors are views of it.
 *
 * @throws AppError `checkpoint.format`, `checkpoint.damaged`, `checkpoint.hostile`
 */
export async function readOnnx(file: CheckpointFile): Promise<OnnxModel> {
  const model = decoded(file);
  const graph = model.graph;
  if (graph === null || graph === undefined) throw damaged(file.name, "it holds no graph");
  const opset = (model.opsetImport ?? []).find(({ domain }) => (domain ?? "") === "" || domain === "ai.onnx");
  const version = opset?.version === undefined || opset.version === null ? 0 : numberOf(opset.version);
  if (version < OPSETS.first || version > OPSETS.last) {
    throw wrongFormat(
      file.name,
      `follows operator set ${version} of ONNX; export it with one of ${OPSETS.first} to ${OPSETS.last}.`,
    );
  }
  const reader = new GraphReader(file, await externalFiles(file, graph));
  const metadata = (model.metadataProps ?? []).map(({ key, value }) => [key ?? "", value ?? ""]);
  return { opset: version, graph: reader.graph(graph), metadata: Object.fromEntries(metadata) };
}

function decoded({ bytes, name }: CheckpointFile): onnxProto.onnx.IModelProto {
  boundedMessages(bytes, name);
  try {
    return onnx.ModelProto.decode(bytes);
  } catch (error) {
    throw damaged(name, "it breaks off or is no ONNX file", error);
  }
}

/** The files beside the model that its tensors lie in, by the name that it gives them. */
async function externalFiles({ path, name }: CheckpointFile, graph: GraphProto): Promise<Map<string, Uint8Array>> {
  const locations = new Set((graph.initializer ?? []).flatMap((tensor) => externalOf(tensor)?.location ?? []));
  const folder = await realpath(dirname(path));
  const files = new Map<string, Uint8Array>();
  for (const location of locations) files.set(location, await externalFile(folder, location, name));
  return files;
}

/** @throws AppError `checkpoint.hostile` for a place outside the folder, `checkpoint.damaged` for a file that is not there */
async function externalFile(folder: string, location: string, name: string): Promise<Uint8Array> {
  const path = join(folder, location);
  const real = await realpath(path).catch(() => null);
  if (real === null) {
    throw damaged(name, `its tensors lie in ${quoted(location)}, which is not beside it; put that file there`);
  }
  const inside = relative(folder, real);
  if (inside.startsWith("..") || isAbsolute(inside) || isAbsolute(location)) {
    throw new AppError(
      "checkpoint.hostile",
      `"${name}": a tensor in ${quoted(location)}, outside the model's folder, is not read; export it with its data beside it.`,
    );
  }
  const { size } = await stat(real);
  if (size > MOST_EXTERNAL_BYTES)
    throw wrongFormat(name, `has ${size} bytes of tensors in ${quoted(location)}, more than 4 GiB.`);
  return readFile(real);
}

const MOST_EXTERNAL_BYTES = 4 * 2 ** 30;

interface External {
  readonly location: string;
  readonly offset: number;
  readonly length: number | null;
}

function externalOf({ dataLocation, externalData }: TensorProto): External | null {
  if (dataLocation !== EXTERNAL) return null;
  const entries = new Map((externalData ?? []).map(({ key, value }) => [key, value ?? ""]));
  const length = entries.get("length");
  return {
    location: entries.get("location") ?? "",
    offset: Number(entries.get("offset") ?? 0),
    length: length === undefined ? null : Number(length),
  };
}

class GraphReader {
  readonly #file: CheckpointFile;
  readonly #external: ReadonlyMap<string, Uint8Array>;

  constructor(file: CheckpointFile, external: ReadonlyMap<string, Uint8Array>) {
    this.#file = file;
    this.#external = external;
  }

  graph({ node, input, output, initializer, sparseInitializer }: GraphProto): OnnxGraph {
    if ((sparseInitializer ?? []).length > 0)
      throw wrongFormat(this.#file.name, "holds sparse tensors; export it without.");
    const initializers = new Map((initializer ?? []).map((tensor) => [tensor.name ?? "", this.#tensor(tensor)]));
    return {
      nodes: (node ?? []).map((one) => this.#node(one)),
      inputs: (input ?? []).filter(({ name }) => !initializers.has(name ?? "")).map(inputOf),
      outputs: (output ?? []).map(({ name }) => name ?? ""),
      initializers,
    };
  }

  #node({ name, opType, domain, input, output, attribute }: NodeProto): OnnxNode {
    return {
      name: name ?? "",
      op: opType ?? "",
      domain: domain === "ai.onnx" ? "" : (domain ?? ""),
      inputs: input ?? [],
      outputs: output ?? [],
      attributes: new Map((attribute ?? []).flatMap((one) => this.#attribute(one))),
    };
  }

  /** Kinds that no operator here has are left out. */
  #attribute(attribute: AttributeProto): [string, OnnxAttribute][] {
    const { name, type, f, i, s, t, g, floats, ints, strings } = attribute;
    const entry = (value: OnnxAttribute): [string, OnnxAttribute][] => [[name ?? "", value]];
    if (type === KIND.float) return entry({ kind: "number", value: f ?? 0 });
    if (type === KIND.int) return entry({ kind: "number", value: numberOf(i ?? 0) });
    if (type === KIND.text) return entry({ kind: "text", value: textOf(s) });
    if (type === KIND.floats) return entry({ kind: "numbers", value: floats ?? [] });
    if (type === KIND.ints) return entry({ kind: "numbers", value: (ints ?? []).map(numberOf) });
    if (type === KIND.texts) return entry({ kind: "texts", value: (strings ?? []).map(textOf) });
    if (type === KIND.tensor && t) return entry({ kind: "tensor", value: this.#tensor(t) });
    if (type === KIND.graph && g) return entry({ kind: "graph", value: this.graph(g) });
    return [];
  }

  #tensor(tensor: TensorProto): StateTensor {
    const what = `tensor ${quoted(tensor.name ?? "")}`;
    const dtype = DTYPES[tensor.dataType ?? 0];
    if (dtype === undefined)
      throw wrongFormat(this.#file.name, `${what} has data type ${tensor.dataType}, which is not read.`);
    const shape = (tensor.dims ?? []).map(numberOf);
    if (shape.some((size) => !Number.isSafeInteger(size) || size < 0)) {
      throw damaged(this.#file.name, `${what} has the shape [${shape.join(", ")}]`);
    }
    const data = tensorDataFromBytes(dtype, this.#bytes(tensor, dtype, what));
    if (data.length !== elementCount(shape)) {
      throw damaged(
        this.#file.name,
        `${what} has ${data.length} numbers where [${shape.join(", ")}] wants ${elementCount(shape)}`,
      );
    }
    return { dtype, shape, data };
  }

  /** Of the tensor's numbers, wherever they are. */
  #bytes(tensor: TensorProto, dtype: TensorDType, what: string): Uint8Array {
    const external = externalOf(tensor);
    const bytes = external === null ? this.#own(tensor, dtype) : this.#externalBytes(external, what);
    if (bytes.length % elementBytes(dtype) === 0) return bytes;
    throw damaged(this.#file.name, `${what} has ${bytes.length} bytes, no whole number of ${dtype}`);
  }

  #own(tensor: TensorProto, dtype: TensorDType): Uint8Array {
    const { rawData, floatData, int32Data, int64Data, doubleData } = tensor;
    if (rawData && rawData.length > 0) return rawData;
    if (dtype === "float32") return bytesOf({ dtype, data: Float32Array.from(floatData ?? []) });
    if (dtype === "float64") return bytesOf({ dtype, data: Float64Array.from(doubleData ?? []) });
    if (dtype === "int64")
      return bytesOf({ dtype, data: BigInt64Array.from(int64Data ?? [], (one) => BigInt(numberOf(one))) });
    const numbers = int32Data ?? [];
    if (dtype === "int32") return bytesOf({ dtype, data: Int32Array.from(numbers) });
    // Narrow numbers and the bits of half floats stand in int32.
    const isWide = elementBytes(dtype) === 2;
    return bytesOf({ dtype, data: isWide ? Uint16Array.from(numbers) : Uint8Array.from(numbers) });
  }

  #externalBytes({ location, offset, length }: External, what: string): Uint8Array {
    const file = this.#external.get(location) ?? new Uint8Array();
    const end = length === null ? file.length : offset + length;
    if (offset >= 0 && end <= file.length && offset <= end) return file.subarray(offset, end);
    throw damaged(
      this.#file.name,
      `${what} should end at byte ${end} of ${quoted(location)}, which has ${file.length}`,
    );
  }
}

function bytesOf({ dtype, data }: Pick<StateTensor, "dtype" | "data">): Uint8Array {
  return bytesOfTensor({ dtype, data, shape: [data.length] });
}

function inputOf({ name, type }: onnxProto.onnx.IValueInfoProto): OnnxInput {
  const dims = type?.tensorType?.shape?.dim;
  const size = ({ dimValue }: onnxProto.onnx.TensorShapeProto.IDimension): number | null => {
    const value = dimValue === null || dimValue === undefined ? 0 : numberOf(dimValue);
    return value > 0 ? value : null;
  };
  return { name: name ?? "", shape: dims === null || dims === undefined ? null : dims.map(size) };
}

function numberOf(value: Long): number {
  return typeof value === "number" ? value : value.toNumber();
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return new TextDecoder().decode(bytes ?? new Uint8Array());
}
