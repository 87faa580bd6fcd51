// A program in the place of the engine: what it does is said by FAKE_ENGINE, and no model is needed for it.
import type { EngineReply, EngineRequest } from "../../src-shared/contract/engine-protocol.ts";

/** See the switch below. */
export type FakeEngineMode = "works" | "diesAtStart" | "diesInTheMiddle" | "ignoresCancel" | "floods" | "talksNonsense";

const mode = process.env.FAKE_ENGINE as FakeEngineMode;
const send = (reply: EngineReply): void => {
  process.send?.(reply);
};

if (mode === "diesAtStart") {
  process.stderr.write("    at somewhere\nError: the library is not there\n", () => process.exit(7));
} else {
  process.on("message", (request: EngineRequest) => answer(request));
  process.on("disconnect", () => process.exit());
  send({ type: "ready" });
}

const waiting = new Map<number, NodeJS.Timeout>();

function answer(request: EngineRequest): void {
  const { id } = request;
  if (request.type === "cancel") {
    if (mode === "ignoresCancel") return;
    clearTimeout(waiting.get(id));
    waiting.delete(id);
    send({ type: "error", id, error: { code: "cancelled", message: "Cancelled." } });
    return;
  }
  if (request.type !== "start") return;
  // The name of the folder says what to do.
  const { root } = request.input as { root: string };
  switch (mode) {
    case "diesInTheMiddle":
      if (root === "die") {
        process.send?.({ type: "event", id, event: { type: "listed", items: [] } } satisfies EngineReply, () =>
          process.kill(process.pid, "SIGKILL"),
        );
        return;
      }
      break;
    case "floods":
      for (let k = 0; k < 2000; k += 1) send({ type: "event", id, event: { type: "listed", items: [] } });
      break;
    case "talksNonsense":
      if (root === "event") send({ type: "event", id, event: { type: "nonsense" } });
      else send({ type: "result", id, output: "nonsense" });
      return;
    default:
      break;
  }
  if (root === "wait") {
    send({ type: "event", id, event: { type: "listed", items: [] } });
    waiting.set(
      id,
      setTimeout(() => undefined, 600_000),
    );
    return;
  }
  if (root === "refuse") {
    send({ type: "error", id, error: { code: "input.missing", message: '"refuse" is not there; check the path.' } });
    return;
  }
  // Says which process it was, and how many others wait in it.
  const line = { code: "dataset.empty", message: String(process.pid), path: root, count: waiting.size, examples: [] };
  send({ type: "result", id, output: [line] });
}
