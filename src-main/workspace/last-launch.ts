// What a workspace remembers of the launch before: where its server was, and what pages of it can prove.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const launchSchema = z.object({ port: z.int().min(1).max(65_535), proofKey: z.string().min(32).max(100) });
export type Launch = z.infer<typeof launchSchema>;

/** Null at the first launch, and where the file is not to be made sense of. */
export function readLastLaunch(folder: string): Launch | null {
  try {
    return launchSchema.parse(JSON.parse(readFileSync(pathIn(folder), "utf8")));
  } catch {
    return null;
  }
}

/** For this user only. A folder that can't be written to is told of by all else that is kept in it. */
export function keepLaunch(folder: string, launch: Launch): void {
  try {
    writeFileSync(pathIn(folder), `${JSON.stringify(launch)}\n`, { mode: 0o600 });
  } catch {
    // Then pages of this launch have to be opened anew after the next.
  }
}

function pathIn(folder: string): string {
  return join(folder, "launch.json");
}
