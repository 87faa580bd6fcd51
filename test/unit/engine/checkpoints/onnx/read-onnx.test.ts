// Reading an ONNX file costs what an honest file costs, and reads no other file than its own and those beside it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { looksLikeOnnx, readOnnx } from "../../../../../src-main/engine/checkpoints/onnx/read-onnx.ts";
import { readCheckpointFile } from "../../../../../src-main/engine/checkpoints/read-file.ts";
import { AppError } from "../../../../../src-shared/contract/errors.ts";
import { floats, onnxBytes, onnxFile } from "../../../../helpers/onnx-file.ts";
import { temporaryFolder } from "../../../../helpers/temporary-folder.ts";

const { onnx } = onnxProto;
const NODES = [{ op: "Conv", inputs: ["image", "weight"], outputs: ["logits"] }];
const BYTES = onnxBytes({
  opset: 17,
  nodes: NODES,
  tensors: { weight: floats([2, 3, 1, 1]) },
  metadata: { classes: "a,b" },
});

describe("readOnnx", () => {
  it("gives nodes, tensors, inputs and metadata as plain data", async () => {
    const { opset, graph, metadata } = await readOnnx(onnxFile(BYTES));
    expect([opset, metadata]).toEqual([17, { classes: "a,b" }]);
    expect(graph.inputs).toEqual([{ name: "image", shape: [null, 3, null, null] }]);
    expect(graph.nodes[0]).toMatchObject({ op: "Conv", inputs: ["image", "weight"], outputs: ["logits"] });
    expect(graph.initializers.get("weight")).toMatchObject({ dtype: "float32", shape: [2, 3, 1, 1] });
  });

  it("is told apart from other files by its first bytes", () => {
    expect(looksLikeOnnx(BYTES)).toBe(true);
    expect(looksLikeOnnx(new TextEncoder().encode("PK\u0003\u0004"))).toBe(false);
    expect(looksLikeOnnx(new Uint8Array())).toBe(false);
  });

  it("ends in a network or one sentence, whatever bytes are changed, lost or added", async () => {
    const edit = fc.record({ at: fc.nat(BYTES.length), drop: fc.nat(6), put: fc.uint8Array({ maxLength: 6 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let bytes = [...BYTES];
        for (const { at, drop, put } of edits) bytes = bytes.toSpliced(at, drop, ...put);
        const error = await readOnnx(onnxFile(Uint8Array.from(bytes))).then(
          () => null,
          (cause: unknown) => cause,
        );
        expect(error === null || error instanceof AppError).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("refuses graphs in graphs in graphs", async () => {
    let graph: onnxProto.onnx.IGraphProto = { name: "leaf" };
    for (let depth = 0; depth < 30; depth += 1) {
      graph = { node: [{ opType: "If", attribute: [{ name: "then_branch", type: 5, g: graph }] }] };
    }
    const bytes = new Uint8Array(onnx.ModelProto.encode(onnx.ModelProto.create({ irVersion: 8, graph })).finish());
    await expect(readOnnx(onnxFile(bytes))).rejects.toThrow("48 messages deep");
  });

  it("refuses a tensor whose shape does not hold its numbers", async () => {
    const bytes = onnxBytes({ opset: 17, nodes: NODES, tensors: { weight: { ...floats([6]), shape: [2, 3, 9, 9] } } });
    await expect(readOnnx(onnxFile(bytes))).rejects.toThrow(
      '"model.onnx": tensor "weight" has 6 numbers where [2, 3, 9, 9] wants 486. The file is damaged or incomplete; download or export it again.',
    );
  });
});

describe("tensors in files of their own", () => {
  const external = (location: string, length = "24") =>
    onnx.ModelProto.encode(
      onnx.ModelProto.create({
        irVersion: 8,
        opsetImport: [{ version: 17 }],
        graph: {
          initializer: [
            {
              name: "weight",
              dims: [6],
              dataType: 1,
              dataLocation: 1,
              externalData: [
                { key: "location", value: location },
                { key: "offset", value: "8" },
                { key: "length", value: length },
              ],
            },
          ],
        },
      }),
    ).finish();

  async function written(location: string, length?: string) {
    const folder = temporaryFolder();
    await mkdir(join(folder, "model"));
    const numbers = Float32Array.from([9, 9, 1, 2, 3, 4, 5, 6]);
    for (const place of ["model/weights.bin", "outside.bin"]) await writeFile(join(folder, place), numbers);
    await writeFile(join(folder, "model/model.onnx"), external(location, length));
    return readCheckpointFile(join(folder, "model/model.onnx"));
  }

  it("are read from beside the model", async () => {
    const { graph } = await readOnnx(await written("weights.bin"));
    expect([...(graph.initializers.get("weight")?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("are not read from outside its folder", async () => {
    await expect(readOnnx(await written("../outside.bin"))).rejects.toMatchObject({ code: "checkpoint.hostile" });
  });

  it("are missed by name", async () => {
    await expect(readOnnx(await written("other.bin"))).rejects.toThrow(
      'its tensors lie in "other.bin", which is not beside it',
    );
  });

  it("may not end behind their file", async () => {
    await expect(readOnnx(await written("weights.bin", "400"))).rejects.toThrow(
      'should end at byte 408 of "weights.bin", which has 32',
    );
  });
});
