// Starts the engine as an Electron utility process: the packaged program can't be used as a Node of its own.
import { utilityProcess } from "electron";
import { type Child, type ForkOptions, givePriority } from "../server/open-workbench.ts";

const WORDS_KEPT = 2000;

export function utilityChild({ program, name, env, priority }: ForkOptions): Child {
  const child = utilityProcess.fork(program, [], {
    serviceName: name,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.once("spawn", () => child.pid !== undefined && givePriority(child.pid, priority));
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-WORDS_KEPT);
  });
  return {
    send: (request) => child.postMessage(request),
    kill: () => child.kill(),
    onMessage: (listener) => child.on("message", listener),
    onEnd: (listener) => child.once("exit", (code) => listener(`exit code ${code}`)),
    lastWords: () => words,
  };
}
