// Nighttime Driving: 50 test images, leftImg8bit/test/night/ with gtCoarse_daytime_trainvaltest/test/night/.

import type { LayoutReader } from "../layout.ts";
import { stemBefore } from "../pair-folders.ts";
import { listCityFolders } from "./city-folders.ts";

const LABELS = "gtCoarse_daytime_trainvaltest";

/** Source: dataset specification, 3.10. */
export const NIGHTTIME_DRIVING: LayoutReader = {
  id: "nighttime-driving",
  name: "Nighttime Driving",
  matches: async (tree) => (await tree.hasFolder(LABELS)) || (await tree.hasFolder("leftImg8bit/test/night")),
  list: (tree) =>
    listCityFolders(tree, {
      images: "leftImg8bit",
      labels: LABELS,
      stemOf: stemBefore("_leftImg8bit"),
      suffixes: [{ suffix: "_gtCoarse_labelTrainIds.png", encoding: "trainIds" }],
      tags: () => [],
      isLabelled: () => true,
      isComplete: true,
    }),
};
