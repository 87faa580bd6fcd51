// Makes ONNX files of a few nodes, and runs them as they are: what reading them has to give.
import { createHash } from "node:crypto";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-node";
import type { CheckpointFile } from "../../src-main/engine/checkpoints/read-file.ts";

const { onnx } = onnxProto;

/** Numbers with a shape; integers are int64. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, lists of integers, text; floats as { float }. */
  readonly attributes?: Readonly<
    Record<string, number | readonly number[] | string | { readonly float: number } | Tensor>
  >;
  readonly name?: string;
}

export interface FileSpec {
  readonly opset: number;
  readonly nodes: readonly NodeSpec[];
  readonly tensors?: Readonly<Record<string, Tensor>>;
  /** Of the input "image"; an open size is null. */
  readonly inputShape?: readonly (number | null)[];
  readonly output?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const FLOAT = 1;
const INT64 = 7;

export function floats(shape: readonly number[], values: (k: number) => number = (k) => Math.sin(7.3 * k + 1)): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, (_, k) => values(k)) };
}

export function ints(...values: readonly number[]): Tensor {
  return { shape: [values.length], data: BigInt64Array.from(values, BigInt) };
}

export function onnxBytes({
  opset,
  nodes,
  tensors = {},
  inputShape,
  output = "logits",
  metadata = {},
}: FileSpec): Uint8Array {
  const dim = (inputShape ?? [null, 3, null, null]).map((size) =>
    size === null ? { dimParam: "open" } : { dimValue: size },
  );
  const value = (name: string, shape?: { dim: typeof dim }) => ({
    name,
    type: { tensorType: { elemType: FLOAT, ...(shape === undefined ? {} : { shape }) } },
  });
  const bytes = onnx.ModelProto.encode(
    onnx.ModelProto.create({
      irVersion: 8,
      opsetImport: [{ domain: "", version: opset }],
      metadataProps: Object.entries(metadata).map(([key, text]) => ({ key, value: text })),
      graph: {
        name: "test",
        input: [value("image", { dim })],
        output: [value(output)],
        initializer: Object.entries(tensors).map(([name, tensor]) => tensorProto(name, tensor)),
        node: nodes.map(({ op, inputs, outputs, attributes = {}, name = "" }) => ({
          opType: op,
          name,
          input: [...inputs],
          output: [...outputs],
          attribute: Object.entries(attributes).map(([key, attribute]) => attributeProto(key, attribute)),
        })),
      },
    }),
  ).finish();
  return new Uint8Array(bytes);
}

function tensorProto(name: string, { shape, data }: Tensor): onnxProto.onnx.ITensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...shape], dataType: data instanceof Float32Array ? FLOAT : INT64, rawData };
}

function attributeProto(
  name: string,
  value: NonNullable<NodeSpec["attributes"]>[string],
): onnxProto.onnx.IAttributeProto {
  if (typeof value === "number") return { name, type: 2, i: value };
  if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
  if ("float" in value) return { name, type: 1, f: value.float };
  if ("data" in value) return { name, type: 4, t: tensorProto("", value) };
  return { name, type: 7, ints: [...value] };
}

/** As a file that has been read. */
export function onnxFile(bytes: Uint8Array, name = "model.onnx"): CheckpointFile {
  return { path: name, name, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The file's first output as ONNX Runtime itself computes it. */
export async function runFile(
  bytes: Uint8Array,
  image: Tensor,
): Promise<{ shape: readonly number[]; data: Float32Array }> {
  const session = await ort.InferenceSession.create(bytes, { graphOptimizationLevel: "disabled", logSeverityLevel: 3 });
  const [input = "", output = ""] = [session.inputNames[0], session.outputNames[0]];
  const results = await session.run({
    [input]: new ort.Tensor("float32", image.data as Float32Array, [...image.shape]),
  });
  const result = results[output];
  if (result === undefined) throw new Error(`no output ${output}`);
  const found = { shape: [...result.dims], data: Float32Array.from(result.data as Float32Array) };
  await session.release();
  return found;
}
