// Runs a network that was read from an ONNX file in our graph.
import { readOnnx } from "../../src-main/engine/checkpoints/onnx/read-onnx.ts";
import type { CheckpointFile } from "../../src-main/engine/checkpoints/read-file.ts";
import { toFloat32 } from "../../src-main/engine/checkpoints/state-dict.ts";
import { input } from "../../src-main/engine/graph/ops/input.ts";
import type { Shape } from "../../src-main/engine/graph/types.ts";
import { forward } from "../../src-main/engine/models/architecture.ts";
import { INPUT_FORMS } from "../../src-main/engine/models/input-form.ts";
import { GraphScope } from "../../src-main/engine/models/model-scope.ts";
import { type ImportedNetwork, importNetwork } from "../../src-main/engine/models/onnx/imported-network.ts";
import type { Runtime } from "../../src-main/engine/runtimes/runtime.ts";
import type { Tensor } from "./onnx-file.ts";
import { compileFor } from "./runtimes-under-test.ts";

export async function imported(file: CheckpointFile): Promise<ImportedNetwork> {
  return importNetwork(await readOnnx(file), file.name, INPUT_FORMS.imagenet);
}

/** What the network gives for an image that is normalised as its maker does. */
export async function importedLogits(
  runtime: Runtime,
  { architecture, stateDict }: ImportedNetwork,
  image: Tensor,
): Promise<{ shape: Shape; data: ArrayLike<number> }> {
  const scope = new GraphScope("plain", { statistics: "running" });
  const { logits } = forward(architecture, scope, input("image", image.shape));
  const program = await compileFor(runtime, { logits });
  const tensors = new Map(
    [...stateDict].map(([key, tensor]) => [key, { shape: tensor.shape, data: toFloat32(tensor) }]),
  );
  const outputs = await program.run(
    new Map([...tensors, ["image", { shape: image.shape, data: image.data as Float32Array }]]),
  );
  await program.dispose();
  return { shape: logits.shape, data: outputs.get("logits") ?? [] };
}
