// Tells how much memory the process holds, for the status bar.
import type { Channel } from "./channel.ts";

const INTERVAL_MS = 1000;
/** Changes below this are not worth a message. */
const NOTICEABLE_BYTES = 2 ** 20;

export function reportMemory(channel: Channel): void {
  let told = 0;
  const tell = (): void => {
    const bytes = process.memoryUsage.rss();
    if (Math.abs(bytes - told) < NOTICEABLE_BYTES) return;
    told = bytes;
    channel.send({ type: "memory", bytes });
  };
  tell();
  setInterval(tell, INTERVAL_MS).unref();
}
