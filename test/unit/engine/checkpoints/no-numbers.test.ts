// Values that are no numbers are found in every dtype, counted, and named in one sentence.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noNumbers, requireNumbers } from "../../../../src-main/engine/checkpoints/no-numbers.ts";
import { writeSafetensors } from "../../../../src-main/engine/checkpoints/safetensors/write-safetensors.ts";
import type { StateTensor, TensorDType } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { readModel } from "../../../../src-main/engine/process/open-model.ts";
import { tinyStateDict } from "../../../helpers/tiny-checkpoint.ts";

const tensor = (dtype: TensorDType, data: StateTensor["data"]): StateTensor => ({ dtype, shape: [data.length], data });
const found = (entries: Record<string, StateTensor>) => Object.fromEntries(noNumbers(new Map(Object.entries(entries))));

describe("values that are no numbers", () => {
  it("are counted in every floating dtype; one too large for float32 is none either", () => {
    expect(
      found({
        f32: tensor("float32", Float32Array.of(1, Number.NaN, 0, Number.POSITIVE_INFINITY, 3.4e38)),
        f64: tensor("float64", Float64Array.of(Number.NEGATIVE_INFINITY, 1e39, 3.4e38, 1e-300)),
        f16: tensor("float16", Uint16Array.of(0x7bff, 0x7c00, 0xfc00, 0x7e01, 0x8000)),
        bf16: tensor("bfloat16", Uint16Array.of(0x7f7f, 0x7f80, 0xff80, 0x7fc0, 0x7c00)),
      }),
    ).toEqual({ f32: 2, f64: 2, f16: 3, bf16: 3 });
  });

  it("are none of a sound checkpoint, nor of integers", () => {
    expect(noNumbers(tinyStateDict()).size).toBe(0);
    expect(
      found({ i64: tensor("int64", BigInt64Array.of(2n ** 63n - 1n)), u8: tensor("uint8", Uint8Array.of(255)) }),
    ).toEqual({});
  });

  it("are named with their keys, the first three of many", () => {
    const broken = (name: string): [string, StateTensor] => [name, tensor("float32", Float32Array.of(Number.NaN, 1))];
    expect(() => requireNumbers(new Map(["a", "b", "c", "d"].map(broken)), "x.pth")).toThrow(
      '"x.pth": 4 values are not finite (NaN or infinity), in 4 tensors: "a" (1), "b" (1), "c" (1) and 1 more. ' +
        "Such a network predicts nothing: the training that wrote it ran away; use a checkpoint from before that.",
    );
    expect(() => requireNumbers(new Map([broken("a")]), "x.pth")).toThrow(
      /: 1 value is .* in 1 tensor: "a" \(1\)\. Such/,
    );
    expect(() => requireNumbers(new Map(), "x.pth")).not.toThrow();
  });

  it("are a reason to refuse the model", async () => {
    const folder = await mkdtemp(join(tmpdir(), "acclimate-no-numbers-"));
    const path = join(folder, "nan.safetensors");
    const stateDict = new Map(tinyStateDict());
    const { dtype, shape, data } = stateDict.get("backbone.conv1.weight") as StateTensor;
    stateDict.set("backbone.conv1.weight", { dtype, shape, data: data.slice().fill(Number.NaN as never, 5, 6) });
    await writeSafetensors(path, stateDict);
    await expect(readModel(path)).rejects.toMatchObject({
      code: "checkpoint.values",
      message: expect.stringContaining('"backbone.conv1.weight" (1)'),
    });
    await rm(folder, { recursive: true });
  });
});
