// Folders named for domains, each with images/ and labels/, as the built-in sample has them: train ids.
import type { DatasetTree } from "../dataset-tree.ts";
import type { LayoutReader } from "../layout.ts";
import { hasImageFolder, listImageFolder } from "./image-folder.ts";

export const DOMAINS: LayoutReader = {
  id: "domains",
  name: "Folders of domains, each with images and labels",
  matches: async (tree) => (await domainsOf(tree, await tree.sniff(""))).length > 0,
  list: async function* (tree) {
    for (const domain of await domainsOf(tree, (await tree.read("")).folders)) {
      yield* listImageFolder(tree, domain, domain);
    }
  },
};

async function domainsOf(tree: DatasetTree, names: readonly string[]): Promise<string[]> {
  const isDomain = await Promise.all(names.map((name) => hasImageFolder(tree, name)));
  return names.filter((_, index) => isDomain[index]);
}
