// BDD100K-night: the images of BDD100K that a list names; the list comes from the authors of MGCDA.
import { parse } from "node:path";
import type { DatasetTree } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { readNameList, reportUnusedNames } from "../splits.ts";
import { findBddRelease, listBdd } from "./bdd100k.ts";

const LIST = /night.*\.txt$/i;
const LABEL_SUFFIX = /_train_id$/;

/** Source: dataset specification, 3.4. */
export const BDD100K_NIGHT: LayoutReader = {
  id: "bdd100k-night",
  name: "BDD100K-night",
  matches: async (tree) => (await findList(tree)) !== undefined && (await findBddRelease(tree)) !== null,
  list: async function* (tree) {
    const list = await findList(tree);
    if (list === undefined) {
      const describe = () =>
        `There is no list of the night images; put the MGCDA project's, a text file with "night" in its name, beside the folders.`;
      tree.report.add("dataset.splitList", "", describe, "none");
      return;
    }
    const named = (await readNameList(tree, list)).map((stem) => stem.replace(LABEL_SUFFIX, ""));
    const wanted = new Set(named);
    const found = new Set<string>();
    for await (const items of listBdd(tree)) {
      const night = items.filter(({ key }) => wanted.has(parse(key).name));
      for (const { key } of night) found.add(parse(key).name);
      yield night.map((item) => ({ ...item, tags: ["night"] }));
    }
    reportUnusedNames(tree, wanted, found);
  },
};

async function findList(tree: DatasetTree): Promise<string | undefined> {
  return (await tree.sniff("")).find((name) => LIST.test(name));
}
