// What is in a folder, for choosing a path where there is no native dialog.
import { readdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../../../src-shared/contract/errors.ts";
import type { FolderListing } from "../../../src-shared/contract/workbench/system.ts";

/** A list that anybody scrolls through; whoever has more types a path. */
const MAX_ENTRIES = 2000;
const IMAGE_NAME = /\.(png|jpe?g|webp|tiff?)$/i;
const CHECKPOINT_NAME = /\.(pth|pt|bin|ckpt|tar|safetensors|onnx)$/i;

type Entry = FolderListing["entries"][number];

/** Folders first, each kind in the order people count; hidden ones are left out. @throws AppError `input.*` */
export async function listFolder(path: string): Promise<FolderListing> {
  if (!isAbsolute(path))
    throw new AppError("input.option", `"${path}" is not a whole path; give one from the root on.`);
  const folder = resolve(path);
  const found = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw refusal(folder, cause);
  });
  const visible = found.filter(({ name }) => !name.startsWith("."));
  const entries = await Promise.all(
    visible.map(async (entry): Promise<Entry> => {
      const target = join(folder, entry.name);
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(target)));
      return { name: entry.name, path: target, kind: isFolder ? "folder" : kindOf(entry.name) };
    }),
  );
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const isFile = ({ kind }: Entry): number => (kind === "folder" ? 0 : 1);
  entries.sort((a, b) => isFile(a) - isFile(b) || order.compare(a.name, b.name));
  const parent = dirname(folder);
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    entries: entries.slice(0, MAX_ENTRIES),
    isCut: entries.length > MAX_ENTRIES,
  };
}

function kindOf(name: string): Entry["kind"] {
  if (IMAGE_NAME.test(name)) return "image";
  return CHECKPOINT_NAME.test(name) ? "checkpoint" : "file";
}

/** False for a link that leads nowhere. */
function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

function refusal(folder: string, cause: NodeJS.ErrnoException): AppError {
  switch (cause.code) {
    case "ENOENT":
      return new AppError("input.missing", `"${folder}" is not there; check the path.`, { cause });
    case "ENOTDIR":
      return new AppError("input.unreadable", `"${folder}" is a file, not a folder; choose the folder it is in.`, {
        cause,
      });
    case "EACCES":
    case "EPERM":
      return new AppError("input.unreadable", `The folder "${folder}" may not be read; check its permissions.`, {
        cause,
      });
    default:
      return new AppError("input.unreadable", `The folder "${folder}" could not be read (${cause.code}).`, { cause });
  }
}
