// Tensors as strided windows into storages: laid out in C order, and never reaching past the storage.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallContext, PickleTuple } from "../../../../../src-main/engine/checkpoints/pickle/pickle-values.ts";
import {
  elementBytes,
  elementCount,
  TENSOR_DTYPES,
  tensorDataFromBytes,
} from "../../../../../src-main/engine/checkpoints/state-dict.ts";
import { materializeTensor } from "../../../../../src-main/engine/checkpoints/torch/materialize-tensor.ts";
import { rebuildTensor } from "../../../../../src-main/engine/checkpoints/torch/rebuild-tensor.ts";
import { StorageRef, TensorRef } from "../../../../../src-main/engine/checkpoints/torch/tensor-ref.ts";
import { AppError } from "../../../../../src-shared/contract/errors.ts";

const CONTEXT: CallContext = { damaged: (what) => new AppError("checkpoint.damaged", what), charge: () => {} };
const STORAGE = new StorageRef("0", "float32", 48); // 12 elements

function rebuild(offset: number, shape: readonly number[], strides: readonly number[]): TensorRef {
  const tensor = rebuildTensor([STORAGE, offset, new PickleTuple(shape), new PickleTuple(strides)], CONTEXT);
  if (!(tensor instanceof TensorRef)) throw new Error("no tensor");
  return tensor;
}

describe("a window", () => {
  test.each<[string, number, number[], number[]]>([
    ["the whole storage", 0, [3, 4], [4, 1]],
    ["its last element", 11, [], []],
    ["a column", 3, [3], [4]],
    ["an expanded row", 8, [1000, 4], [0, 1]],
    ["nothing, wherever", 500, [0, 4], [4, 1]],
  ])("may be %s", (_, offset, shape, strides) => {
    expect(rebuild(offset, shape, strides)).toMatchObject({ offset, shape, strides });
  });

  test.each<[string, number, number[], number[], RegExp]>([
    ["start past the end", 12, [], [], /reaches element 12 of a storage of 12/],
    ["end past the end", 1, [3, 4], [4, 1], /reaches element 12/],
    ["stride past the end", 0, [2], [2 ** 52], /reaches element/],
    ["overflow", 0, [2 ** 53 - 1, 2 ** 53 - 1], [2 ** 53 - 1, 2 ** 53 - 1], /reaches element/],
    ["run backwards", 11, [2], [-1], /no shape and strides/],
    ["have a negative offset", -1, [1], [1], /no offset/],
    ["have more sizes than strides", 0, [1, 1], [1], /no shape and strides/],
    ["have 17 dimensions", 0, new Array(17).fill(1), new Array(17).fill(1), /up to 16 dimensions/],
  ])("may not %s", (_, offset, shape, strides, message) => {
    expect(() => rebuild(offset, shape, strides)).toThrow(message);
  });
});

describe("materialized", () => {
  test("contiguous data is a view of the storage", () => {
    const bytes = new Uint8Array(48);
    const tensor = materializeTensor("x", "w", rebuild(4, [2, 4], [4, 1]), bytes, { leftBytes: 0 });
    expect(tensor.data.buffer).toBe(bytes.buffer);
    expect(tensor.data.byteOffset).toBe(16);
  });

  test("an expansion beyond the allowance is refused", () => {
    const ref = rebuild(0, [2 ** 40, 4], [0, 1]);
    const action = () => materializeTensor("x.pth", "w", ref, new Uint8Array(48), { leftBytes: 2 ** 26 });
    expect(action).toThrow(expect.objectContaining({ code: "checkpoint.damaged" }));
  });

  test("any axes in any order hold the elements their strides point at, bit for bit", () => {
    const cases = fc.record({
      dtype: fc.constantFrom(...TENSOR_DTYPES),
      axes: fc.array(fc.record({ size: fc.integer({ min: 1, max: 3 }), stride: fc.nat(5) }), { maxLength: 4 }),
      offset: fc.nat(3),
      seed: fc.nat(255),
    });
    fc.assert(
      fc.property(cases, ({ dtype, axes, offset, seed }) => {
        const shape = axes.map(({ size }) => size);
        const strides = axes.map(({ stride }) => stride);
        const last = axes.reduce((sum, { size, stride }) => sum + (size - 1) * stride, offset);
        const size = elementBytes(dtype);
        const bytes = Uint8Array.from({ length: (last + 1) * size }, (_, i) => (i * 37 + seed) & 255);
        const ref = new TensorRef(dtype, new StorageRef("0", dtype, bytes.length), offset, shape, strides);
        const tensor = materializeTensor("x", "w", ref, bytes, { leftBytes: 2 ** 20 });
        const expected = Uint8Array.from({ length: elementCount(shape) * size }, (_, i) => {
          return bytes[sourceElement(Math.floor(i / size), shape, strides, offset) * size + (i % size)] ?? 0;
        });
        expect(tensor.data).toEqual(tensorDataFromBytes(dtype, expected));
      }),
    );
  });
});

/** Where the `index`-th element in C order lies in the storage, counted in elements. */
function sourceElement(index: number, shape: readonly number[], strides: readonly number[], offset: number): number {
  let rest = index;
  let element = offset;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    element += (rest % size) * (strides[axis] ?? 0);
    rest = Math.floor(rest / size);
  }
  return element;
}
