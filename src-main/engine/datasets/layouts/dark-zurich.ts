// Dark Zurich: rgb_anon/<split>/<time of day>/<sequence>/; only the night images of val have labels.
import { joined } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { pairFolders, stemBefore } from "../pair-folders.ts";
import { SPLITS } from "../splits.ts";

const TIMES: readonly string[] = ["night", "twilight", "day"];

/** Source: dataset specification, 3.9. Its folders `val_ref` and `test_ref` are not listed. */
export const DARK_ZURICH: LayoutReader = {
  id: "dark-zurich",
  name: "Dark Zurich",
  matches: async (tree) => {
    const names = await Promise.all(SPLITS.map((split) => tree.sniff(joined("rgb_anon", split))));
    return names.flat().some((name) => TIMES.includes(name));
  },
  list: async function* (tree) {
    if (!(await tree.hasFolder("gt"))) tree.reportMissingFolder("gt", "labels");
    for (const split of SPLITS) {
      const { folders } = await tree.read(joined("rgb_anon", split));
      for (const time of TIMES.filter((known) => folders.includes(known))) {
        for (const sequence of (await tree.read(joined("rgb_anon", split, time))).folders) {
          yield* pairFolders(tree, {
            images: joined("rgb_anon", split, time, sequence),
            labels: split === "val" ? [joined("gt", split, time, sequence)] : [],
            stemOf: stemBefore("_rgb_anon"),
            suffixes: [{ suffix: "_gt_labelTrainIds.png", encoding: "trainIds" }],
            split,
            domain: time,
            tags: [time, sequence],
            isComplete: split === "val",
          });
        }
      }
    }
  },
};
