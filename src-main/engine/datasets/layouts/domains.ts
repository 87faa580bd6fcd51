// Folders named for domains, each with images/ and labels/, as the built-in sample has them: train ids.
import { isImageName } from "../../images/image-formats.ts";
import { type DatasetTree, joined } from "../dataset-tree.ts";
import { roleOfFolder } from "../folder-roles.ts";
import type { LayoutReader } from "../layout.ts";
import { hasImageFolder, listImageFolder } from "./image-folder.ts";

export const DOMAINS: LayoutReader = {
  id: "domains",
  name: "Folders of domains, each with images and labels",
  matches: async (tree) => {
    const names = await tree.sniff("");
    const domains = await domainsOf(tree, names);
    if (domains.length === 0 || names.some(isImageName)) return false;
    const rest = names.filter((name) => !domains.includes(name));
    const others = await Promise.all([
      ...domains.map((domain) => hasOtherLabels(tree, domain)),
      // Images that would be in no domain.
      ...rest.map(async (name) => (await tree.sniff(name)).some(isImageName)),
    ]);
    return !others.includes(true);
  },
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

/** Whether what belongs to its images is called otherwise, as by labelling tools. */
async function hasOtherLabels(tree: DatasetTree, domain: string): Promise<boolean> {
  if (await tree.hasFolder(joined(domain, "labels"))) return false;
  return (await tree.sniff(domain)).some((name) => roleOfFolder(name) === "labels");
}
