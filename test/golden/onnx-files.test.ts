// Networks that PyTorch's exporters wrote: the same logits as ONNX Runtime makes of the file, and gradients that values bear out.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { gradients } from "../../src-main/engine/graph/gradients.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import { mul } from "../../src-main/engine/graph/ops/mul.ts";
import { reduceMean } from "../../src-main/engine/graph/ops/reduce-mean.ts";
import { forward } from "../../src-main/engine/models/architecture.ts";
import { GraphScope } from "../../src-main/engine/models/model-scope.ts";
import { imported, importedLogits } from "../helpers/imported-logits.ts";
import { floats, onnxFile, runFile } from "../helpers/onnx-file.ts";
import { compileFor, directRuntime, onnxRuntime } from "../helpers/runtimes-under-test.ts";
import "../helpers/to-be-all-close.ts";

const FOLDER = fileURLToPath(new URL("../fixtures/onnx/", import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".onnx"));
/** Those of open sizes are tried at one that they were not exported at. */
const IMAGE = floats([1, 3, 64, 96]);

describe.each(FILES)("%s", (name) => {
  const bytes = new Uint8Array(readFileSync(FOLDER + name));

  it("gives the logits that ONNX Runtime makes of the file", async () => {
    const network = await imported(onnxFile(bytes, name));
    const image = takesAnySize(name) ? IMAGE : floats([1, 3, ...(network.architecture.probeSize ?? [64, 64])]);
    const expected = await runFile(bytes, image);
    const found = await importedLogits(onnxRuntime, network, image);
    expect(found.shape).toEqual(expected.shape);
    const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(found.data).toBeAllClose(expected.data, { absolute: 1e-4 * largest, relative: 0 });
  });

  it("has gradients that differences of values bear out", { skip: !takesAnySize(name) }, async () => {
    const { architecture, stateDict } = await imported(onnxFile(bytes, name));
    const scope = new GraphScope("plain", { statistics: "running" });
    const image = floats([1, 3, 64, 64]);
    const { logits } = forward(architecture, scope, input("image", image.shape));
    const loss = reduceMean(mul(logits, logits), [0, 1, 2, 3]);
    const keys = [...scope.parameters.keys()];
    const slopes = gradients(loss, [...scope.parameters.values()]);
    const outputs = Object.fromEntries(keys.flatMap((key, k) => (slopes[k] ? [[`d ${key}`, slopes[k]]] : [])));
    const program = await compileFor(directRuntime, { loss, ...outputs });
    const at = (step: number, along: ReadonlyMap<string, Float32Array>) =>
      program.run(
        new Map([
          ["image", { shape: image.shape, data: image.data as Float32Array }],
          ...[...stateDict].map(([key, tensor]) => {
            const direction = along.get(key);
            const data = toFloat32(tensor).map((value, k) => value + step * (direction?.[k] ?? 0));
            return [key, { shape: tensor.shape, data }] as const;
          }),
        ]),
      );
    const here = await at(0, new Map());
    const direction = new Map(keys.map((key) => [key, Float32Array.from(here.get(`d ${key}`) ?? [])]));
    const length = Math.hypot(...[...direction.values()].map((part) => Math.hypot(...part)));
    // Along the gradient itself the loss changes fastest; farther, kinks of ReLUs show.
    const step = 5e-5 / length;
    const ahead = (await at(step, direction)).get("loss")?.[0] ?? Number.NaN;
    const behind = (await at(-step, direction)).get("loss")?.[0] ?? Number.NaN;
    expect((ahead - behind) / (2 * step) / length ** 2).toBeCloseTo(1, 2);
    await program.dispose();
  });
});

/** Traced with the positions of its patches, or of its windows, written in. */
function takesAnySize(name: string): boolean {
  return !/^(dpt|upernet_swin)/.test(name);
}
