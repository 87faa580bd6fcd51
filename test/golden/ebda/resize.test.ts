// Resizing as OpenCV does it, against its recorded results: images byte for byte, labels id for id.
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeImage } from "../../../src-main/engine/images/decode-image.ts";
import { decodeLabelMap } from "../../../src-main/engine/images/decode-label-map.ts";
import {
  keepRatioSize,
  resizeBilinearOpenCv,
  resizeNearestOpenCv,
} from "../../../src-main/engine/images/resize-opencv.ts";
import { EBDA_FIXTURES } from "../../helpers/fixtures-root.ts";
import { goldenCases } from "../../helpers/golden-cases.ts";
import { countDiffering } from "../../helpers/recorded.ts";

interface PipelineCase {
  readonly resize: readonly {
    readonly input: string;
    readonly output: string;
    readonly label: string;
    readonly label_output: string;
    readonly scale_wh: readonly [number, number];
    readonly output_hw: readonly [number, number];
  }[];
}

describe.each(goldenCases<PipelineCase>(`${EBDA_FIXTURES}E-pipeline`).map((one) => [one.name, one] as const))(
  "E-pipeline %s",
  (_, { folder, json }) => {
    const cases = json.resize.map((one) => [one.input, one.output, one] as const);
    it.each(cases)("%s to %s", async (input, output, { scale_wh, output_hw, label, label_output }) => {
      const image = await decodeImage(join(folder, input));
      const [height, width] = output_hw;
      expect(keepRatioSize(image, { width: scale_wh[0], height: scale_wh[1] })).toEqual({ width, height });
      const expected = await decodeImage(join(folder, output));
      expect(countDiffering(resizeBilinearOpenCv(image, { width, height }).data, expected.data)).toBe(0);
      const labels = resizeNearestOpenCv(await decodeLabelMap(join(folder, label)), { width, height });
      expect(countDiffering(labels.data, (await decodeLabelMap(join(folder, label_output))).data)).toBe(0);
    });
  },
);
