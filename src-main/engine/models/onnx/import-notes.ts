// What is to be known of a network that was read from an ONNX file: what was assumed, and what its exporter took away.
import type { Architecture } from "../architecture.ts";
import { normLayers } from "../normalization.ts";

/** @param isInputStated  whether the file, or one beside it, says what input the network takes */
export function importNotes({ keys, normalization }: Architecture, isInputStated: boolean): string[] {
  return [
    ...(isInputStated
      ? []
      : [
          "The file does not say how its images are normalised; ImageNet's mean and deviation are taken: a file of its name " +
            'with .json behind it says otherwise, such as {"input": "0..1"}.',
        ]),
    ...(normLayers(keys.keys(), normalization).length > 0
      ? []
      : [
          "It has no batch normalisations, or its exporter folded them into the convolutions: the image's own statistics (alpha) " +
            "can't be mixed in.",
        ]),
  ];
}
