// Runs an ONNX model once, as any other program would: to see that a model that was written is a good one.
import { InferenceSession, Tensor } from "onnxruntime-node";
import { BugError } from "../../../../src-shared/contract/errors.ts";
import type { Shape } from "../../graph/types.ts";

/**
 * The float32 output of a model with one input, computed on the processor.
 *
 * @throws BugError when ONNX Runtime refuses the model
 */
export async function runOnnxModel(
  model: Uint8Array,
  input: { readonly name: string; readonly data: Float32Array; readonly shape: Shape },
  output: string,
): Promise<Float32Array> {
  try {
    const session = await InferenceSession.create(model, { executionProviders: ["cpu"], logSeverityLevel: 3 });
    try {
      const results = await session.run({ [input.name]: new Tensor("float32", input.data, [...input.shape]) });
      const data = results[output]?.data;
      if (data instanceof Float32Array) return data;
      throw new Error(`it computes no "${output}"`);
    } finally {
      await session.release();
    }
  } catch (cause) {
    throw new BugError(`ONNX Runtime refuses a model that was written: ${String(cause)}`, { cause });
  }
}
