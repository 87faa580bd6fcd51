// .safetensors: what is written is read back, and a header is believed in nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  parseSafetensors,
  readSafetensors,
} from "../../../../../src-main/engine/checkpoints/safetensors/read-safetensors.ts";
import { writeSafetensors } from "../../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import {
  elementBytes,
  elementCount,
  type StateTensor,
  TENSOR_DTYPES,
  tensorDataFromBytes,
} from "../../../../../src-main/engine/checkpoints/state-dict.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "acclimate-safetensors-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const anyTensor: fc.Arbitrary<StateTensor> = fc
  .record({ dtype: fc.constantFrom(...TENSOR_DTYPES), shape: fc.array(fc.nat(4), { maxLength: 4 }) })
  .chain(({ dtype, shape }) => {
    const length = elementCount(shape) * elementBytes(dtype);
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => {
      return { dtype, shape, data: tensorDataFromBytes(dtype, bytes) };
    });
  });
// Names that look like array indices would be moved to the front by any JSON object of JavaScript.
const anyName = fc.string({ unit: "grapheme" }).map((text) => `layer.${text}`);

describe("write and read", () => {
  test("give back every name, dtype, shape, bit and the order", async () => {
    const path = join(FOLDER, "round-trip.safetensors");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyName, anyTensor), { maxLength: 6 }), async (entries) => {
        const tensors = new Map(entries);
        await writeSafetensors(path, tensors, { method: "self-adaptation" });
        const read = await readSafetensors(path);
        expect(read.metadata).toEqual({ method: "self-adaptation" });
        expect([...read.tensors.keys()]).toEqual([...tensors.keys()]);
        for (const [name, tensor] of tensors) expect(withBytes(read.tensors.get(name))).toEqual(withBytes(tensor));
      }),
      { numRuns: 60 },
    );
  });

  test("data is aligned to 8 bytes, wide elements first, so that every tensor can be mapped", async () => {
    const path = join(FOLDER, "aligned.safetensors");
    await writeSafetensors(
      path,
      new Map<string, StateTensor>([
        ["flag", { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }],
        ["count", { dtype: "int64", shape: [], data: BigInt64Array.of(5n) }],
      ]),
    );
    const bytes = readFileSync(path);
    const headerBytes = Number(bytes.readBigUInt64LE(0));
    expect(headerBytes % 8).toBe(0);
    expect(JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes))).toEqual({
      flag: { dtype: "BOOL", shape: [3], data_offsets: [8, 11] },
      count: { dtype: "I64", shape: [], data_offsets: [0, 8] },
    });
  });

  test("replaces an old file and leaves no other behind", async () => {
    const folder = mkdtempSync(join(FOLDER, "replace-"));
    const path = join(folder, "weights.safetensors");
    writeFileSync(path, "old");
    await writeSafetensors(path, new Map());
    expect((await readSafetensors(path)).tensors.size).toBe(0);
    expect(readdirSync(folder)).toEqual(["weights.safetensors"]);
  });

  test("a folder that is not there is unwritable", async () => {
    const writing = writeSafetensors(join(FOLDER, "nowhere", "weights.safetensors"), new Map());
    await expect(writing).rejects.toMatchObject({ code: "output.unwritable" });
  });

  test("a folder in the file's place is unwritable, and nothing stays beside it", async () => {
    const folder = mkdtempSync(join(FOLDER, "taken-"));
    const path = mkdtempSync(join(folder, "weights-"));
    await expect(writeSafetensors(path, new Map())).rejects.toMatchObject({ code: "output.unwritable" });
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("a tensor whose data does not fit its shape is a bug, and nothing is written", async () => {
    const tensor: StateTensor = { dtype: "float32", shape: [3], data: Float32Array.of(1) };
    const writing = writeSafetensors(join(FOLDER, "bug.safetensors"), new Map([["w", tensor]]));
    await expect(writing).rejects.toThrow(/tensor "w" has 4 bytes for float32 \[3\]/);
    expect(readdirSync(FOLDER)).not.toContain("bug.safetensors");
  });
});

describe("refused headers", () => {
  const float = (begin: number, end: number) => ({ dtype: "F32", shape: [1], data_offsets: [begin, end] });

  test.each<[string, Uint8Array, string, RegExp]>([
    ["a header longer than the file", fileBytes({}, 0, 1000), "checkpoint.damaged", /header of 1000 bytes is longer/],
    ["a header of 2^63 bytes", fileBytes({}, 0, 2n ** 63n), "checkpoint.damaged", /longer than the file/],
    ["a file of five bytes", Uint8Array.of(1, 0, 0, 0, 0), "checkpoint.damaged", /too few/],
    ["a header that is no JSON", fileBytes("{", 0), "checkpoint.damaged", /is not JSON/],
    ["a header that is a list", fileBytes([], 0), "checkpoint.damaged", /no JSON object/],
    ["metadata that is no text", fileBytes({ __metadata__: { a: 1 } }, 0), "checkpoint.damaged", /"a" is no text/],
    ["overlapping tensors", fileBytes({ a: float(0, 4), b: float(0, 4) }, 4), "checkpoint.damaged", /"b" overlaps/],
    ["a hole", fileBytes({ a: float(4, 8) }, 8), "checkpoint.damaged", /4 bytes before tensor "a"/],
    ["bytes after the last tensor", fileBytes({ a: float(0, 4) }, 6), "checkpoint.damaged", /2 bytes at the end/],
    ["offsets past the end", fileBytes({ a: float(0, 4) }, 3), "checkpoint.damaged", /data offsets \[0,4\] in 3 bytes/],
    ["offsets backwards", fileBytes({ a: float(4, 0) }, 4), "checkpoint.damaged", /data offsets \[4,0\]/],
    ["negative offsets", fileBytes({ a: float(-4, 0) }, 4), "checkpoint.damaged", /no data offsets/],
    ["a shape that needs more", fileBytes({ a: { ...float(0, 4), shape: [2] } }, 4), "checkpoint.damaged", /needs 8/],
    ["a negative size", fileBytes({ a: { ...float(0, 4), shape: [-1] } }, 4), "checkpoint.damaged", /no shape/],
    ["no dtype", fileBytes({ a: { ...float(0, 4), dtype: 3 } }, 4), "checkpoint.damaged", /has no dtype/],
    ["a dtype not read", fileBytes({ a: { ...float(0, 4), dtype: "F8_E4M3" } }, 4), "checkpoint.format", /"F8_E4M3"/],
    ["an entry that is null", fileBytes({ a: null }, 0), "checkpoint.damaged", /has no dtype/],
  ])("%s", (_, bytes, code, message) => {
    const parsing = () => parseSafetensors({ path: "x", name: "x.safetensors", bytes, sha256: "" });
    expect(parsing).toThrow(
      expect.objectContaining({ name: "AppError", code, message: expect.stringMatching(message) }),
    );
  });
});

function fileBytes(header: unknown, dataBytes: number, claimedLength?: number | bigint): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = Buffer.alloc(8 + json.length + dataBytes);
  bytes.writeBigUInt64LE(BigInt(claimedLength ?? json.length), 0);
  bytes.set(json, 8);
  return new Uint8Array(bytes);
}

function withBytes(tensor: StateTensor | undefined): object | undefined {
  if (tensor === undefined) return undefined;
  const { buffer, byteOffset, byteLength } = tensor.data;
  return {
    ...tensor,
    data: tensor.data.constructor,
    bits: new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)),
  };
}
