// Every dtype becomes the nearest float32.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type StateTensor, toFloat32 } from "../../../../src-main/engine/checkpoints/state-dict.ts";

function floats(tensor: Omit<StateTensor, "shape">): number[] {
  return [...toFloat32({ ...tensor, shape: [tensor.data.length] })];
}

describe("toFloat32", () => {
  test("gives a float32 tensor's own array", () => {
    const data = Float32Array.of(1, 2);
    expect(toFloat32({ dtype: "float32", shape: [2], data })).toBe(data);
  });

  test("rounds float64 to nearest", () => {
    expect(floats({ dtype: "float64", data: Float64Array.of(0.1, 1e300, -0) })).toEqual([
      Math.fround(0.1),
      Infinity,
      -0,
    ]);
  });

  test("widens float16: zeros, subnormals, largest, infinities, NaN", () => {
    const data = Uint16Array.of(0x0000, 0x8000, 0x0001, 0x83ff, 0x0400, 0x3c01, 0x7bff, 0x7c00, 0xfc00, 0x7e00);
    const expected = [0, -0, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, 1 + 2 ** -10, 65504, Infinity, -Infinity, NaN];
    expect(floats({ dtype: "float16", data })).toEqual(expected);
  });

  test("widens bfloat16", () => {
    const data = Uint16Array.of(0x3f80, 0xc02e, 0x7f80, 0x7fc0);
    expect(floats({ dtype: "bfloat16", data })).toEqual([1, -2.71875, Infinity, NaN]);
  });

  test("rounds int64 once: just above a tie goes up", () => {
    const tie = 2n ** 60n + 2n ** 36n; // halfway between two float32 values, the lower one even
    const data = BigInt64Array.of(tie, tie + 1n, -tie - 1n, 2n ** 63n - 1n, -(2n ** 63n), 3n);
    const up = 2 ** 60 + 2 ** 37;
    expect(floats({ dtype: "int64", data })).toEqual([2 ** 60, up, -up, 2 ** 63, -(2 ** 63), 3]);
  });

  test("small integers and booleans keep their values", () => {
    expect(floats({ dtype: "int32", data: Int32Array.of(-7, 16_777_217) })).toEqual([-7, 16_777_216]);
    expect(floats({ dtype: "int16", data: Int16Array.of(-32768) })).toEqual([-32768]);
    expect(floats({ dtype: "int8", data: Int8Array.of(-128) })).toEqual([-128]);
    expect(floats({ dtype: "uint8", data: Uint8Array.of(255) })).toEqual([255]);
    expect(floats({ dtype: "bool", data: Uint8Array.of(1, 0) })).toEqual([1, 0]);
  });

  test("float16 keeps the order of its values", () => {
    fc.assert(
      fc.property(fc.nat(0x7bfe), (bits) => {
        const [low = 0, high = 0] = floats({ dtype: "float16", data: Uint16Array.of(bits, bits + 1) });
        expect(low).toBeLessThan(high);
      }),
    );
  });
});
