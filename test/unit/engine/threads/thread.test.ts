// Threads that are ended: whoever waits for the end hears of it, whatever answers are on the way.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../../helpers/ending-threads.ts", import.meta.url));

it.each([1, 2, 20])("a process ends as it should that ends threads with %i questions", async (questions) => {
  const run = promisify(execFile)(process.execPath, [PROGRAM, "5", String(questions)]);
  await expect(run).resolves.toMatchObject({ stdout: "ended\n" });
});
