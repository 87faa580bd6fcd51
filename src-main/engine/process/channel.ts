// The way to the process that started this one: Node's, or Electron's for its utility processes.

import type { EngineReply } from "../../../src-shared/contract/engine-protocol.ts";
import { BugError } from "../../../src-shared/contract/errors.ts";

export interface Channel {
  send(reply: EngineReply): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The other side has gone. */
  onClose(listener: () => void): void;
}

/** What Electron gives to a utility process, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** @throws BugError when nobody started this process with a channel */
export function parentChannel(): Channel {
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  if (parentPort !== undefined) {
    return {
      send: (reply) => parentPort.postMessage(reply),
      onMessage: (listener) => parentPort.on("message", ({ data }) => listener(data)),
      onClose: () => undefined, // Electron ends its utility processes with itself
    };
  }
  if (process.send === undefined) throw new BugError("the engine process was started without a channel");
  return {
    // Whoever does not listen any more has gone; `disconnect` tells it.
    send: (reply) => process.send?.(reply, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on("message", listener),
    onClose: (listener) => process.on("disconnect", listener),
  };
}
