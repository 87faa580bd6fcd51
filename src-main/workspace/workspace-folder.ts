// Where the workspace is kept unless somebody says otherwise: the system's folder for a program's data.
import { join, resolve } from "node:path";

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** @param chosen  what `--workspace` says; it wins over $ACCLIMATE_WORKSPACE, which wins over the system's folder */
export function workspaceFolder(chosen: string | undefined, { env, platform, home }: Surroundings): string {
  const given = chosen ?? env.ACCLIMATE_WORKSPACE;
  if (given !== undefined && given !== "") return resolve(given);
  switch (platform) {
    case "darwin":
      return join(home, "Library", "Application Support", "Acclimate");
    case "win32":
      return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "Acclimate");
    default:
      return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "acclimate");
  }
}
