// `acclimate serve`: the workbench in a browser.
import { once } from "node:events";
import { type Command, Option } from "commander";
import { z } from "zod";
import { packageRoot } from "../../files/package-root.ts";
import type { CliContext } from "../context.ts";
import { examples, paragraphs } from "../help.ts";
import { openBrowser } from "../open-browser.ts";
import { checkedFlags, numberFrom } from "../options/flag-values.ts";

const HOSTS = ["127.0.0.1", "localhost", "::1"] as const;
const MAX_PORT = 65_535;

const flagsSchema = z.object({
  port: z
    .int("a port is a whole number")
    .min(0, "a port is 0 or more")
    .max(MAX_PORT, `a port is at most ${MAX_PORT}`)
    .default(0),
  host: z.enum(HOSTS).default("127.0.0.1"),
  workspace: z.string().min(1, "name a folder").optional(),
  open: z.boolean().default(true),
});

const ABOUT = `Opens the workbench in your browser: images, models, adaptations as they happen, comparisons, exports.

It answers to this machine only. On another machine, start it there with --port and --no-open, forward the port with
ssh -L, and open the printed address here. It ends with Ctrl-C; what was finished is kept in the workspace.`;

export function serveCommand(program: Command, context: CliContext): void {
  const command = program
    .command("serve")
    .summary("open the workbench in a browser")
    .description(paragraphs(ABOUT))
    .option("--port <n>", "where it listens (default: any free port)", numberFrom("--port"))
    .addOption(new Option("--host <name>", "which of this machine's own names").choices(HOSTS).default("127.0.0.1"))
    .option("--workspace <folder>", "where everything is remembered (default: your data folder)")
    .option("--no-open", "print the address, open no browser");
  examples(command, [
    ["acclimate serve", ""],
    ["acclimate serve --port 8017 --no-open", "then, elsewhere: ssh -L 8017:127.0.0.1:8017 MACHINE"],
  ]);
  command.action(async (values: Record<string, unknown>) => {
    const { open, ...where } = checkedFlags(flagsSchema, values);
    const { terminal, answerInterruptionWith, signal, version } = context;
    answerInterruptionWith("Closing; unfinished runs are kept as interrupted.");
    // Only this command needs a server and a database.
    const { openWorkbench } = await import("../../server/open-workbench.ts");
    const workbench = await openWorkbench({
      ...where,
      root: packageRoot(),
      version,
      log: (text) => terminal.notice(text),
    });
    try {
      terminal.print(`Acclimate is at ${workbench.url}`);
      if (open) openBrowser(workbench.url);
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await workbench.close();
    }
  });
}
