// Entry of an engine process: answers commands until the process that started it has gone.
import { discardUnfinishedFiles } from "../../files/write-file-atomically.ts";
import { parentChannel } from "./channel.ts";
import { createHandlers } from "./handlers/index.ts";
import { reportMemory } from "./report-memory.ts";
import { serveCommands } from "./serve-commands.ts";

const channel = parentChannel();
channel.onClose(() => {
  discardUnfinishedFiles();
  process.exit();
});
// Ctrl-C in a terminal reaches all processes of the group; this one ends with the one that started it.
process.on("SIGINT", () => undefined);
serveCommands(channel, createHandlers());
reportMemory(channel);
