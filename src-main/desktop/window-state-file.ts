// Remembers the window's bounds in a small file of the program's own data folder.
import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { type WindowState, windowStateSchema } from "./window-state.ts";

/** Null at the first start, and when the file is damaged: then the default bounds do. */
export function readWindowState(path: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}

export async function writeWindowState(path: string, state: WindowState): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, JSON.stringify(state));
  await rename(temporary, path);
}
