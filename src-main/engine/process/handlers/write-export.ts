// Writes the files of an export.
import { writeExport as write } from "../exports/write-export.ts";
import type { Handler } from "../handler.ts";

export const writeExport: Handler<"writeExport"> = async (job, { signal, tell }) => {
  await write(job, { signal, onFile: tell });
  return null;
};
