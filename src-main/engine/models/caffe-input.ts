// The input of networks whose backbone comes from Caffe: blue, green, red on the scale of bytes, less a mean, with no deviation.
import type { Architecture, Stage } from "./architecture.ts";
import { INPUT_FORMS, toInputForm } from "./input-form.ts";

/**
 * Makes the network's input of what all networks here are given, so that whatever opens a checkpoint need not know: x is red,
 * green, blue, ImageNet-normalised. Zeros that convolutions pad with are still the mean colour.
 */
export const caffeInput: Stage = {
  name: "input",
  apply: (_scope, [x, ...others]) => [toInputForm(x, INPUT_FORMS["caffe-bgr"]), ...others],
};

/** The network from its own input on: what goes in is as `caffePixels` of `images` has it. For networks of AdaptSegNet's form. */
export function behindCaffeInput(architecture: Architecture): Architecture {
  return { ...architecture, stages: architecture.stages.filter((stage) => stage !== caffeInput) };
}
