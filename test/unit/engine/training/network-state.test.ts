// Several networks with their slots: what a snapshot holds, how a run goes on from it, and steps that are taken back.
import { describe, expect, it } from "vitest";
import type { StateDict } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { NetworkState } from "../../../../src-main/engine/training/network-state.ts";
import { CountingRuntime } from "../../../helpers/counting-runtime.ts";
import { onnxRuntime } from "../../../helpers/runtimes-under-test.ts";
import { TINY_ARCHITECTURES } from "../../../helpers/tiny-architectures.ts";

const architecture = TINY_ARCHITECTURES.deeplab;
const dict = (entries: Record<string, number>): StateDict =>
  new Map(
    Object.entries(entries).map(([key, value]) => [
      key,
      { dtype: "float32" as const, shape: [1], data: Float32Array.of(value) },
    ]),
  );
const newSpecs = () => ({
  student: { architecture, start: dict({ w: 1, fixed: 2 }) },
  teacher: { architecture, start: dict({ w: 3 }) },
});
const upload = (value: number) => onnxRuntime.upload(Float32Array.of(value), [1]);

describe("a snapshot", () => {
  it("has what is not as it began: the first network's by key, others' with their names before it", async () => {
    const networks = new NetworkState(onnxRuntime, newSpecs());
    expect(await networks.snapshot()).toEqual(new Map());
    networks.network("student").set("w", upload(5));
    networks.network("student").setZeros("velocity.w", [2]);
    networks.network("teacher").set("w", upload(6));
    const snapshot = await networks.snapshot();
    expect([...snapshot].map(([name, { data }]) => [name, [...data]])).toEqual([
      ["w", [5]],
      ["velocity.w", [0, 0]],
      ["teacher/w", [6]],
    ]);

    const again = new NetworkState(onnxRuntime, newSpecs(), snapshot);
    expect([...(await again.network("student").get("fixed").read())]).toEqual([2]);
    expect(await again.snapshot()).toEqual(snapshot);
    for (const each of [networks, again]) each.dispose();
  });

  it("may belong to networks that begin with the same tensors, which the first step of one frees", async () => {
    const start = dict({ w: 1, fixed: 2 });
    const shared = { student: { architecture, start }, teacher: { architecture, start: new Map(start) } };
    const networks = new NetworkState(onnxRuntime, shared, dict({ w: 4 }));
    await networks.atomically(async () => networks.network("student").set("w", upload(5)));
    await networks.atomically(async () => networks.network("student").set("fixed", upload(6)));
    expect([...(await networks.network("teacher").get("w").read())]).toEqual([1]);
    expect([...(await networks.network("teacher").get("fixed").read())]).toEqual([2]);
    networks.dispose();
  });

  it("of another network is refused", () => {
    expect(() => new NetworkState(onnxRuntime, newSpecs(), dict({ "encoder/w": 1 }))).toThrow(
      'The state holds the tensor "encoder/w" of a network that the method has not; go on with the version that wrote it, or start anew.',
    );
  });
});

describe("what is done as a whole", () => {
  it("is taken back when it fails, with every tensor it made", async () => {
    const runtime = new CountingRuntime(onnxRuntime);
    const networks = new NetworkState(runtime, newSpecs());
    const student = networks.network("student");
    const set = (value: number) => student.set("w", runtime.upload(Float32Array.of(value), [1]));
    const failing = networks.atomically(async () => {
      set(7);
      set(8);
      student.setZeros("velocity.w", [1]);
      throw new Error("given up");
    });
    await expect(failing).rejects.toThrow("given up");
    expect([...(await student.get("w").read())]).toEqual([1]);
    expect(student.tensors.has("velocity.w")).toBe(false);
    expect(runtime.alive).toBe(3);

    await networks.atomically(async () => {
      set(7);
      set(8);
    });
    expect([...(await student.get("w").read())]).toEqual([8]);
    expect(runtime.alive).toBe(3);
    networks.dispose();
    expect(runtime.alive).toBe(0);
  });
});
