// Runs the command line as a user does, in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../src-main/cli/main.ts", import.meta.url));

/**
 * @returns what it printed; its progress and notices go to our own stderr
 * @throws Error when it ends with another code than 0
 */
export async function acclimate(args: readonly string[]): Promise<string> {
  console.log(`acclimate ${args.join(" ")}`);
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new Error(`acclimate ${args[0]} ended with code ${code}`);
  return text;
}
