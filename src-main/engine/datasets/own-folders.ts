// Folders of no known data set: finds out which files are images and which are label files, and pairs them by their names.
import type { DatasetItem } from "../../../src-shared/contract/dataset.ts";
import type { DatasetEncoding } from "../../../src-shared/labels/dataset-tables.ts";
import { isImageName, isLosslessName } from "../images/image-formats.ts";
import { hasClassList } from "./class-list.ts";
import { counted } from "./dataset-report.ts";
import { type DatasetTree, joined } from "./dataset-tree.ts";
import {
  type Folder,
  imageStemOfMask,
  isCamvidFolder,
  roleOfFolder,
  sharedName,
  splitOfFolder,
} from "./folder-roles.ts";
import { imageKey, labelKey } from "./label-file-names.ts";
import { looksLikeMask } from "./looks-like-mask.ts";
import { findPolygonFiles, type PolygonFiles } from "./own-polygons.ts";
import { imageStem, reportMissingImage, reportMissingLabel, reportSkippedFormat } from "./pair-folders.ts";
import { readNameList } from "./splits.ts";

interface LabelFile {
  readonly path: string;
  readonly encoding: DatasetEncoding;
  /** The lowest is preferred. */
  readonly rank: number;
}

export interface OwnFolderOptions {
  /** Whether folders between are domains and tags, one by one; otherwise the whole path is a tag. */
  readonly tellsDomains: boolean;
}

/** Files that are drawn already are preferred. */
const POLYGON_RANK = 3;
/** Pictures of a folder that may hold masks of another's are looked at: so many. */
const SAMPLES = 3;
/** As many folders that look alike are compared with one another. */
const MAX_ALIKE = 8;
/** Year and number, as Pascal VOC counts. */
const VOC_STEM = /^\d{4}_\d{6}$/;
const SPLIT_LISTS = ["ImageSets/Segmentation", "ImageSets"] as const;

/**
 * Folder by folder, in the order of the names. Masks are never among the images: what belongs to no image is reported.
 *
 * @throws CancelledError
 */
export async function* listOwnFolders(tree: DatasetTree, options: OwnFolderOptions): AsyncGenerator<DatasetItem[]> {
  const folders = await withMasksTold(tree, await walked(tree));
  const hasImages = folders.some(({ role, files }) => role === "images" && files.some(isImageName));
  const isMask = await masksAmongImages(tree, folders, hasImages);
  const labels = labelIndex(folders, isMask, await findPolygonFiles(tree, folders));
  const splitOf = await listedSplits(tree);
  const used = new Set<string>();
  const unlabelled: string[] = [];
  for (const folder of folders) {
    if (folder.role !== "images" && hasImages) continue;
    const items: DatasetItem[] = [];
    for (const name of folder.files) {
      const key = joined(folder.path, name);
      if (!isImageName(name)) reportSkippedFormat(tree, key);
      if (!isImageName(name) || isMask.has(key)) continue;
      const label = labels.of(folder, name);
      if (label === null) unlabelled.push(key);
      else used.add(label.path);
      items.push(itemOf(tree, folder, name, { label, options, splitOf }));
    }
    if (items.length > 0) yield items;
  }
  reportRest(tree, labels.paths, used, unlabelled);
}

async function walked(tree: DatasetTree): Promise<Folder[]> {
  const folders: Folder[] = [];
  for await (const path of tree.foldersBelow("")) {
    const parts = path === "" ? [] : path.split("/");
    // The innermost name that says something: BDD100K's seg/images/ are images.
    const role = parts.map(roleOfFolder).findLast((one) => one !== null) ?? "images";
    folders.push({ ...(await tree.read(path)), path, role, shared: joined(...parts.map(sharedName)) });
  }
  return folders;
}

/** Folders whose names say nothing, with files called as those of a folder beside: their pixels say which are masks. */
async function withMasksTold(tree: DatasetTree, folders: readonly Folder[]): Promise<Folder[]> {
  const neutral = folders.filter(
    ({ role, path, files }) => role === "images" && path !== "" && files.some(isLosslessName),
  );
  const alike = new Map<string, Folder[]>();
  for (const folder of folders.filter(({ role, files }) => role === "images" && files.some(isImageName))) {
    const parts = folder.path.split("/");
    for (let k = 0; k < parts.length; k += 1) {
      const place = parts.with(k, "*").join("/");
      alike.set(place, [...(alike.get(place) ?? []), folder]);
    }
  }
  const told = new Map<string, { readonly role: Folder["role"]; readonly shared: string }>();
  for (const [place, group] of alike) {
    if (group.length < 2 || group.length > MAX_ALIKE) continue;
    const shared = joined(...place.split("/").map((part) => (part === "*" ? "" : sharedName(part))));
    for (const folder of group) {
      if (!neutral.includes(folder) || told.has(folder.path)) continue;
      const partner = await partnerOf(tree, folder, group);
      if (partner === null) continue;
      told.set(folder.path, { role: "labels", shared });
      told.set(partner.path, { role: "images", shared });
    }
  }
  return folders.map((folder) => ({ ...folder, ...told.get(folder.path) }));
}

/** The folder whose images these are masks of. */
async function partnerOf(tree: DatasetTree, folder: Folder, group: readonly Folder[]): Promise<Folder | null> {
  const stems = byStem(folder);
  for (const other of group) {
    if (other === folder) continue;
    const common = [...byStem(other)].filter(([stem]) => stems.has(stem)).slice(0, SAMPLES);
    if (common.length === 0) continue;
    const masks = await Promise.all(
      common.map(([stem]) => looksLikeMask(tree.path(joined(folder.path, stems.get(stem) ?? "")))),
    );
    const photos = await Promise.all(common.map(([, name]) => looksLikeMask(tree.path(joined(other.path, name)))));
    if (masks.every(Boolean) && !photos.some(Boolean)) return other;
  }
  return null;
}

function byStem({ files }: Pick<Folder, "files">): Map<string, string> {
  return new Map(files.filter(isImageName).map((name) => [stemOf(name).toLowerCase(), name]));
}

function stemOf(name: string): string {
  return imageStem(name) ?? name;
}

/**
 * Paths of files that lie among images and are none: label files by their names, and masks beside images of one name. Where
 * names leave it open, a few of a folder are looked at, and all of their kind are what these are.
 */
async function masksAmongImages(
  tree: DatasetTree,
  folders: readonly Folder[],
  hasImages: boolean,
): Promise<ReadonlySet<string>> {
  const masks = new Set<string>();
  for (const folder of folders) {
    if (folder.role !== "images" && hasImages) continue;
    const { certain, twins, alone } = maskCandidates(folder);
    const open = await Promise.all(
      [twins, alone].map(async (names) => ((await areMasks(tree, folder, names)) ? names : [])),
    );
    for (const name of [certain, ...open].flat()) masks.add(joined(folder.path, name));
  }
  return masks;
}

/** Of a folder: files that are masks by their names, those called as a photograph beside, and those that may be masks alone. */
function maskCandidates({ files, role }: Folder) {
  const images = files.filter(isImageName);
  const stems = Map.groupBy(images, (name) => stemOf(name).toLowerCase());
  const [certain, twins, alone]: [string[], string[], string[]] = [[], [], []];
  for (const name of images) {
    const stem = stemOf(name);
    const ofMask = isLosslessName(name) ? imageStemOfMask(stem) : null;
    const others = stems.get(stem.toLowerCase()) ?? [];
    if (labelKey(name).kind !== "unsaid" || (ofMask !== null && stems.has(ofMask.toLowerCase()))) certain.push(name);
    else if (isLosslessName(name) && others.some((other) => !isLosslessName(other))) twins.push(name);
    else if (role !== "images" || ofMask !== null) alone.push(name);
  }
  return { certain, twins, alone };
}

async function areMasks(tree: DatasetTree, { path }: Folder, names: readonly string[]): Promise<boolean> {
  const samples = names.slice(0, SAMPLES).map((name) => looksLikeMask(tree.path(joined(path, name))));
  return samples.length > 0 && (await Promise.all(samples)).every(Boolean);
}

interface LabelIndex {
  readonly of: (folder: Folder, image: string) => LabelFile | null;
  readonly paths: readonly string[];
}

function labelIndex(folders: readonly Folder[], isMask: ReadonlySet<string>, polygons: PolygonFiles): LabelIndex {
  const byName = new Map<string, LabelFile[]>();
  const byStem = new Map<string, LabelFile[]>();
  const paths: string[] = [];
  const add = (index: Map<string, LabelFile[]>, key: string, file: LabelFile) =>
    index.set(key, [...(index.get(key) ?? []), file]);
  const isListed = listedClasses(folders);
  for (const folder of folders) {
    for (const name of folder.files) {
      const path = joined(folder.path, name);
      const isLabel = folder.role === "labels" ? isLosslessName(name) : isMask.has(path);
      if (!isLabel || folder.role === "pictures" || labelKey(name).kind === "other") continue;
      const file = labelFile(folder, name, isListed(folder.path));
      paths.push(path);
      for (const stem of labelStems(name)) {
        add(byName, joined(folder.shared, stem), file);
        add(byStem, stem, file);
      }
    }
  }
  for (const { folder, stem, path } of polygons.single) {
    add(byName, joined(folder.shared, stem), { path, encoding: "polygons", rank: POLYGON_RANK });
  }
  const best = (files: readonly LabelFile[] | undefined) =>
    files?.toSorted((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))[0] ?? null;
  const imageStems = Map.groupBy(
    folders.filter(({ role }) => role === "images").flatMap(({ files }) => files.filter(isImageName)),
    (name) => imageKey(name).toLowerCase(),
  );
  return {
    paths,
    of: (folder, image) => {
      const stem = imageKey(image).toLowerCase();
      const exact = best(byName.get(joined(folder.shared, stem)));
      if (exact !== null) return exact;
      // Elsewhere, where a name can mean one file alone.
      const anywhere = byStem.get(stem) ?? [];
      if (anywhere.length === 1 && imageStems.get(stem)?.length === 1) return anywhere[0] ?? null;
      const list = polygons.ofMany.get(image.toLowerCase());
      return list === undefined ? null : { path: list, encoding: "polygons", rank: POLYGON_RANK };
    },
  };
}

/** What the image may be called. */
function labelStems(name: string): readonly string[] {
  const { key } = labelKey(name);
  return [...new Set([key, imageStemOfMask(stemOf(name)) ?? key].map((stem) => stem.toLowerCase()))];
}

function labelFile(folder: Folder, name: string, isListed: boolean): LabelFile {
  const path = joined(folder.path, name);
  const parts = folder.path.split("/");
  const { kind } = labelKey(name);
  const isTrainIds = kind === "trainIds" || parts.some((part) => /^(?:label)?trainids?$/i.test(part));
  const rank = isTrainIds ? 0 : kind === "labelIds" ? 2 : 1;
  const encoding = (): DatasetEncoding => {
    if (isTrainIds) return "trainIds";
    if (kind === "labelIds") return /_labelids\.\w+$/.test(name) ? "iddIds" : "cityscapes";
    if (parts.some(isCamvidFolder)) return "camvid";
    if (isListed) return "named";
    const isVoc = parts.some((part) => /^segmentationclass/i.test(part)) && VOC_STEM.test(stemOf(name));
    return isVoc ? "voc" : "ownIds";
  };
  return { path, rank, encoding: encoding() };
}

/** Whether a list of classes lies in a folder, or in one that it lies in. */
function listedClasses(folders: readonly Folder[]): (path: string) => boolean {
  const listed = new Set(folders.filter(({ files }) => hasClassList(files)).map(({ path }) => path));
  return (path) => {
    const parts = path === "" ? [] : path.split("/");
    return listed.has("") || parts.some((_, depth) => listed.has(parts.slice(0, depth + 1).join("/")));
  };
}

async function listedSplits(tree: DatasetTree): Promise<ReadonlyMap<string, string>> {
  const splitOf = new Map<string, string>();
  for (const folder of SPLIT_LISTS) {
    for (const split of ["train", "val", "test"]) {
      const file = joined(folder, `${split}.txt`);
      if (!(await tree.hasFile(file))) continue;
      for (const stem of await readNameList(tree, file)) splitOf.set(stem, split);
    }
  }
  return splitOf;
}

interface ItemParts {
  readonly label: LabelFile | null;
  readonly options: OwnFolderOptions;
  readonly splitOf: ReadonlyMap<string, string>;
}

function itemOf(
  tree: DatasetTree,
  { path }: Folder,
  name: string,
  { label, options, splitOf }: ItemParts,
): DatasetItem {
  const key = joined(path, name);
  const parts = path === "" ? [] : path.split("/");
  const split = splitOf.get(stemOf(name)) ?? parts.map(splitOfFolder).find((one) => one !== null) ?? null;
  const names = parts.map((part) => (roleOfFolder(part) === null && splitOfFolder(part) === null ? part : ""));
  const domains = names.filter((part) => part !== "");
  const tags = options.tellsDomains ? domains : parts.length === 0 ? [] : [path];
  return {
    key,
    imagePath: tree.path(key),
    labelPath: label === null ? null : tree.path(label.path),
    labelEncoding: label?.encoding ?? null,
    split: options.tellsDomains || label !== null ? split : null,
    domain: options.tellsDomains ? (domains[0] ?? null) : null,
    tags,
  };
}

function reportRest(
  tree: DatasetTree,
  paths: readonly string[],
  used: ReadonlySet<string>,
  unlabelled: readonly string[],
): void {
  const strays = paths.filter((path) => !used.has(path));
  if (used.size > 0) {
    for (const path of strays) reportMissingImage(tree, path);
    for (const key of unlabelled) reportMissingLabel(tree, key);
    return;
  }
  for (const path of strays) {
    const describe = (count: number, first: string) =>
      `${counted(count, "file")} such as "${first}" ${count === 1 ? "looks" : "look"} like masks of others, ` +
      `and ${count === 1 ? "is" : "are"} left out; no image is called as they are.`;
    tree.report.add("dataset.masksLeftOut", path, describe);
  }
}
